"""Notices: who was told what by which channel, and what came of it; the weekly contact drills."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter

from core import districts
from dashboards import visible
from dashboards.api.shapes import CENTRE, Page, Paged, Shape, shape_of
from dashboards.auth import Guarded, Scope, allow
from dispatch.notices import drills, listing

router = APIRouter(prefix="/api/v1/notices", tags=["notices"], route_class=Guarded)
drilled = APIRouter(prefix="/api/v1/drills", tags=["notices"], route_class=Guarded)
Readers = Annotated[Scope, allow(*CENTRE)]
Deciders = Annotated[Scope, allow("duty_manager", "admin")]


class NoticeTry(Shape):
    """One try: by which channel, how far it came, why it failed and whether for good."""

    channel: str
    state: str
    code: str | None
    is_permanent: bool
    at: datetime
    receipt_at: datetime | None


class Notice(Shape):
    """Somebody told of something; never a number, never the words."""

    id: UUID
    kind: str
    case_id: UUID | None
    step: int | None
    audience: str
    family_member_id: UUID | None
    account_id: UUID | None
    caregiver_id: UUID | None
    name: str | None
    channels: list[str]
    state: str
    answer: str | None
    answered_at: datetime | None
    created_at: datetime
    ended_at: datetime | None
    tries: list[NoticeTry]


class Drill(Shape):
    """A contact drill and what it came to."""

    id: UUID
    held_on: date
    starts_at: datetime
    answer_by: datetime
    closed_at: datetime | None
    asked: int
    answered: int
    unreached: int


class Asked(Shape):
    """Somebody asked in a drill; `tonight`: on duty in the night to come."""

    notice_id: UUID
    audience: str
    family_member_id: UUID | None
    account_id: UUID | None
    caregiver_id: UUID | None
    name: str | None
    state: str
    answered_at: datetime | None
    channel: str | None
    code: str | None
    is_permanent: bool | None
    tonight: bool


class DrillResult(Drill):
    """A drill with everybody asked, who is not reached first."""

    people: list[Asked]


class Drills(Shape):
    """The last half year's."""

    items: list[Drill]


@router.get("")
async def list_(
    scope: Readers,
    paged: Paged,
    case_id: UUID | None = None,
    state: Literal["waiting", "sending", "told", "answered", "failed", "void"] | None = None,
) -> Page[Notice]:
    """List notices, newest first; of one case if given."""
    await visible.check(scope, "case", case_id)
    rows = await listing.list_(scope.conn, case=case_id, state=state, after=paged.after, limit=paged.ask)
    tries = await listing.tries(scope.conn, [row["id"] for row in rows])
    return paged.page([{**row, "tries": [dict(one) for one in tries[row["id"]]]} for row in rows], Notice)


@drilled.get("")
async def list_drills(scope: Readers) -> Drills:
    """List the contact drills, newest first."""
    return Drills(items=[shape_of(Drill, row) for row in await drills.list_(scope.conn)])


@drilled.post("", status_code=201)
async def begin(scope: Deciders) -> Drill:
    """Hold a drill now; 409 when there was one today."""
    return shape_of(
        Drill, await drills.find(scope.conn, await drills.begin(scope.conn, scope.person, scope.now))
    )


@drilled.get("/{drill_id}")
async def find_drill(drill_id: UUID, scope: Readers) -> DrillResult:
    """Show a drill with everybody asked."""
    row = await drills.find(scope.conn, drill_id)
    settings = await districts.settings(scope.conn, scope.person.district_id)
    people = await drills.people(scope.conn, drill_id, drills.night_of(settings, scope.now))
    return shape_of(DrillResult, {**row, "people": [dict(one) for one in people]})
