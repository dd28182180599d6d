"""What platforms' messages have in common beside `reading`: ids, tables in tables, late moments; pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from devices.codecs import reading
from devices.messages import Rejected, check_text

LATE = timedelta(minutes=10)
"""What is older than the newest of the same message by more is history."""
LONGEST_ADDRESS = 300
_OLDEST = timedelta(days=730)
_NANOS, _PER_NANO = 1e17, 1e9


def instant(value: object) -> tuple[datetime | None, bool]:
    """Read a clock as `reading` does, and also digits in a text and nanoseconds."""
    number = reading.number(value)
    if number is None:
        return reading.instant(value.strip() if isinstance(value, str) else value)
    return reading.instant(number / _PER_NANO if number > _NANOS else number)


def is_late(at: datetime | None, newest: datetime | None, received_at: datetime) -> bool:
    """Say whether one of several moments in a message is history, on a clock that may be believed."""
    if at is None or newest is None:
        return False
    return newest - at > LATE and received_at - at < _OLDEST


def table_in(found: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return an object inside an object; absent is empty."""
    inner = found.get(name)
    if inner is None:
        return {}
    if not isinstance(inner, dict):
        raise Rejected("wrong_type", name)
    return inner


def id_of(value: object, name: str) -> str:
    """Return an id that is a text or a number."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Rejected("missing_field" if value is None else "wrong_type", name)
    return check_text(str(value).strip(), LONGEST_ADDRESS, name)
