"""Routes for the pure tests: minutes from noon, kilometres to the north, at 60 km/h."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from dispatch.online.book import Book, Stop, minute
from dispatch.online.places import Places
from dispatch.online.repair import Call
from dispatch.online.ways import KM_PER_DEGREE
from dispatch.roster.fitness import CaregiverFacts, Shift, Span, VisitFacts

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
ZERO = minute(NOON)
ELDER = UUID(int=900)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def lat(km: float) -> float:
    return 37.0 + km / KM_PER_DEGREE


def carer(
    nth: int, km: float = 0.0, shift: tuple[float, float] = (-120, 360), **given: Any
) -> CaregiverFacts:
    row: dict[str, Any] = {
        "caregiver_id": UUID(int=nth),
        "name": f"carer {nth}",
        "provider_id": UUID(int=77),
        "gender": "female",
        "skills": frozenset({"care", "emergency"}),
        "shifts": (Shift(at(shift[0]), at(shift[1]), UUID(int=nth)),),
        "lat": lat(km),
        "lon": 118.0,
        "speed_kmh": 60.0,
    }
    return CaregiverFacts(**{**row, **given})


def stop(
    nth: int,
    whose: int,
    begins: float,
    *,
    km: float = 0.0,
    slack: float = 30.0,
    minutes: float = 30.0,
    **given: Any,
) -> Stop:
    """Make a promised visit that is planned at `begins` and may be `slack` later."""
    span = Span(at(begins), at(begins + slack))
    facts = VisitFacts(UUID(int=100 + nth), "clean", "care", int(minutes), (span,), ELDER)
    row: dict[str, Any] = {
        "facts": facts,
        "carer_id": UUID(int=whose),
        "state": "accepted",
        "priority": 3,
        "lat": lat(km),
        "lon": 118.0,
        "minutes": minutes,
        "windows": ((ZERO + begins, ZERO + begins + slack),),
        "planned": ZERO + begins,
        "is_promised": True,
    }
    return Stop(**{**row, **given})


def book(*people: CaregiverFacts, stops: tuple[Stop, ...] = ()) -> Places:
    found = Book(1.0)
    found.set_people(people)
    for one in stops:
        found.add(one)
    return Places(found)


def call(km: float = 0.0, minutes: float = 30.0, *, may_interrupt: bool = False) -> Call:
    return Call(lat(km), 118.0, minutes, NOON.date(), may_interrupt)
