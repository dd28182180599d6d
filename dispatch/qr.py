"""The code at the home: a signed token of the home in a link, so that any phone's camera can read it.

Paper is a weak witness: it can be photographed. What a display shows, or somebody at home reads out, changes
every minute (`phone.codes`): a strong one. A new `qr_secret` of the home voids what was printed or shown.
"""

import base64
import binascii
import hmac
from datetime import datetime
from uuid import UUID

from core.crypto import Keys
from core.db import Row
from dispatch.phone import codes

PURPOSE, ROTATING_PURPOSE = "home-qr", "home-code"
PATH = "/q/"
_ID, _SIGNATURE = 16, 16

VALID, INVALID, OTHER_HOME, EXPIRED = "valid", "invalid", "other_home", "expired"
PRINTED, ROTATING, SPOKEN = "printed", "rotating", "spoken"
"""What kind of code it was: paper is weak, the other two are strong."""


def code_for(keys: Keys, home: Row, base_url: str) -> str:
    """Return the link to print for a home ({id, qr_secret})."""
    return f"{base_url.rstrip('/')}{PATH}{token_for(keys, home)}"


def token_for(keys: Keys, home: Row) -> str:
    """Return the signed token of a home."""
    identity: UUID = home["id"]
    return base64.urlsafe_b64encode(identity.bytes + _sign(keys, home)).decode().rstrip("=")


def shown_for(keys: Keys, home: Row, base_url: str, now: datetime) -> tuple[str, str]:
    """Return the link that a display in the home shows in this minute, and the six digits to be read out."""
    secret = secret_of(keys, home)
    link = f"{base_url.rstrip('/')}{PATH}{codes.token(home['id'], secret, now)}"
    return link, codes.digits(secret, now)


def secret_of(keys: Keys, home: Row) -> bytes:
    """Return what the home's changing codes hang on; it never leaves the server."""
    identity: UUID = home["id"]
    return keys.sign(ROTATING_PURPOSE, identity.bytes + home["qr_secret"])


def kind_of(scanned: str) -> str:
    """Say whether a scanned code is of a display; everything else is taken for paper."""
    return ROTATING if codes.home_of(scanned) else PRINTED


def check(keys: Keys, scanned: str, home: Row, at: datetime) -> str:
    """Say what was scanned at a home: its valid code, another home's, an old one, or none of ours."""
    if codes.home_of(scanned):
        return codes.check_token(home["id"], secret_of(keys, home), scanned, at)
    raw = _raw(scanned)
    if raw is None:
        return INVALID
    if raw[:_ID] != home["id"].bytes:
        return OTHER_HOME
    return VALID if hmac.compare_digest(raw[_ID:], _sign(keys, home)) else INVALID


def home_of(scanned: str) -> UUID | None:
    """Return the home that a scanned code names; whether it is valid only `check` can say."""
    raw = _raw(scanned)
    return UUID(bytes=raw[:_ID]) if raw else codes.home_of(scanned)


def _raw(scanned: str) -> bytes | None:
    token = scanned.strip().rpartition("/")[2]
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        return None
    return raw if len(raw) == _ID + _SIGNATURE else None


def _sign(keys: Keys, home: Row) -> bytes:
    return keys.sign(PURPOSE, home["id"].bytes + home["qr_secret"])[:_SIGNATURE]
