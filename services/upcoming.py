"""The next days on which a line of a care plan happens; pure."""

from datetime import date, timedelta

from services import holidays_cn, recurrence
from services.recurrence import Rule

_REACH = timedelta(days=400)


def days(rule: Rule, first: date, most: int = 10, last: date | None = None) -> list[date]:
    """Return the next days from a day on, at most so many, within about a year."""
    end = min(first + _REACH, last) if last else first + _REACH
    return recurrence.days(rule, first, end)[:most]


def not_announced(found: list[date]) -> list[int]:
    """Return the years among these days whose holidays are not announced yet: days may still move."""
    return sorted({day.year for day in found if not holidays_cn.is_announced(day.year)})
