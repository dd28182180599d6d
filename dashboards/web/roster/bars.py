"""Where a week's shifts and leave stand, in hundredths of its width; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from core.clock import at_local
from dispatch.roster import weeks

DAYS = 7


@dataclass(frozen=True, slots=True)
class Bar:
    """A piece of the week: where it begins and how wide it is (percent), and whether it goes on outside."""

    row: Mapping[str, Any]
    x: float
    width: float
    goes_on: bool
    began_before: bool
    rest_x: float = 0.0
    rest_width: float = 0.0


@dataclass(frozen=True, slots=True)
class Head:
    """A day of the week: what it is in China, its holiday's name, whether it is today."""

    on: date
    kind: str
    holiday: str | None
    is_today: bool
    x: float


def heads(first: date, today: date, language: str) -> list[Head]:
    """Return the seven days."""
    return [
        Head(day, weeks.kind_of(day), weeks.holiday_of(day, language), day == today, _percent(nth, DAYS))
        for nth, day in enumerate(weeks.days(first, first + timedelta(days=DAYS - 1)))
    ]


def bars(rows: Iterable[Mapping[str, Any]], first: date) -> list[Bar]:
    """Return the pieces of rows {starts_at, ends_at, break…} that lie in the week."""
    since, until = at_local(first, "00:00"), at_local(first + timedelta(days=DAYS), "00:00")
    return [_bar(row, since, until) for row in rows if row["starts_at"] < until and row["ends_at"] > since]


def _bar(row: Mapping[str, Any], since: datetime, until: datetime) -> Bar:
    x, end = _place(row["starts_at"], since, until), _place(row["ends_at"], since, until)
    rest = (0.0, 0.0)
    if row.get("break_from"):
        middle = row["break_from"] + (row["break_to"] - row["break_from"]) / 2
        half = timedelta(minutes=row["break_minutes"]) / 2
        begins, ends = _place(middle - half, since, until), _place(middle + half, since, until)
        rest = (begins, round(ends - begins, 3))
    outside = (row["ends_at"] > until, row["starts_at"] < since)
    return Bar(row, x, round(end - x, 3), *outside, *rest)


def _place(at: datetime, since: datetime, until: datetime) -> float:
    inside = min(max(at, since), until)
    return _percent((inside - since).total_seconds(), (until - since).total_seconds())


def _percent(part: float, whole: float) -> float:
    return round(100 * part / whole, 3)
