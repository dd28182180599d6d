"""The code at the home: a signed token of the home in a link, so that any phone's camera can read it.

Paper is a weak witness: it can be photographed. A new `qr_secret` of the home voids what was printed before.
"""

import base64
import binascii
import hmac
from uuid import UUID

from core.crypto import Keys
from core.db import Row

PURPOSE = "home-qr"
PATH = "/q/"
_ID, _SIGNATURE = 16, 16

VALID, INVALID, OTHER_HOME = "valid", "invalid", "other_home"


def code_for(keys: Keys, home: Row, base_url: str) -> str:
    """Return the link to print for a home ({id, qr_secret})."""
    return f"{base_url.rstrip('/')}{PATH}{token_for(keys, home)}"


def token_for(keys: Keys, home: Row) -> str:
    """Return the signed token of a home."""
    identity: UUID = home["id"]
    return base64.urlsafe_b64encode(identity.bytes + _sign(keys, home)).decode().rstrip("=")


def check(keys: Keys, scanned: str, home: Row) -> str:
    """Say what was scanned at a home: its valid code, another home's, or none of ours."""
    raw = _raw(scanned)
    if raw is None:
        return INVALID
    if raw[:_ID] != home["id"].bytes:
        return OTHER_HOME
    return VALID if hmac.compare_digest(raw[_ID:], _sign(keys, home)) else INVALID


def home_of(scanned: str) -> UUID | None:
    """Return the home that a scanned code names; whether it is valid only `check` can say."""
    raw = _raw(scanned)
    return UUID(bytes=raw[:_ID]) if raw else None


def _raw(scanned: str) -> bytes | None:
    token = scanned.strip().rpartition("/")[2]
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        return None
    return raw if len(raw) == _ID + _SIGNATURE else None


def _sign(keys: Keys, home: Row) -> bytes:
    return keys.sign(PURPOSE, home["id"].bytes + home["qr_secret"])[:_SIGNATURE]
