"""Weeks of a roster: the shifts that a weekly pattern lays, the same week again, China's holidays; pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Literal
from uuid import UUID

import holidays

from core.clock import at_local

Day = Literal["holiday", "workday", "weekend", "day"]
"""What a day is in China: off, a weekend day on which one works instead, a weekend, an ordinary day."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A weekly pattern: on these weekdays (1 Monday), from this local time, so many minutes."""

    pattern_id: UUID
    caregiver_id: UUID
    weekdays: frozenset[int]
    starts: time
    minutes: int
    valid_from: date
    valid_to: date | None = None
    break_after: int | None = None
    break_before: int | None = None
    break_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Laid:
    """A shift to lay."""

    caregiver_id: UUID
    starts_at: datetime
    ends_at: datetime
    break_from: datetime | None = None
    break_to: datetime | None = None
    break_minutes: int = 0
    origin: str | None = None


def lay(patterns: Iterable[Pattern], first: date, last: date) -> list[Laid]:
    """Return the shifts that patterns lay from the first to the last day, by start."""
    shifts = [_laid(one, day) for one in patterns for day in days(first, last) if _is_on(one, day)]
    return sorted(shifts, key=lambda one: (one.starts_at, one.caregiver_id))


def days(first: date, last: date) -> Iterator[date]:
    """Give every day from the first to the last."""
    return (first + timedelta(days=nth) for nth in range((last - first).days + 1))


def _is_on(one: Pattern, day: date) -> bool:
    in_force = one.valid_from <= day and (one.valid_to is None or day <= one.valid_to)
    return in_force and day.isoweekday() in one.weekdays


def _laid(one: Pattern, day: date) -> Laid:
    starts_at = at_local(day, f"{one.starts:%H:%M}")
    rest: tuple[datetime | None, datetime | None] = (None, None)
    if one.break_after is not None and one.break_before is not None:
        rest = (starts_at + _m(one.break_after), starts_at + _m(one.break_before))
    ends_at = starts_at + _m(one.minutes)
    return Laid(one.caregiver_id, starts_at, ends_at, *rest, one.break_minutes, f"pattern:{one.pattern_id}")


def _m(minutes: int) -> timedelta:
    return timedelta(minutes=minutes)


def again(shifts: Sequence[Laid], by: timedelta) -> list[Laid]:
    """Return the same shifts so much later, laid by hand."""
    return [
        Laid(
            one.caregiver_id,
            one.starts_at + by,
            one.ends_at + by,
            one.break_from + by if one.break_from else None,
            one.break_to + by if one.break_to else None,
            one.break_minutes,
        )
        for one in shifts
    ]


def kind_of(day: date) -> Day:
    """Say what a day is in China."""
    calendar = _china("zh_CN")
    if calendar.is_working_day(day):
        return "day" if day.isoweekday() < 6 else "workday"  # noqa: PLR2004 - Saturday
    return "holiday" if day in calendar else "weekend"


def holiday_of(day: date, language: str) -> str | None:
    """Name the holiday of a day, None if there is none; its language is one of ours."""
    name: str | None = _china("zh_CN" if language.startswith("zh") else "en_US").get(day)
    return name


@cache
def _china(language: str) -> holidays.HolidayBase:
    return holidays.country_holidays("CN", language=language)
