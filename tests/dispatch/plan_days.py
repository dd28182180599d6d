"""Days for the planner's tests: facts made by hand, without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from core.ids import new_id
from dispatch.planning.days import points, speeds
from dispatch.planning.shapes import Asked, DayFacts
from dispatch.roster.fitness import CaregiverFacts, Shift, Span
from dispatch.travel.ways import Point, circle_km

ON = date(2026, 11, 23)
MIDNIGHT = datetime(2026, 11, 22, 16, tzinfo=UTC)
"""Of Monday in Shanghai."""
EVENING = MIDNIGHT - timedelta(hours=4)
PROVIDER = new_id()
SKILLS = frozenset({"care", "bath", "medical"})
LAT, LON = 37.886, 118.526
KM = 1 / 111.195
"""Degrees north."""


def at(clock: str) -> datetime:
    """Return an instant of the day; hours may run beyond 24."""
    hours, minutes = clock.split(":")
    return MIDNIGHT + timedelta(hours=int(hours), minutes=int(minutes))


def span(since: str, until: str) -> Span:
    return Span(at(since), at(until))


def carer(name: str = "carer", hours: tuple[str, str] = ("8:00", "18:00"), **given: Any) -> CaregiverFacts:
    shift = Shift(at(hours[0]), at(hours[1]), new_id())
    row: dict[str, Any] = {"gender": "female", "skills": SKILLS, "shifts": (shift,), "lat": LAT, "lon": LON}
    return CaregiverFacts(caregiver_id=new_id(), name=name, provider_id=PROVIDER, **{**row, **given})


def visit(since: str = "9:00", until: str = "11:00", *, km: float = 1.0, **given: Any) -> Asked:
    row: dict[str, Any] = {
        "visit_id": new_id(),
        "elder_id": new_id(),
        "service": "clean",
        "skill": "care",
        "priority": 3,
        "state": "wanted",
        "minutes": 60,
        "staff": 1,
        "windows": (span(since, until),),
        "lat": LAT + km * KM,
        "lon": LON,
    }
    return Asked(**{**row, **given})


def given_to(one: Asked, who: CaregiverFacts, start: str, **given: Any) -> Asked:
    """Return a visit that somebody has accepted and everybody has been told of."""
    begins = at(start)
    told: dict[str, Any] = {"state": "accepted", "promised_at": EVENING, "planned_start": begins}
    ends = begins + timedelta(minutes=one.minutes)
    return replace(one, **{**told, "caregiver_id": who.caregiver_id, "planned_end": ends, **given})


def day(visits: list[Asked], caregivers: list[CaregiverFacts], **given: Any) -> DayFacts:
    row: dict[str, Any] = {"on": ON, "midnight": MIDNIGHT, "now": EVENING, **given}
    return DayFacts(visits=tuple(visits), caregivers=tuple(caregivers), **row)


def travel(facts: DayFacts) -> dict[float, NDArray[np.float64]]:
    places = [Point(*place) for place in points(facts)]
    km = circle_km(places) * 1.35
    return {speed: np.where(km > 0, km / speed * 60 + 2, 0.0) for speed in speeds(facts)}


def named(items: Any) -> dict[UUID, tuple[UUID | None, ...]]:
    """Return who is with each visit."""
    found: dict[UUID, tuple[UUID | None, ...]] = {}
    for item in items:
        found[item.visit_id] = (*found.get(item.visit_id, ()), item.caregiver_id)
    return found
