"""Matches of policy and people, the monthly run that finds them, and how persons stand month by month."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from dashboards import visible
from dashboards.api.shapes import OFFICE, Code, Day, Given, Note, Page, Paged, Shape, shape_of
from dashboards.auth import Guarded, Scope, allow
from services import standing
from services.matching import matches, runs

router = APIRouter(prefix="/api/v1/matches", tags=["matches"], route_class=Guarded)
running = APIRouter(prefix="/api/v1/matching-runs", tags=["matches"], route_class=Guarded)
standings = APIRouter(prefix="/api/v1/standings", tags=["matches"], route_class=Guarded)
Readers = Annotated[Scope, allow(*OFFICE)]
Clerk = Annotated[Scope, allow("clerk", "admin")]


class Match(Shape):
    """Somebody eligible and not enrolled, or enrolled and no longer eligible; `proposal`: what to do."""

    id: UUID
    elder_id: UUID
    elder_name: str
    scheme_code: str
    kind: str
    reasons: list[dict[str, Any]]
    proposal: str
    since: date
    state: str
    found_at: datetime
    decided_at: datetime | None
    reason: str | None


class Decision(Given):
    """What becomes of matches: enrol, resume, suspend, end, dismiss; `on`: its first day, else the rule's."""

    ids: list[UUID] = Field(min_length=1, max_length=matches.MOST)
    action: Code
    reason: Note = ""
    on: Day | None = None


class Outcome(Shape):
    """What became of one match: `done`, or why nothing was done."""

    id: UUID
    code: str


class Run(Shape):
    """A matching run and how far it is."""

    id: UUID
    month: date
    on_day: date
    state: str
    total: int
    people: int
    counts: dict[str, int]
    started_at: datetime
    finished_at: datetime | None


class Standing(Shape):
    """How a person stood under a scheme at a month's run."""

    scheme_code: str
    month: date
    on_day: date
    is_eligible: bool
    is_enrolled: bool
    is_compliant: bool
    is_payable: bool
    reasons: dict[str, Any]


@router.get("")
async def list_(
    scope: Readers,
    paged: Paged,
    elder_id: UUID | None = None,
    kind: Code | None = None,
    scheme: Code | None = None,
    state: Code | None = "open",
) -> Page[Match]:
    """List matches, those found first at the top."""
    await visible.check_elder(scope, elder_id)
    rows = await matches.list_(
        scope.conn,
        state=state,
        kind=kind,
        scheme=scheme,
        elder_id=elder_id,
        after=paged.after,
        limit=paged.ask,
    )
    return paged.page(rows, Match)


@router.post("/decide")
async def decide(given: Decision, scope: Clerk) -> Page[Outcome]:
    """Decide matches in one go; each says what became of it."""
    said = (given.ids, given.action, scope.person, scope.now)
    found = await matches.decide(scope.conn, *said, reason=given.reason, on=given.on)
    return Page(items=[Outcome(id=one.id, code=one.code) for one in found], next=None)


@running.get("")
async def list_runs(scope: Readers) -> Page[Run]:
    """List the last runs, newest first, with how far they are."""
    return Page(items=[shape_of(Run, row) for row in await runs.last(scope.conn)], next=None)


@running.post("", status_code=201)
async def start(scope: Clerk) -> Run:
    """Start a run as of today; it goes on by itself."""
    person = scope.person
    await runs.start(scope.conn, person.district_id, person.account_id, scope.now)
    [row] = await runs.last(scope.conn, 1)
    return shape_of(Run, row)


@standings.get("")
async def of(elder_id: UUID, scope: Readers) -> Page[Standing]:
    """List how a person stood, newest month first."""
    await visible.check_elder(scope, elder_id)
    rows = await standing.recorded(scope.conn, elder_id)
    return Page(items=[shape_of(Standing, row) for row in rows], next=None)
