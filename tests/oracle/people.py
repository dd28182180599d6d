"""Random people and visits: grades that change within a month, deaths, absences, gaps, late visits."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction

from tests.oracle.shapes import Person, Span, Visit

GRADES = ("intact", "mild", "moderate", "severe", "total")
SERVICES = ("meal", "bath", "clean", "walk", "medical", "emergency")


def people(seed: int, count: int, first: date, last: date, prices: dict[str, int]) -> Iterator[Person]:
    """Give so many people with visits between two days; the same seed gives the same people."""
    dice = random.Random(seed)  # noqa: S311 - reproducible cases, no secrets
    visits = 0
    for number in range(count):
        person = Person(number)
        person.grades = _grades(dice, first, last)
        person.enrolled = _enrolled(dice, first, last)
        if dice.random() < 0.06:
            person.died = _day(dice, first, last)
        if dice.random() < 0.2:
            begins = _day(dice, first, last)
            person.absences = [Span(begins, begins + timedelta(days=dice.randrange(30)), "hospital")]
        for _ in range(dice.choice((0, 1, 3, 8, 14, 25))):
            visits += 1
            person.visits.append(_visit(dice, visits, first, last, prices))
        yield person


def _grades(dice: random.Random, first: date, last: date) -> list[Span]:
    """One to four grades, one after the other; at times the first begins late or the last is over."""
    begins = first - timedelta(days=dice.randrange(400)) if dice.random() < 0.95 else _day(dice, first, last)
    cuts = sorted({_day(dice, first, last) for _ in range(dice.choice((0, 0, 1, 1, 2, 3)))})
    starts = [begins, *(day for day in cuts if day > begins)]
    ends = [*(day - timedelta(days=1) for day in starts[1:]), None]
    spans = [Span(start, end, dice.choice(GRADES)) for start, end in zip(starts, ends, strict=True)]
    if dice.random() < 0.04:
        spans[-1].last = spans[-1].first + timedelta(days=dice.randrange(40))
    return spans


def _enrolled(dice: random.Random, first: date, last: date) -> list[Span]:
    chance = dice.random()
    if chance < 0.8:
        return [Span(first - timedelta(days=200), None, "")]
    if chance < 0.9:
        return [Span(_day(dice, first, last), None, "")]
    if chance < 0.97:
        middle = _day(dice, first, last)
        return [Span(first - timedelta(days=9), middle, ""), Span(middle + timedelta(days=12), None, "")]
    return []


def _visit(dice: random.Random, number: int, first: date, last: date, prices: dict[str, int]) -> Visit:
    """One visit at any minute, also the first and the last of a day; some fall on the same minute."""
    day = _day(dice, first, last)
    if dice.random() < 0.15:
        day = day.replace(day=1)
    minute = dice.choice((0, 1_439, 540, 540, dice.randrange(1_440), dice.randrange(1_440)))
    service = dice.choice(SERVICES)
    units = Fraction(1) if dice.random() < 0.6 else Fraction(dice.randrange(1, 400), 100)
    began = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)  # noqa: DTZ001 - the wall clock
    return Visit(number, began, service, units, prices[service])


def _day(dice: random.Random, first: date, last: date) -> date:
    return first + timedelta(days=dice.randrange((last - first).days + 1))
