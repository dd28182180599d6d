"""A visit dragged to somebody else or another time: said what it breaks, done if a manager wants it so."""

from datetime import datetime, timedelta
from uuid import UUID

from core import districts
from core.accounts import Person
from core.clock import local_date
from core.db import Conn, Row
from core.errors import NotFound
from dispatch import visit_rows
from dispatch.geo import distance_km, travel_minutes
from dispatch.planning import applying, breaches, facts
from dispatch.planning.changes import Change, Decided
from dispatch.planning.shapes import Asked, DayFacts, Reason
from dispatch.roster.fitness import CaregiverFacts

Breach = Reason


async def preview(
    conn: Conn,
    visit_id: UUID,
    caregiver_id: UUID,
    starts_at: datetime,
    now: datetime,
    *,
    provider_id: UUID | None = None,
) -> list[Breach]:
    """Return what it would break if this caregiver began this visit then; empty: nothing."""
    row = await visit_rows.find(conn, visit_id)
    one, known, person = await _read(conn, row, (caregiver_id, provider_id), starts_at, now)
    return _breaches(known, one, person, starts_at)


async def move(
    conn: Conn,
    visit_id: UUID,
    caregiver_id: UUID,
    starts_at: datetime,
    by: Person,
    now: datetime,
    *,
    provider_id: UUID | None = None,
) -> Row:
    """Give a visit to a caregiver at a time, and pin it there; what it breaks is kept with it."""
    await applying.hold_people(conn, [caregiver_id], [visit_id])
    row = await visit_rows.lock(conn, visit_id)
    one, known, person = await _read(conn, row, (caregiver_id, provider_id), starts_at, now)
    found = _breaches(known, one, person, starts_at)
    lead = {"caregiver_id": str(caregiver_id), "name": person.name, "code": "by_hand", "by": by.name}
    why = {"chosen": lead, "considered": [lead], "breaches": found}
    people = (caregiver_id, *(who for who in one.people[1:] if who != caregiver_id))
    ends_at = starts_at + timedelta(minutes=one.minutes)
    verb = "offer" if one.state == "wanted" else "retime" if one.caregiver_id == caregiver_id else "hand_over"
    change = Change(one, verb, people, starts_at, ends_at, why)
    settings = await districts.settings(conn, by.district_id)
    decided = Decided([change], [], [])
    await applying.apply(conn, known, decided, settings, by, now, is_pinned=True)
    return await visit_rows.find(conn, visit_id)


async def unpin(conn: Conn, visit_id: UUID, by: Person, now: datetime) -> Row:
    """Let the planner have a visit again."""
    row = await visit_rows.lock(conn, visit_id)
    await applying.unpin(conn, row, by, now)
    return await visit_rows.find(conn, visit_id)


async def _read(
    conn: Conn, row: Row, whose: tuple[UUID, UUID | None], starts_at: datetime, now: datetime
) -> tuple[Asked, DayFacts, CaregiverFacts]:
    on = local_date(starts_at)
    one = await facts.find(conn, row["id"], on)
    known = await facts.read(conn, row["district_id"], on, now, about=one)
    caregiver_id, provider_id = whose
    person = next((each for each in known.caregivers if each.caregiver_id == caregiver_id), None)
    if person is None or provider_id not in {None, person.provider_id}:
        raise NotFound(f"no caregiver {caregiver_id}")
    return one, known, person


def _breaches(known: DayFacts, one: Asked, person: CaregiverFacts, starts_at: datetime) -> list[Breach]:
    def legs(here: Asked, there: Asked) -> float:
        km = distance_km(here.lat, here.lon, there.lat, there.lon)
        return travel_minutes(km, person.speed_kmh, known.manner.travel_factor) if km else 0.0

    return breaches.find(known, one, person, starts_at, legs)
