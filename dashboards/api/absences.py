"""Absences and deaths of elders: facts from which visits are held, taken back, and claims doubted."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from core import absences
from dashboards import visible
from dashboards.api.shapes import STAFF, Code, Day, Given, Shape, shape_of
from dashboards.auth import Guarded, Scope, allow
from services import deaths as deaths_of

router = APIRouter(prefix="/api/v1/absences", tags=["elders"], route_class=Guarded)
deaths = APIRouter(prefix="/api/v1/elders", tags=["elders"], route_class=Guarded)
Readers = Annotated[Scope, allow(*STAFF, "assessor", "family")]
Writers = Annotated[Scope, allow("operator", "duty_manager", "clerk", "admin")]


class Away(Given):
    """Somebody is away; without an end until further notice."""

    elder_id: UUID
    kind: Code
    starts_on: Day
    ends_on: Day | None = None


class Back(Given):
    """The last day away."""

    ends_on: Day


class Death(Given):
    """The day."""

    died_on: Day


class Absence(Shape):
    """One absence, both days included."""

    id: UUID
    elder_id: UUID
    kind: str
    starts_on: date
    ends_on: date | None
    recorded_at: datetime


@router.get("")
async def list_(scope: Readers, elder_id: UUID) -> list[Absence]:
    """List an elder's absences, newest first."""
    await visible.check_elder(scope, elder_id)
    return [shape_of(Absence, row) for row in await absences.list_(scope.conn, elder_id)]


@router.post("", status_code=201)
async def record(given: Away, scope: Writers) -> Absence:
    """Record an absence; planned visits of these days are held by the next tick."""
    await visible.check_elder(scope, given.elder_id)
    identity = await absences.record(
        scope.conn,
        district=scope.person.district_id,
        elder=given.elder_id,
        kind=given.kind,
        starts_on=given.starts_on,
        ends_on=given.ends_on,
        now=scope.now,
    )
    rows = await absences.list_(scope.conn, given.elder_id)
    return next(shape_of(Absence, row) for row in rows if row["id"] == identity)


@router.post("/{absence_id}/end")
async def end(absence_id: UUID, given: Back, scope: Writers) -> Absence:
    """Say until when; visits after it are planned again."""
    return shape_of(Absence, await absences.end(scope.conn, absence_id, given.ends_on, scope.now))


@deaths.post("/{elder_id}/death")
async def death(elder_id: UUID, given: Death, scope: Annotated[Scope, allow("clerk", "admin")]) -> Death:
    """Record the day of a death, once: report and confirmation in one (see `/deaths`)."""
    await visible.check_elder(scope, elder_id)
    await deaths_of.record(scope.conn, elder_id, given.died_on, scope.person, scope.now)
    return Death(died_on=given.died_on)
