"""Calling on people without money: callers, who is called on, the overdue list, the record of a call."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from core.clock import local_date
from dashboards import visible
from dashboards.api.shapes import OFFICE, Code, Given, Instant, Line, Note, Page, Paged, Shape, shape_of
from dashboards.auth import Guarded, Scope, allow
from dispatch.places import calling
from dispatch.places.calling import Duty

router = APIRouter(prefix="/api/v1/calls", tags=["calls"], route_class=Guarded)
callers = APIRouter(prefix="/api/v1/callers", tags=["calls"], route_class=Guarded)
duties = APIRouter(prefix="/api/v1/call-duties", tags=["calls"], route_class=Guarded)
Readers = Annotated[Scope, allow("operator", "duty_manager", *OFFICE)]
Writers = Annotated[Scope, allow("operator", "duty_manager", "clerk", "admin")]
Office = Annotated[Scope, allow("clerk", "admin")]


class NewCaller(Given):
    """A grid worker, official, village doctor or volunteer."""

    name: Line
    role: Code
    grid: str = Field("", max_length=40)
    region_code: str | None = Field(None, pattern=r"^\d{6}(\d{3}(\d{3})?)?$")
    phone: str | None = Field(None, max_length=30)


class Caller(Shape):
    """One caller, with how many people are theirs."""

    id: UUID
    name: str
    role: str
    grid: str
    region_code: str | None
    people: int


class NewDuty(Given):
    """Somebody who is called on: why, by whom, and how often if not as the district says."""

    category: Code
    caller_id: UUID | None = None
    every_days: int | None = Field(None, ge=1, le=366)


class CallDuty(Shape):
    """Somebody who is called on; `days_overdue` is 0 when the next call is not late."""

    elder_id: UUID
    elder_name: str
    category: str
    caller_id: UUID | None
    caller_name: str | None
    grid: str | None
    region_name: str | None
    every_days: int
    last_at: datetime | None
    due_on: date
    days_overdue: int


class Candidate(Shape):
    """Somebody on whom nobody calls yet, and why somebody should."""

    elder_id: UUID
    elder_name: str
    category: str
    region_name: str | None


class NewCall(Given):
    """A call as it was."""

    elder_id: UUID
    caller_id: UUID
    at: Instant
    how: Code = "in_person"
    outcome: Code
    note: Note = ""


class Call(Shape):
    """One call."""

    id: UUID
    elder_id: UUID
    elder_name: str
    caller_id: UUID
    caller_name: str
    at: datetime
    how: str
    outcome: str
    note: str
    recorded_at: datetime


class Recorded(Shape):
    """What was kept."""

    id: UUID


@callers.get("")
async def list_callers(scope: Readers, paged: Paged) -> Page[Caller]:
    """List active callers."""
    return paged.page(await calling.callers(scope.conn, paged.after, paged.ask), Caller)


@callers.post("", status_code=201)
async def create_caller(given: NewCaller, scope: Office) -> Recorded:
    """Make a caller."""
    district = scope.person.district_id
    identity = await calling.create_caller(
        scope.conn, scope.keys, district=district, now=scope.now, **given.model_dump()
    )
    return Recorded(id=identity)


@callers.post("/{caller_id}/end", status_code=204)
async def end_caller(caller_id: UUID, scope: Office) -> None:
    """Let a caller go; whoever was theirs is nobody's until another is named."""
    await calling.end_caller(scope.conn, caller_id, scope.now)


@duties.get("")
async def list_duties(
    scope: Readers, *, overdue: bool = False, caller_id: UUID | None = None
) -> list[CallDuty]:
    """List who is called on, whoever has waited longest first; `overdue` only the late ones."""
    await visible.check(scope, "caller", caller_id)
    district = scope.person.district_id
    found = await calling.duties(scope.conn, district, scope.now, only_overdue=overdue, caller_id=caller_id)
    return [_duty(one) for one in found]


@duties.get("/candidates")
async def list_candidates(scope: Readers) -> list[Candidate]:
    """List rural elders of high age or living alone on whom nobody calls yet."""
    rows = await calling.candidates(scope.conn, scope.person.district_id, scope.now)
    return [shape_of(Candidate, row) for row in rows]


@duties.post("/{elder_id}", status_code=204)
async def assign(elder_id: UUID, given: NewDuty, scope: Writers) -> None:
    """Have somebody called on, or change by whom, why and how often."""
    await visible.check(scope, "caller", given.caller_id)
    await calling.assign(
        scope.conn,
        district=scope.person.district_id,
        elder=elder_id,
        category=given.category,
        since=local_date(scope.now),
        caller=given.caller_id,
        every_days=given.every_days,
    )


@duties.post("/{elder_id}/end", status_code=204)
async def end(elder_id: UUID, scope: Writers) -> None:
    """Call on somebody no more."""
    await calling.end(scope.conn, elder_id, local_date(scope.now))


@router.get("")
async def list_calls(
    scope: Readers, paged: Paged, elder_id: UUID | None = None, caller_id: UUID | None = None
) -> Page[Call]:
    """List calls, the latest recorded first."""
    await visible.check_elder(scope, elder_id)
    await visible.check(scope, "caller", caller_id)
    rows = await calling.history(
        scope.conn, elder_id=elder_id, caller_id=caller_id, after=paged.after, limit=paged.ask
    )
    return paged.page(rows, Call)


@router.post("", status_code=201)
async def record(given: NewCall, scope: Writers) -> Recorded:
    """Record a call; 409 when it is recorded already."""
    await visible.check_elder(scope, given.elder_id)
    await visible.check(scope, "caller", given.caller_id)
    said = given.model_dump(exclude={"elder_id", "caller_id"})
    identity = await calling.record(
        scope.conn,
        district=scope.person.district_id,
        elder=given.elder_id,
        caller=given.caller_id,
        by=scope.person,
        now=scope.now,
        **said,
    )
    return Recorded(id=identity)


def _duty(one: Duty) -> CallDuty:
    late = max(0, one.standing.days)
    facts = {"every_days": one.standing.every_days, "due_on": one.standing.due_on, "days_overdue": late}
    return shape_of(CallDuty, {**one.row, **facts})
