"""What the roster's forms say: local days and clock times; an end before its beginning is the next day's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from core.clock import at_local, local
from core.ids import parse_id
from dispatch import fields
from dispatch.roster import times
from dispatch.roster.weeks import Laid

_CLOCK_LENGTH = 5
Given = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody has said to what stood in the way."""

    is_agreed: bool
    is_confirmed: bool


def word(given: Given) -> Word:
    """Read whether broken rules are agreed to, and lost visits have been seen."""
    return Word(given.get("is_agreed") == "yes", given.get("is_confirmed") == "yes")


def day(given: Given, name: str) -> date:
    """Read a day; raise Invalid that names the field."""
    try:
        found = date.fromisoformat(given.get(name, ""))
    except ValueError as error:
        raise fields.wrong(name, "date", "a day as YYYY-MM-DD") from error
    if not 1900 < found.year < 2200:  # noqa: PLR2004 - what a calendar of ours can hold
        raise fields.wrong(name, "date", "a day of ours")
    return found


def clock(given: Given, name: str) -> str:
    """Read a clock time; raise Invalid that names the field."""
    text = given.get(name, "")[:_CLOCK_LENGTH]
    try:
        datetime.strptime(text, "%H:%M")  # noqa: DTZ007 - a clock time has no zone
    except ValueError as error:
        raise fields.wrong(name, "clock", "a time as HH:MM") from error
    return text


def identity(given: Given, name: str) -> UUID:
    """Read an id; raise Invalid that names the field."""
    found = parse_id(given.get(name, ""))
    if found is None:
        raise fields.wrong(name, "missing", "one of the list")
    return found


def shift(given: Given) -> Laid:
    """Read a shift: caregiver, day, from, to, and a break if there is one."""
    caregiver, on = identity(given, "caregiver"), day(given, "on")
    starts, ends = clock(given, "starts"), clock(given, "ends")
    if not (given.get("break_minutes") or "0").isdecimal():
        raise fields.wrong("break_minutes", "not_a_number", "minutes")
    minutes = int(given.get("break_minutes") or 0)
    if not minutes:
        return times.shift(caregiver, on, starts, ends)
    rest = (clock(given, "break_from"), clock(given, "break_to"), minutes)
    return times.shift(caregiver, on, starts, ends, rest)


def span(given: Given) -> tuple[datetime, datetime]:
    """Read leave: from a day and time to a day and time; without times, whole days."""
    since, until = day(given, "from_on"), day(given, "to_on")
    starts = at_local(since, clock(given, "from_at") if given.get("from_at") else "00:00")
    if given.get("to_at"):
        return starts, at_local(until, clock(given, "to_at"))
    return starts, at_local(until + timedelta(days=1), "00:00")


def moved(row: Mapping[str, Any], caregiver: UUID, on: date) -> Laid:
    """Return a shift on another day, or another person's, at the same clock times."""
    by = on - local(row["starts_at"]).date()
    since, until = row["break_from"], row["break_to"]
    rest = (since + by if since else None, until + by if until else None, row["break_minutes"])
    return Laid(caregiver, row["starts_at"] + by, row["ends_at"] + by, *rest)


def as_form(row: Mapping[str, Any]) -> dict[str, str]:
    """Write a shift as its form has it."""
    starts, ends = local(row["starts_at"]), local(row["ends_at"])
    told = {
        "caregiver": str(row["caregiver_id"]),
        "on": starts.date().isoformat(),
        "starts": f"{starts:%H:%M}",
        "ends": f"{ends:%H:%M}",
        "break_minutes": str(row["break_minutes"] or ""),
    }
    for name in ("break_from", "break_to"):
        told[name] = f"{local(row[name]):%H:%M}" if row[name] else ""
    return told
