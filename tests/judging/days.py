"""What really happened: each caregiver's working days, home after home, with the ways between."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from tests.judging.places import Carer, County, Elder, at, kilometres


@dataclass
class Job:
    """One visit: the truth (from when to when somebody was there, or nobody) and the paper about it."""

    carer: Carer
    elder: Elder
    service: str
    minutes: int
    planned: datetime
    came: tuple[datetime, datetime] | None
    paper: dict[str, Any] = field(default_factory=dict)
    kinds: list[str] = field(default_factory=list)
    alters_bed: str = ""  # "occupied": the elder lay in bed all the time


def work(dice: random.Random, county: County) -> list[Job]:
    """Let everybody work through the month."""
    jobs: list[Job] = []
    for offset in range(county.days):
        day = county.first + timedelta(days=offset)
        busy: set[str] = set()
        for carer in county.carers:
            rests = 0.85 if day.isoweekday() == 7 else 0.12
            if dice.random() >= rests:
                jobs.extend(_day(dice, county, carer, day, busy))
    return jobs


def _day(dice: random.Random, county: County, carer: Carer, day: date, busy: set[str]) -> Iterator[Job]:
    """Go round: the next home is one of the nearer ones; nobody is visited twice a day."""
    clock = at(day, dice.uniform(7.7, 8.7))
    last: Elder | None = None
    for _ in range(dice.choice((2, 3, 4, 4, 5))):
        free = [one for one in county.elders[carer.town] if one.number not in busy and one.is_there(day)]
        if not free:
            return
        elder = _next(dice, last, free)
        busy.add(elder.number)
        if last is not None:
            clock += _way(dice, last, elder, carer)
        service, minutes = dice.choice(elder.wants)
        planned = clock + timedelta(minutes=dice.gauss(0, 7))
        leaves = clock + timedelta(minutes=minutes * dice.triangular(0.82, 1.3, 1.0))
        yield Job(carer, elder, service, minutes, planned, (clock, leaves))
        clock, last = leaves, elder
        if dice.random() < 0.25:
            clock += timedelta(minutes=dice.uniform(25, 80))


def _next(dice: random.Random, last: Elder | None, free: list[Elder]) -> Elder:
    if last is None:
        return dice.choice(free)
    home = last.home
    return dice.choice(sorted(free, key=lambda one: kilometres(home, one.home))[:6])


def _way(dice: random.Random, last: Elder, elder: Elder, carer: Carer) -> timedelta:
    hours = kilometres(last.home, elder.home) * 1.35 / carer.speed
    return timedelta(hours=hours, minutes=dice.uniform(1, 12))
