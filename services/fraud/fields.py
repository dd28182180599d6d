"""Reading a field of a month's file: what is missing is not known, what is wrong is named. Pure."""

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

_LONGEST = 100
_YEARS = (1900, 2200)
Row = Mapping[str, Any]


class Wrong(Exception):  # noqa: N818 - a line is wrong, nothing broke
    """A line that cannot be used: the field and why."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field, self.reason = field, reason


def text(row: Row, name: str) -> str | None:
    """Return a text of 1 to 100 characters; numbers are taken as ids too."""
    value = row.get(name)
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST:
        raise Wrong(name, "text_expected")
    return value


def needed(row: Row, name: str) -> str:
    """Return a text that must be there."""
    value = text(row, name)
    if value is None:
        raise Wrong(name, "missing")
    return value


def number(row: Row, name: str, least: float = 0.0, most: float = 1e9) -> float | None:
    """Return a number within [least, most]."""
    value = row.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise Wrong(name, "number_expected")
    if not least <= value <= most:
        raise Wrong(name, "out_of_range")
    return float(value)


def yes(row: Row, name: str, *, default: bool) -> bool:
    """Return true or false."""
    value = row.get(name)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise Wrong(name, "true_or_false_expected")
    return value


def moment(row: Row, name: str, zone: ZoneInfo) -> datetime | None:
    """Return a time; one without an offset is local."""
    value = row.get(name)
    if value is None:
        return None
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise Wrong(name, "time_expected") from error
    if not _YEARS[0] <= at.year <= _YEARS[1]:
        raise Wrong(name, "out_of_range")
    return at if at.tzinfo else at.replace(tzinfo=zone)


def day(row: Row, name: str) -> date | None:
    """Return a date."""
    value = row.get(name)
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise Wrong(name, "date_expected") from error


def place(row: Row) -> tuple[float, float] | None:
    """Return (lat, lon) if both are there."""
    lat, lon = number(row, "lat", -90, 90), number(row, "lon", -180, 180)
    return None if lat is None or lon is None else (lat, lon)


def rows(row: Row, name: str) -> Sequence[Row]:
    """Return a list of objects."""
    value = row.get(name)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise Wrong(name, "list_expected")
    return value


def inner(row: Row, name: str) -> Row | None:
    """Return an object."""
    value = row.get(name)
    if value is not None and not isinstance(value, dict):
        raise Wrong(name, "object_expected")
    return value


def money(row: Row, name: str) -> Decimal | None:
    """Return an amount in yuan, a string or a number."""
    value = row.get(name)
    if value is None:
        return None
    try:
        amount = Decimal(str(value)).quantize(Decimal("0.01"))
    except InvalidOperation as error:
        raise Wrong(name, "amount_expected") from error
    if not 0 <= amount < Decimal(10**10):
        raise Wrong(name, "out_of_range")
    return amount


def bits(row: Row, name: str) -> int | None:
    """Return a perceptual hash of up to 16 hexadecimal digits."""
    value = text(row, name)
    if value is None:
        return None
    try:
        found = int(value, 16)
    except ValueError as error:
        raise Wrong(name, "hexadecimal_expected") from error
    if not 0 <= found < 1 << 64:
        raise Wrong(name, "out_of_range")
    return found
