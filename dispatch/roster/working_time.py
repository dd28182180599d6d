"""Rules of working time: what a roster breaks, in codes and numbers; pure.

Defaults are settings of the district: eight hours a day and 44 a week (Labour Law of the PRC, article 36),
one day off a week (article 38). Rest between two shifts is no rule of that law; 11 hours are usual (M).
A break does not count as work. A shift belongs to the local day on which it begins.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from core.clock import local_date

Breach = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a person may work at most, and must rest at least."""

    day_hours: float = 8.0
    week_hours: float = 44.0
    rest_hours: float = 11.0
    days_in_a_row: int = 6

    def with_own(self, own: Mapping[str, Any]) -> "Limits":
        """Return the limits with a caregiver's own in their place."""
        known = {one.name for one in fields(self)}
        return replace(self, **{name: value for name, value in own.items() if name in known})


@dataclass(frozen=True, slots=True)
class Duty:
    """A shift of one person; `shift_id` None: not there yet."""

    shift_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    break_minutes: int = 0

    @property
    def hours(self) -> float:
        """The hours that count as work."""
        return (self.ends_at - self.starts_at) / timedelta(hours=1) - self.break_minutes / 60

    @property
    def on(self) -> date:
        """The local day to which it belongs."""
        return local_date(self.starts_at)


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def hours_of_week(duties: Iterable[Duty], monday: date) -> float:
    """Return the hours of work of a week."""
    return sum(one.hours for one in duties if monday_of(one.on) == monday)


def breaches(limits: Limits, duties: Sequence[Duty]) -> list[Breach]:
    """Return every rule that one person's shifts break, in the order of time."""
    ordered = sorted(duties, key=lambda one: one.starts_at)
    return [
        *_overlaps(ordered),
        *_long_days(limits, ordered),
        *_long_weeks(limits, ordered),
        *_short_rests(limits, ordered),
        *_long_rows(limits, ordered),
    ]


def new_breaches(limits: Limits, before: Sequence[Duty], after: Sequence[Duty]) -> list[Breach]:
    """Return what a change breaks that was not broken as badly before it."""
    known = breaches(limits, before)
    return [one for one in breaches(limits, after) if one not in known]


def _overlaps(ordered: Sequence[Duty]) -> list[Breach]:
    return [
        {"code": "overlap", "on": two.on.isoformat(), "from": _iso(two.starts_at), "until": _iso(one.ends_at)}
        for one, two in pairwise(ordered)
        if two.starts_at < one.ends_at
    ]


def _long_days(limits: Limits, ordered: Sequence[Duty]) -> list[Breach]:
    hours: dict[date, float] = {}
    for one in ordered:
        hours[one.on] = hours.get(one.on, 0.0) + one.hours
    return [
        {"code": "long_day", "on": on.isoformat(), "hours": round(worked, 1), "limit": limits.day_hours}
        for on, worked in hours.items()
        if worked > limits.day_hours
    ]


def _long_weeks(limits: Limits, ordered: Sequence[Duty]) -> list[Breach]:
    found = []
    for monday in sorted({monday_of(one.on) for one in ordered}):
        hours = hours_of_week(ordered, monday)
        if hours > limits.week_hours:
            figures = {"hours": round(hours, 1), "limit": limits.week_hours}
            found.append({"code": "long_week", "on": monday.isoformat(), **figures})
    return found


def _short_rests(limits: Limits, ordered: Sequence[Duty]) -> list[Breach]:
    """Find rests between the work of two days that are too short; a divided day is one day's work."""
    found = []
    for one, two in pairwise(ordered):
        hours = (two.starts_at - one.ends_at) / timedelta(hours=1)
        if one.on != two.on and 0 <= hours < limits.rest_hours:
            figures = {"hours": round(hours, 1), "limit": limits.rest_hours}
            found.append({"code": "short_rest", "on": two.on.isoformat(), **figures})
    return found


def _long_rows(limits: Limits, ordered: Sequence[Duty]) -> list[Breach]:
    rows: list[list[date]] = []
    for day in sorted({one.on for one in ordered}):
        if rows and day - rows[-1][-1] == timedelta(days=1):
            rows[-1].append(day)
        else:
            rows.append([day])
    return [
        {"code": "days_in_a_row", "on": row[0].isoformat(), "days": len(row), "limit": limits.days_in_a_row}
        for row in rows
        if len(row) > limits.days_in_a_row
    ]


def _iso(at: datetime) -> str:
    return at.isoformat()
