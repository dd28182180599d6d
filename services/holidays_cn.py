"""Chinese public holidays with their days in lieu, and the weekends that are worked for them; pure.

What the State Council has not announced yet is only the law's own days: `is_announced` says so.
"""

from datetime import date, timedelta
from functools import cache

import holidays

_SATURDAY = 5
_LONGEST = 20
"""Days after which a search for a day that is none gives up; the longest holiday has nine."""


@cache
def _china() -> holidays.HolidayBase:
    return holidays.country_holidays("CN", expand=True)


def is_holiday(day: date) -> bool:
    """Say whether a day is a public holiday, a day off in lieu, or a weekend between such days."""
    return day in _china() or (_is_weekend(day) and _reaches(day, -1) and _reaches(day, 1))


def _is_weekend(day: date) -> bool:
    return day.weekday() >= _SATURDAY and day not in _china().weekend_workdays


def _reaches(day: date, step: int) -> bool:
    """Say whether a holiday lies beside a day, with nothing but its weekend between them."""
    other = day + timedelta(days=step)
    if _is_weekend(other) and other not in _china():
        other += timedelta(days=step)
    return other in _china()


def is_working_day(day: date) -> bool:
    """Say whether people work: neither holiday nor weekend, or a weekend that is worked in lieu."""
    china = _china()
    if day in china:
        return False
    return day.weekday() < _SATURDAY or day in china.weekend_workdays


def is_announced(year: int) -> bool:
    """Say whether the year's days in lieu are known to the calendar."""
    known = _china()
    _ = date(year, 1, 1) in known  # the calendar is filled year by year, when a year is asked for
    return any(day.year == year for day in known.weekend_workdays)


def name(day: date) -> str | None:
    """Return the holiday's English name, or None."""
    found: str | None = _china().get(day)
    return found


def nearest(day: date, step: int, *, working_only: bool) -> date | None:
    """Return the nearest day before (-1) or after (1) that is free of holidays, or None within reach."""
    for n in range(1, _LONGEST):
        other = day + timedelta(days=step * n)
        if is_working_day(other) if working_only else not is_holiday(other):
            return other
    return None
