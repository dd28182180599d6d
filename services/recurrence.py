"""When a care plan's item recurs: RFC 5545 in local days, with Chinese holidays; pure.

A rule says days; the times of a day stand in the item's windows. What is wrong is named by its part.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from dateutil.rrule import rrule, rrulestr

from core.clock import local_date
from core.errors import Invalid
from dispatch.fields import wrong
from services import holidays_cn

Holiday = Literal["as_usual", "skip", "before", "after"]
HOLIDAYS: tuple[Holiday, ...] = ("as_usual", "skip", "before", "after")
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_LONGEST = 300
_MOST_DAYS = 366 * 5
_MARGIN = timedelta(days=20)
_NUMBER = r"[+-]?\d{1,3}"
_PARTS = {
    "FREQ": "|".join(FREQUENCIES),
    "INTERVAL": r"[1-9]\d{0,2}",
    "COUNT": r"[1-9]\d{0,3}",
    "UNTIL": r"\d{8}(T\d{6}Z?)?",
    "BYDAY": r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)",
    "BYMONTHDAY": _NUMBER,
    "BYYEARDAY": _NUMBER,
    "BYWEEKNO": _NUMBER,
    "BYMONTH": r"([1-9]|1[0-2])",
    "BYSETPOS": _NUMBER,
    "WKST": "MO|TU|WE|TH|FR|SA|SU",
}
_LISTS = ("BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYMONTH", "BYSETPOS")
_OF_DAY = ("BYHOUR", "BYMINUTE", "BYSECOND")


@dataclass(frozen=True, slots=True)
class Rule:
    """Days on which something recurs; `starts_on` is DTSTART, from which intervals count."""

    rrule: str
    starts_on: date
    ends_on: date | None = None
    except_on: tuple[date, ...] = ()
    also_on: tuple[date, ...] = ()
    holiday: Holiday = "as_usual"
    working_days_only: bool = False


def parts(text: str) -> dict[str, str]:
    """Read `FREQ=WEEKLY;BYDAY=TU,TH` into its parts; raise Invalid that names the wrong part."""
    bare = text.strip().upper().removeprefix("RRULE:")
    if not bare or len(bare) > _LONGEST:
        raise wrong("rrule", "rrule", "say how often, for example FREQ=WEEKLY;BYDAY=TU,TH")
    found: dict[str, str] = {}
    for piece in bare.rstrip(";").split(";"):
        name, _, value = piece.partition("=")
        if name in found:
            raise _bad(name, "rrule_twice", f"{name} stands twice")
        found[name] = _checked(name, value)
    if "FREQ" not in found:
        raise _bad("FREQ", "rrule_missing", "FREQ is missing")
    if {"COUNT", "UNTIL"} <= found.keys():
        raise _bad("COUNT", "rrule_both", "COUNT and UNTIL exclude each other")
    return found


def _checked(name: str, value: str) -> str:
    if name in _OF_DAY:
        raise _bad(name, "rrule_time", f"{name}: times of the day stand in the windows")
    pattern = _PARTS.get(name)
    if pattern is None:
        raise _bad(name, "rrule_unknown", f"{name or 'an empty part'} is no part of a rule")
    values = value.split(",") if name in _LISTS else [value]
    for one in values:
        if not re.fullmatch(pattern, one):
            raise _bad(name, "rrule_value", f"{name}: {one or 'nothing'} cannot be", one)
    return value


def _bad(part: str, code: str, words: str, value: str = "") -> Invalid:
    named = {"field": "rrule", "code": code, "message": words, "part": part[:20], "value": value[:20]}
    return Invalid(f"rrule: {words}", [named])


def check(rule: Rule) -> None:
    """Raise Invalid naming the part that cannot be: the rule's text, its order of days, its exceptions."""
    found = parts(rule.rrule)
    if rule.ends_on and rule.ends_on < rule.starts_on:
        raise wrong("ends_on", "before_start", "ends before it starts")
    if rule.holiday not in HOLIDAYS:
        raise wrong("holiday", "unknown", f"one of {', '.join(HOLIDAYS)}")
    for name, days in (("except_on", rule.except_on), ("also_on", rule.also_on)):
        if any(day < rule.starts_on for day in days):
            raise wrong(name, "before_start", f"a day before {rule.starts_on}")
    try:
        _compiled(found, rule.starts_on, rule.starts_on + timedelta(days=7))
    except (ValueError, TypeError, IndexError) as error:
        raise _bad("BYSETPOS" if "BYSETPOS" in found else "FREQ", "rrule_value", str(error)) from error
    if not rule.also_on and next(iter(_raw(rule, rule.starts_on + timedelta(days=_MOST_DAYS))), None) is None:
        raise wrong("rrule", "rrule_never", "this never happens")


def days(rule: Rule, first: date, last: date) -> list[date]:
    """Return the days from `first` to `last` on which it happens, each once, in order."""
    end = min(last, rule.ends_on) if rule.ends_on else last
    begin = max(first, rule.starts_on)
    planned = [day for day in _raw(rule, end + _MARGIN) if day >= begin - _MARGIN]
    moved = {other for day in planned if (other := _placed(rule, day))}
    return sorted(day for day in moved | set(rule.also_on) if begin <= day <= end)


def _raw(rule: Rule, last: date) -> Iterable[date]:
    """Return the rule's own days until `last`, without exceptions and before holidays move them."""
    if last < rule.starts_on:
        return []
    found = parts(rule.rrule)
    upto = min(last, rule.ends_on) if rule.ends_on else last
    every = [at.date() for at in _compiled(found, rule.starts_on, upto)]
    if "COUNT" in found:
        every = every[: int(found["COUNT"])]
    return [day for day in every if day not in rule.except_on]


def _compiled(found: dict[str, str], starts_on: date, last: date) -> rrule:
    """Compile the rule so that it ends: COUNT is counted by us, as a rule that never happens has no end."""
    until = min(last, _until(found["UNTIL"])) if "UNTIL" in found else last
    text = ";".join(f"{name}={value}" for name, value in found.items() if name not in {"COUNT", "UNTIL"})
    stop = f"{text};UNTIL={until:%Y%m%d}T000000"
    made = rrulestr(stop, dtstart=datetime(starts_on.year, starts_on.month, starts_on.day))  # noqa: DTZ001 - days
    assert isinstance(made, rrule)  # noqa: S101 - one RRULE gives one rule
    return made


def _until(text: str) -> date:
    try:
        if text.endswith("Z"):
            return local_date(datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC))
        return datetime.strptime(text[:8], "%Y%m%d").date()  # noqa: DTZ007 - a day
    except ValueError as error:
        raise _bad("UNTIL", "rrule_value", f"UNTIL: {text} is no day", text) from error


def _placed(rule: Rule, day: date) -> date | None:
    """Return where a planned day goes when it is a holiday (or no working day), None: it is left out."""
    working = rule.working_days_only
    is_free = not holidays_cn.is_working_day(day) if working else holidays_cn.is_holiday(day)
    if not is_free or (rule.holiday == "as_usual" and not working):
        return day
    if rule.holiday in {"skip", "as_usual"}:
        return None
    return holidays_cn.nearest(day, -1 if rule.holiday == "before" else 1, working_only=working)
