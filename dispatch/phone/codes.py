"""The home's code of the minute: six digits to be spoken, or a token to be shown and scanned. Pure.

Both hang on a secret of the home and on the minute; what comes later, from a phone that had no network, is
judged by its stated time.
"""

import base64
import binascii
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from uuid import UUID

STEP = timedelta(seconds=60)
"""So long one code holds."""
SLACK = 1
"""Steps before and after that are accepted: clocks differ, and people type slowly."""
DIGITS = 6
VALID, INVALID, EXPIRED, OTHER_HOME = "valid", "invalid", "expired", "other_home"
_ID, _STEP, _SIGNATURE = 16, 4, 16
SIZE = _ID + _STEP + _SIGNATURE


def step_of(at: datetime) -> int:
    """Return the number of the minute."""
    return int(at.timestamp() // STEP.total_seconds())


def begins(step: int) -> datetime:
    """Return when a step begins."""
    return datetime.fromtimestamp(step * STEP.total_seconds(), UTC)


def digits(secret: bytes, at: datetime) -> str:
    """Return the six digits of an instant, as RFC 4226 cuts them."""
    return _digits(secret, step_of(at))


def check_digits(secret: bytes, said: str, at: datetime) -> str:
    """Judge six digits by the instant at which they were heard."""
    here = step_of(at)
    given = said.strip()
    near = (_digits(secret, step) for step in range(here - SLACK, here + SLACK + 1))
    matches = [hmac.compare_digest(given.encode(), one.encode()) for one in near]
    return VALID if any(matches) else INVALID


def token(home: UUID, secret: bytes, at: datetime) -> str:
    """Return what the home's display shows as a QR code in this minute."""
    step = step_of(at)
    raw = home.bytes + step.to_bytes(_STEP) + _sign(secret, step)
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def check_token(home: UUID, secret: bytes, shown: str, at: datetime) -> str:
    """Judge a scanned token by the instant at which it was scanned."""
    raw = _raw(shown)
    if raw is None:
        return INVALID
    if raw[:_ID] != home.bytes:
        return OTHER_HOME
    step = int.from_bytes(raw[_ID : _ID + _STEP])
    if not hmac.compare_digest(raw[_ID + _STEP :], _sign(secret, step)):
        return INVALID
    return VALID if abs(step - step_of(at)) <= SLACK else EXPIRED


def home_of(shown: str) -> UUID | None:
    """Return the home that a token of ours names, or None; whether it is valid only `check_token` says."""
    raw = _raw(shown)
    return UUID(bytes=raw[:_ID]) if raw else None


def _digits(secret: bytes, step: int) -> str:
    mac = hmac.digest(secret, b"digits" + step.to_bytes(8, signed=True), hashlib.sha256)
    start = mac[-1] & 0x0F
    number = int.from_bytes(mac[start : start + 4]) & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def _sign(secret: bytes, step: int) -> bytes:
    return hmac.digest(secret, b"token" + step.to_bytes(8, signed=True), hashlib.sha256)[:_SIGNATURE]


def _raw(shown: str) -> bytes | None:
    text = shown.strip().rpartition("/")[2]
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return None
    return raw if len(raw) == SIZE else None
