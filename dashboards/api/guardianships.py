"""Guardianship of persons in extreme hardship: steps, the team of five with its gaps, duties, the six."""

from datetime import date, datetime, time
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from dashboards import visible
from dashboards.api.shapes import OFFICE, Code, Day, Given, Note, Page, Paged, Shape, shape_of
from dashboards.auth import Guarded, Scope, allow
from services.guardianship import duties, guardianships, team
from services.guardianship.duties import NewDuty
from services.guardianship.guardianships import Standing
from services.guardianship.team import NewMember

router = APIRouter(prefix="/api/v1/guardianships", tags=["guardianship"], route_class=Guarded)
members = APIRouter(prefix="/api/v1/guardianship-members", tags=["guardianship"], route_class=Guarded)
given_duties = APIRouter(prefix="/api/v1/guardianship-duties", tags=["guardianship"], route_class=Guarded)
Readers = Annotated[Scope, allow(*OFFICE)]
Clerk = Annotated[Scope, allow("clerk", "admin")]
Deciders = Annotated[Scope, allow("clerk", "approver", "admin")]


class Opened(Given):
    """Whose guardianship."""

    elder_id: UUID


class Step(Given):
    """What a step found: investigate, determine, choose, care, one after the other."""

    step: Code
    done_on: Day
    finding: Code
    note: Note = ""


class Appointed(Given):
    """Who holds a role from a day on: a caregiver, a caller, or a name alone."""

    role: Code
    valid_from: Day
    name: str = Field("", max_length=80)
    phone: str = Field("", max_length=30)
    caregiver_id: UUID | None = None
    caller_id: UUID | None = None


class Tasked(Given):
    """A role's recurring duty (RFC 5545), within a window of the local day."""

    role: Code
    rrule: str = Field(max_length=300)
    starts_on: Day
    window_start: time = time(9)
    window_end: time = time(11)


class Looked(Given):
    """A look at one of the six."""

    item: str = Field(min_length=1, max_length=60)
    had: bool
    on: Day


class Until(Given):
    """The last day."""

    on: Day


class Closed(Given):
    """Why and when it ends."""

    reason: Code
    on: Day


class Guardianship(Shape):
    """One guardianship in a list; `held` of the five roles are held today."""

    id: UUID
    elder_id: UUID
    elder_name: str
    capacity: str
    opened_at: datetime
    closed_on: date | None
    held: int
    last_step: str | None


class Kept(Shape):
    """What was kept."""

    id: UUID


class GuardianshipInFull(Shape):
    """One guardianship as it stands today."""

    id: UUID
    elder_id: UUID
    elder_name: str
    capacity: str
    opened_at: datetime
    closed_on: date | None
    next_step: str | None
    steps: list[dict[str, Any]]
    members: list[dict[str, Any]]
    gaps: list[dict[str, Any]]
    duties: list[dict[str, Any]]
    haves: list[dict[str, Any]]


@router.get("")
async def list_(scope: Readers, paged: Paged, elder_id: UUID | None = None) -> Page[Guardianship]:
    """List guardianships, newest first."""
    await visible.check_elder(scope, elder_id)
    rows = await guardianships.list_(
        scope.conn, scope.now, elder_id=elder_id, after=paged.after, limit=paged.ask
    )
    return paged.page(rows, Guardianship)


@router.post("", status_code=201)
async def open_(given: Opened, scope: Clerk) -> Kept:
    """Open a guardianship for somebody."""
    await visible.check_elder(scope, given.elder_id)
    return Kept(id=await guardianships.open_(scope.conn, given.elder_id, scope.person, scope.now))


@router.get("/{guardianship_id}")
async def find(guardianship_id: UUID, scope: Readers) -> GuardianshipInFull:
    """Show steps, team, gaps, duties and the six."""
    return _full(await guardianships.find(scope.conn, guardianship_id, scope.now))


@router.post("/{guardianship_id}/step", status_code=204)
async def step(guardianship_id: UUID, given: Step, scope: Deciders) -> None:
    """Record the next step; who determines is not who investigated."""
    await guardianships.step(
        scope.conn,
        scope.keys,
        guardianship_id,
        given.step,
        on=given.done_on,
        finding=given.finding,
        words=given.note,
        by=scope.person,
        now=scope.now,
    )


@router.post("/{guardianship_id}/appoint", status_code=201)
async def appoint(guardianship_id: UUID, given: Appointed, scope: Clerk) -> Kept:
    """Let somebody hold a role from a day on."""
    await visible.check(scope, "caregiver", given.caregiver_id)
    await visible.check(scope, "caller", given.caller_id)
    new = NewMember(**given.model_dump())
    made = await team.appoint(scope.conn, scope.keys, guardianship_id, new, by=scope.person, now=scope.now)
    return Kept(id=made)


@router.post("/{guardianship_id}/duty", status_code=201)
async def duty(guardianship_id: UUID, given: Tasked, scope: Clerk) -> Kept:
    """Give a role its duty; the caregiver's and the nurse's become `call_on` visits."""
    window = (given.window_start, given.window_end)
    new = NewDuty(given.role, given.rrule, given.starts_on, window)
    return Kept(
        id=await guardianships.give_duty(scope.conn, guardianship_id, new, by=scope.person, now=scope.now)
    )


@router.post("/{guardianship_id}/look", status_code=204)
async def look(guardianship_id: UUID, given: Looked, scope: Clerk) -> None:
    """Record a look at one of the six."""
    what: dict[str, Any] = {"had": given.had, "on": given.on, "by": scope.person, "now": scope.now}
    await guardianships.look(scope.conn, guardianship_id, given.item, **what)


@router.post("/{guardianship_id}/close", status_code=204)
async def close(guardianship_id: UUID, given: Closed, scope: Clerk) -> None:
    """Close a guardianship; visits ahead are taken back."""
    what: dict[str, Any] = {"on": given.on, "by": scope.person, "now": scope.now}
    await guardianships.close(scope.conn, guardianship_id, given.reason, **what)


@members.post("/{guardianship_member_id}/end", status_code=204)
async def dismiss(guardianship_member_id: UUID, given: Until, scope: Clerk) -> None:
    """End a role on a day."""
    await team.dismiss(scope.conn, guardianship_member_id, given.on, by=scope.person, now=scope.now)


@given_duties.post("/{guardianship_duty_id}/end", status_code=204)
async def end_duty(guardianship_duty_id: UUID, given: Until, scope: Clerk) -> None:
    """End a duty on a day; its visits after it are taken back."""
    await duties.end(scope.conn, guardianship_duty_id, given.on, scope.now)


def _full(found: Standing) -> GuardianshipInFull:
    lists: dict[str, Any] = {
        "next_step": found.next_step,
        "steps": [_part(one, "step", "done_on", "finding", "done_by", "recorded_at") for one in found.steps],
        "members": [
            _part(one, "id", "role", "name", "caregiver_id", "caller_id", "valid_from", "valid_to")
            for one in found.members
        ],
        "gaps": [{"role": one.role, "first": one.first, "last": one.last} for one in found.gaps],
        "duties": [
            {
                **_part(one.row, "id", "role", "rrule", "starts_on", "ends_on"),
                "met_on": one.duty.met_on,
                "late_since": one.duty.late_since,
                "next_on": one.duty.next_on,
            }
            for one in found.duties
        ],
        "haves": [
            {"item": one.item, "state": one.state, "seen_on": one.seen_on, "holds_until": one.holds_until}
            for one in found.haves
        ],
    }
    return shape_of(GuardianshipInFull, {**found.row, **lists})


def _part(row: Any, *names: str) -> dict[str, Any]:  # noqa: ANN401 - a row
    return {name: row[name] for name in names}
