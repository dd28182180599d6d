"""Codes of a few digits that are kept nowhere: made anew from a row's id and the installation's key."""

import hmac
from uuid import UUID

from core.crypto import Keys


def make(keys: Keys, purpose: str, identity: UUID, turn: int, digits: int) -> str:
    """Return the code of a row; another turn is another code, and who reads the database learns none.

    HMAC-SHA256 of (id, turn) under the signing key, which lies outside the database, as in RFC 4226 (HOTP).
    """
    mac = keys.sign(f"code {purpose}", identity.bytes + turn.to_bytes(4, "big"))
    return str(int.from_bytes(mac, "big") % 10**digits).zfill(digits)


def fits(keys: Keys, purpose: str, identity: UUID, turn: int, given: str, digits: int) -> bool:
    """Say, in a time that does not depend on it, whether somebody gave a row's code (blanks are left out)."""
    wanted = make(keys, purpose, identity, turn, digits)
    return hmac.compare_digest(wanted.encode(), "".join(given.split()).encode())
