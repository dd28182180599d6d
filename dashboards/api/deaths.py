"""Deaths: reported, confirmed with all that follows, dismissed, undone by a second person."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter

from dashboards import visible
from dashboards.api.shapes import OFFICE, STAFF, Code, Day, Given, Note, Page, Paged, Shape, shape_of
from dashboards.auth import Guarded, Scope, allow
from services import deaths

router = APIRouter(prefix="/api/v1/deaths", tags=["elders"], route_class=Guarded)
Readers = Annotated[Scope, allow(*OFFICE)]
SAID_BY = {"family": "family", "caregiver": "clerk"}
"""What no one of these roles may speak for: a hospital or a register; a caregiver tells the clerk."""
Tellers = Annotated[Scope, allow(*STAFF, "family", "caregiver")]
Clerk = Annotated[Scope, allow("clerk", "admin")]
Second = Annotated[Scope, allow("clerk", "approver", "admin")]


class Report(Given):
    """Who is said to have died, and when; a family and a caregiver speak of their own elders only."""

    elder_id: UUID
    died_on: Day
    source: Code = "clerk"


class Why(Given):
    """Why it is taken back."""

    reason: Note = "register_wrong"


class Death(Shape):
    """One event; `effects` are the ids of what it stopped (of an undone one also `again` and `lost`)."""

    id: UUID
    elder_id: UUID
    died_on: date
    source: str
    state: str
    reported_at: datetime
    decided_by_name: str | None
    decided_at: datetime | None
    undone_by_name: str | None
    undone_at: datetime | None
    family_until: date | None
    effects: dict[str, Any]


class Told(Shape):
    """A report that waits for a clerk."""

    id: UUID
    state: str


@router.get("")
async def list_(scope: Readers, paged: Paged, state: Code | None = None) -> Page[Death]:
    """List events, newest first."""
    return paged.page(await deaths.list_(scope.conn, state, paged.after, paged.ask), Death)


@router.get("/{death_id}")
async def find(death_id: UUID, scope: Readers) -> Death:
    """Show one event."""
    return shape_of(Death, await deaths.find(scope.conn, death_id))


@router.post("", status_code=201)
async def report(given: Report, scope: Tellers) -> Told:
    """Say that somebody is said to have died: nothing stops before a clerk has confirmed it."""
    await visible.check_elder(scope, given.elder_id)
    await visible.check_served(scope, given.elder_id)
    source = SAID_BY.get(scope.person.role, given.source)
    found = await deaths.report(
        scope.conn,
        given.elder_id,
        given.died_on,
        source=source,
        by=scope.person.account_id,
        now=scope.now,
    )
    return shape_of(Told, await deaths.find(scope.conn, found))


@router.post("/{death_id}/confirm")
async def confirm(death_id: UUID, scope: Clerk) -> Death:
    """Confirm it: everything planned stops, the family is told."""
    return shape_of(Death, await deaths.confirm(scope.conn, death_id, scope.person, scope.now))


@router.post("/{death_id}/dismiss")
async def dismiss(death_id: UUID, given: Why, scope: Clerk) -> Death:
    """Say that the report was wrong."""
    row = await deaths.dismiss(scope.conn, death_id, scope.person, scope.now, given.reason)
    return shape_of(Death, row)


@router.post("/{death_id}/undo")
async def undo(death_id: UUID, given: Why, scope: Second) -> Death:
    """Take a confirmed death back, as a second person."""
    return shape_of(Death, await deaths.undo(scope.conn, death_id, scope.person, scope.now, given.reason))
