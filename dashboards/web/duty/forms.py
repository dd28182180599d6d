"""What the forms of the call centre's rota say: local days and clock times; an early end is tomorrow."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from fastapi import Request

from core.clock import at_local, local
from core.ids import parse_id
from dashboards.web.roster.forms import clock, day
from dispatch import fields
from dispatch.centre.rota import Wanted

Given = dict[str, str]
_MOST_FIELDS = 60


async def given_of(request: Request) -> Given:
    """Return the form's texts."""
    form = await request.form(max_fields=_MOST_FIELDS)
    return {name: value for name, value in form.items() if isinstance(value, str)}


async def weekdays_of(request: Request) -> list[int]:
    """Return the ticked days of the week."""
    form = await request.form(max_fields=_MOST_FIELDS)
    ticked = [value for value in form.getlist("weekdays") if isinstance(value, str)]
    return sorted({int(one) for one in ticked if one in set("1234567")})


def account(given: Mapping[str, str], name: str) -> UUID:
    """Read somebody; raise Invalid that names the field."""
    found = parse_id(given.get(name, ""))
    if found is None:
        raise fields.wrong(name, "missing", "one of the list")
    return found


def somebody(given: Mapping[str, str], name: str) -> UUID | None:
    """Read somebody or nobody."""
    return account(given, name) if given.get(name) else None


def times(on: date, starts: str, ends: str) -> tuple[datetime, datetime]:
    """Return from when to when; an end that is not after the beginning is on the next day."""
    first, last = at_local(on, starts), at_local(on, ends)
    return first, last if last > first else at_local(on + timedelta(days=1), ends)


def shift(given: Mapping[str, str]) -> Wanted:
    """Read a shift."""
    whose = account(given, "account")
    span = times(day(given, "on"), clock(given, "starts"), clock(given, "ends"))
    return Wanted(whose, given.get("role", ""), *span)


def minutes(given: Mapping[str, str]) -> int:
    """Return how long a pattern's shift lasts."""
    first, last = times(date(2026, 1, 1), clock(given, "starts"), clock(given, "ends"))
    return int((last - first) / timedelta(minutes=1))


def span(given: Mapping[str, str]) -> tuple[datetime, datetime]:
    """Read from a day and time to a day and time; without times, whole days."""
    since, until = day(given, "from_on"), day(given, "to_on")
    starts = at_local(since, clock(given, "from_at") if given.get("from_at") else "00:00")
    if given.get("to_at"):
        return starts, at_local(until, clock(given, "to_at"))
    return starts, at_local(until + timedelta(days=1), "00:00")


def moved(row: Mapping[str, Any], whose: UUID, on: date) -> Wanted:
    """Return a shift on another day, or another person's, at the same clock times."""
    by = on - local(row["starts_at"]).date()
    return Wanted(whose, row["role"], row["starts_at"] + by, row["ends_at"] + by)


def as_form(row: Mapping[str, Any]) -> dict[str, str]:
    """Write a shift as its form has it."""
    starts, ends = local(row["starts_at"]), local(row["ends_at"])
    return {
        "account": str(row["account_id"]),
        "role": row["role"],
        "on": starts.date().isoformat(),
        "starts": f"{starts:%H:%M}",
        "ends": f"{ends:%H:%M}",
    }
