"""What allowances pay: slow, day by day, written from the manual's page on schemes and the files alone.

"For every day of the month: eligible, enrolled, not suspended, and at what rate? Whole months at one rate are
that rate. Otherwise: sum of rate x days, divided by the days of the month, rounded half-up once." A year's
rate is a twelfth a month, rounded, in December the rest. What no random case needs is left out.
"""

import calendar
import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

from tests.oracle.shapes import Span, fen, half_up


@dataclass
class Case:
    """Somebody by dated words: `facts` by kind; a stay away is a Span whose word is its kind."""

    born: date
    died: date | None
    facts: dict[str, list[Span]]
    enrolled: list[Span]
    away: list[Span]


def read(path: Path) -> dict[str, Any]:
    """Read the scheme's file as anybody would."""
    return tomllib.loads(path.read_text())


def pays(scheme: dict[str, Any], case: Case, year: int, month: int) -> int:
    """Return what the month comes to, in fen."""
    last = calendar.monthrange(year, month)[1]
    days = [date(year, month, number) for number in range(1, last + 1)]
    rates = [_month_rate(scheme, _rate(scheme, case, day), month) for day in days]
    right = [
        _has_right(scheme, case, day) and rate is not None for day, rate in zip(days, rates, strict=True)
    ]
    right = _after_death(scheme, case, days, right, rates)
    proration = {"start": "month", "end": "day", "change": "month", **scheme.get("proration", {})}
    held = [rate if is_right else None for rate, is_right in zip(rates, right, strict=True)]
    _begin(held, right, _had(scheme, case, days[0] - timedelta(days=1)), proration["start"])
    if proration["end"] == "month" and any(one is not None for one in held):
        _fill_end(held)
    paid = [one for one in held if one is not None]
    if not paid:
        return 0
    if proration["change"] == "month":
        held = [max(paid) if one is not None else None for one in held]
    away = [None if _is_suspended(scheme, case, day) else one for day, one in zip(days, held, strict=True)]
    if len({*away}) == 1 and away[0] is not None:
        return away[0]
    return half_up(Fraction(sum(one for one in away if one is not None), last))


def _begin(held: list[int | None], right: list[bool], had: bool, rule: str) -> None:  # noqa: FBT001 - one of three states
    """Treat a month in which the right begins: in full, by days, or not at all."""
    if had or right[0] or not any(right) or rule == "day":
        return
    first = right.index(True)
    for number in range(first):
        held[number] = held[first] if rule == "month" else None
    if rule == "next_month":
        held[:] = [None] * len(held)


def _fill_end(held: list[int | None]) -> None:
    last = max(number for number, one in enumerate(held) if one is not None)
    for number in range(last + 1, len(held)):
        held[number] = held[last]


def _after_death(
    scheme: dict[str, Any], case: Case, days: list[date], right: list[bool], rates: list[int | None]
) -> list[bool]:
    """Go on after a death until the month's end, unless the scheme says: that day."""
    rule = scheme.get("stops", {}).get("death", "month")
    died = case.died
    if died is None or rule == "day" or died < days[0] or not _had(scheme, case, died):
        return right
    number = min(died.day, len(days)) - 1 if died <= days[-1] else None
    if number is None:
        return right
    for later in range(number + 1, len(days)):
        rates[later] = rates[number]
        right[later] = right[number]
    return right


def _had(scheme: dict[str, Any], case: Case, day: date) -> bool:
    return _has_right(scheme, case, day) and _rate(scheme, case, day) is not None


def _has_right(scheme: dict[str, Any], case: Case, day: date) -> bool:
    if day < scheme["effective_from"] or day > scheme.get("effective_to", date.max):
        return False
    if case.died is not None and day > case.died:
        return False
    if not any(span.has(day) for span in case.enrolled):
        return False
    who = scheme.get("who", {})
    age = _age(case.born, day)
    if not who.get("age_from", 0) <= age <= who.get("age_to", 999):
        return False
    wanted = who.get("assistance")
    return not wanted or any(
        span.has(day) and span.word in wanted for span in case.facts.get("assistance", [])
    )


def _rate(scheme: dict[str, Any], case: Case, day: date) -> int | None:
    for line in scheme.get("amounts", []):
        if _fits(line, scheme, case, day):
            return fen(line["amount"])
    return None


def _fits(line: dict[str, Any], scheme: dict[str, Any], case: Case, day: date) -> bool:
    asked = {"grades": f"grade:{scheme.get('scale')}", "certificate": "grade:disability_certificate"}
    asked |= {kind: kind for kind in ("assistance", "residence", "place")}
    for field, kind in asked.items():
        if field in line and not any(
            one.has(day) and one.word in line[field] for one in case.facts.get(kind, [])
        ):
            return False
    return bool(line.get("age_from", 0) <= _age(case.born, day) <= line.get("age_to", 999))


def _month_rate(scheme: dict[str, Any], rate: int | None, month: int) -> int | None:
    if rate is None or scheme.get("period", "month") == "month":
        return rate
    twelfth = half_up(Fraction(rate, 12))
    return rate - 11 * twelfth if month == 12 else twelfth


def _is_suspended(scheme: dict[str, Any], case: Case, day: date) -> bool:
    for span in case.away:
        paid = scheme.get("suspension", {}).get(span.word)
        if paid is not None:
            first = span.first + timedelta(days=1 + paid)
            if first <= day and (span.last is None or day < span.last):
                return True
    return False


def _age(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
