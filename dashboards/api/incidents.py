"""Incidents: the people of a building or community that lost power or network together."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from core.db import Row
from dashboards import words
from dashboards.api.case_shapes import Ending
from dashboards.api.shapes import CENTRE, Code, Given, Note, Page, Paged, Shape, shape_of
from dashboards.auth import Guarded, Scope, allow
from dispatch import cases, incidents

router = APIRouter(prefix="/api/v1/incidents", tags=["incidents"], route_class=Guarded)
Readers = Annotated[Scope, allow(*CENTRE, "clerk", "auditor", "approver")]
Centre = Annotated[Scope, allow(*CENTRE)]


class Incident(Shape):
    """One incident; its id is that of the technical case that carries its timeline."""

    id: UUID
    type: str
    says: str
    cause: str
    scope: str
    severity: int
    state: str
    opened_at: datetime
    last_alarm_at: datetime
    community: str | None
    lat: float
    lon: float
    people: int
    people_without: int
    claimed_by: UUID | None
    claimed_by_name: str | None
    claimed_at: datetime | None
    closed_at: datetime | None
    outcome: str | None


class Member(Shape):
    """One of its people; without `restored_at` still without cover."""

    elder_id: UUID
    elder_name: str
    home_id: UUID
    care_bed_id: UUID | None
    lat: float
    lon: float
    community: str | None
    grade: str | None
    lives_alone: bool
    joined_at: datetime
    restored_at: datetime | None
    called_at: datetime | None
    called_by_name: str | None
    call_result: str | None


class Whole(Incident):
    """An incident with its people: without cover first, then by grade, who lives alone, age."""

    members: list[Member]


class Contact(Given):
    """A call to one of its people."""

    elder_id: UUID
    result: Code
    to: Code = "elder"
    note: Note | None = None


class Some(Given):
    """Technical cases."""

    case_ids: Annotated[list[UUID], Field(min_length=1, max_length=1000)]


class Acknowledged(Shape):
    """How many cases one has now that nobody had."""

    claimed: int


def _facts(scope: Scope, row: Row) -> dict[str, object]:
    return {
        **row,
        "says": words.word(scope.language, "alarms", row["type"]),
        "cause": row["incident_cause"],
        "scope": row["incident_scope"],
        "lat": row["incident_lat"],
        "lon": row["incident_lon"],
    }


async def _whole(scope: Scope, incident_id: UUID) -> Whole:
    row = await incidents.find(scope.conn, incident_id)
    members = [shape_of(Member, one) for one in await incidents.members(scope.conn, incident_id)]
    return shape_of(Whole, {**_facts(scope, row), "members": members})


@router.get("")
async def list_(scope: Readers, paged: Paged, *, open: bool = False) -> Page[Incident]:  # noqa: A002 - its name outside
    """List incidents, newest first; `open=true` lists what is not closed."""
    rows = await incidents.list_(scope.conn, after=paged.after, limit=paged.ask, is_open=open)
    return paged.page([_facts(scope, row) for row in rows], Incident)


@router.get("/{incident_id}")
async def find(incident_id: UUID, scope: Readers) -> Whole:
    """Show one incident with its people."""
    return await _whole(scope, incident_id)


@router.post("/acknowledge")
async def acknowledge(given: Some, scope: Centre) -> Acknowledged:
    """Claim those of some technical cases that nobody has."""
    claimed = await incidents.acknowledge(scope.conn, given.case_ids, scope.person, scope.now)
    return Acknowledged(claimed=claimed)


@router.post("/{incident_id}/claim")
async def claim(incident_id: UUID, scope: Centre) -> Acknowledged:
    """Claim an incident with every case that it explains and nobody has."""
    claimed = await incidents.acknowledge_all(scope.conn, incident_id, scope.person, scope.now)
    return Acknowledged(claimed=claimed)


@router.post("/{incident_id}/contact")
async def contact(incident_id: UUID, given: Contact, scope: Centre) -> Whole:
    """Record a call to one of its people."""
    await incidents.contact(
        scope.conn,
        incident_id,
        given.elder_id,
        scope.person,
        scope.now,
        result=given.result,
        to=given.to,
        note=given.note,
    )
    return await _whole(scope, incident_id)


@router.post("/{incident_id}/close")
async def close(incident_id: UUID, given: Ending, scope: Centre) -> Whole:
    """Close an incident with its outcome; homes that are still cut off are listed one by one again."""
    await incidents.find(scope.conn, incident_id)
    person, now = scope.person, scope.now
    await cases.close(scope.conn, incident_id, person, now, given.outcome, given.false_alarm, given.note)
    return await _whole(scope, incident_id)
