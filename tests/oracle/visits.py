"""What visits cost under a scheme of monthly quotas: slow, day by day, written from the scheme's text alone.

DESIGN 2: subsidy = min(price x units, rest of the quota), the grade is the one in force on the day, a grade
without a rate takes the rate of the district's setting. DOMAIN 3: so much "a person and month" by grade.
The dead are not visited (DOMAIN 6); who was not enrolled on the day has no quota.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.oracle.shapes import Line, Person, Visit, fen, half_up


@dataclass
class Rules:
    """What the file of a scheme says, in fen."""

    first: date
    last: date | None
    services: list[str]
    rates: dict[str, int]
    asks_district: bool


def read(path: Path) -> Rules:
    """Read the scheme's file as anybody would."""
    text = tomllib.loads(path.read_text())
    rates = {grade: fen(amount) for grade, amount in text["rates"].items()}
    return Rules(
        text["effective_from"],
        text.get("effective_to"),
        text["services"],
        rates,
        text["no_rate"] == "district",
    )


def price(person: Person, rules: Rules, fallback: str) -> dict[int, Line]:
    """Return a line for each visit: months one after the other, within a month as the visits began."""
    lines: dict[int, Line] = {}
    months = sorted({(visit.began.year, visit.began.month) for visit in person.visits})
    for month in months:
        spent = 0
        for visit in sorted(person.visits, key=lambda one: (one.began, one.number)):
            if (visit.began.year, visit.began.month) == month:
                line = _line(person, visit, rules, fallback, spent)
                lines[visit.number] = line
                spent += line.subsidy
    return lines


def _line(person: Person, visit: Visit, rules: Rules, fallback: str, spent: int) -> Line:
    day = visit.began.date()
    refused = _refusal(person, visit, rules, day)
    if refused is not None:
        return Line(0, 0, 0, refused)
    quota = _quota(person, day, rules, fallback)
    if quota is None:
        return Line(0, 0, 0, "no_rate")
    amount = half_up(visit.units * visit.price)
    left = quota - spent if quota > spent else 0
    subsidy = min(left, amount)
    return Line(amount, subsidy, amount - subsidy)


def _refusal(person: Person, visit: Visit, rules: Rules, day: date) -> str | None:
    if (
        day < rules.first
        or (rules.last is not None and day > rules.last)
        or visit.service not in rules.services
    ):
        return "no_scheme"
    if not any(span.has(day) for span in person.enrolled):
        return "not_enrolled"
    if person.died is not None and day > person.died:
        return "dead"
    if not any(span.has(day) for span in person.grades):
        return "no_grade"
    return None


def _quota(person: Person, day: date, rules: Rules, fallback: str) -> int | None:
    grade = [span.word for span in person.grades if span.has(day)][-1]
    if grade in rules.rates:
        return rules.rates[grade]
    return rules.rates.get(fallback) if rules.asks_district else None
