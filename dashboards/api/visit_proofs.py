"""Who is late, and corrections of visits by two people."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter

from core.db import Row
from dashboards import audited, visible
from dashboards.api.shapes import CENTRE, OFFICE, Code, Given, Instant, Note, Shape, shape_of
from dashboards.api.visit_shapes import Made
from dashboards.auth import Guarded, Scope, allow
from dispatch import corrections, lateness

router = APIRouter(prefix="/api/v1", tags=["visits"], route_class=Guarded)
Watchers = Annotated[Scope, allow(*CENTRE, "provider_manager")]
Askers = Annotated[Scope, allow("provider_manager", "duty_manager", "admin")]
Readers = Annotated[Scope, allow(*OFFICE, "provider_manager")]
Deciders = Annotated[Scope, allow("clerk", "admin")]


class Notice(Shape):
    """A visit without a check-in, or without a check-out, and whom it was told: level 1, 2 or 3."""

    id: UUID
    visit_id: UUID
    kind: str
    level: int
    due_at: datetime
    late_minutes: int
    noticed_at: datetime
    state: str
    service: str
    elder_name: str
    caregiver_id: UUID | None
    caregiver_name: str | None


class Correction(Given):
    """What shall stand there instead, and why."""

    reason: Code
    started_at: Instant | None = None
    ended_at: Instant | None = None
    record: dict[str, Any] | None = None
    note: Note | None = None


class Corrected(Shape):
    """A correction: what stood there, what was asked for, who decided."""

    id: UUID
    visit_id: UUID
    reason: str
    note: str | None
    before: dict[str, Any]
    wanted: dict[str, Any]
    state: str
    asked_name: str
    asked_at: datetime
    decided_name: str | None
    decided_at: datetime | None


@router.get("/visit-notices")
async def list_notices(scope: Watchers) -> list[Notice]:
    """List visits that are late or last too long, the longest wait first."""
    rows = await lateness.list_open(scope.conn, visible.own_provider(scope))
    return [shape_of(Notice, row) for row in rows]


@router.post("/visits/{visit_id}/corrections", status_code=201)
async def ask(visit_id: UUID, given: Correction, scope: Askers) -> Made:
    """Ask for a correction of a visit that has ended; a second person decides."""
    visible.own_provider(scope)
    identity = await corrections.ask(
        scope.conn,
        scope.keys,
        visit_id,
        scope.person,
        scope.now,
        reason=given.reason,
        note=given.note,
        wanted=given.model_dump(include=set(corrections.FIELDS)),
    )
    await audited.note(scope, "visit.ask_correction", "visit", visit_id)
    return Made(id=identity)


@router.get("/visit-corrections")
async def list_corrections(scope: Readers) -> list[Corrected]:
    """List corrections that wait for their decision."""
    rows = await corrections.list_open(scope.conn, visible.own_provider(scope))
    return [shape_of(Corrected, noted(scope, row)) for row in rows]


@router.get("/visit-corrections/{visit_correction_id}")
async def find(visit_correction_id: UUID, scope: Annotated[Scope, allow(*OFFICE)]) -> Corrected:
    """Show one correction."""
    return shape_of(Corrected, noted(scope, await corrections.find(scope.conn, visit_correction_id)))


@router.post("/visit-corrections/{visit_correction_id}/approve")
async def approve(visit_correction_id: UUID, scope: Deciders) -> Corrected:
    """Let it stand; the proof is weighed again."""
    return await _decide(scope, visit_correction_id, approves=True)


@router.post("/visit-corrections/{visit_correction_id}/refuse")
async def refuse(visit_correction_id: UUID, scope: Deciders) -> Corrected:
    """Leave the visit as it was told."""
    return await _decide(scope, visit_correction_id, approves=False)


def noted(scope: Scope, row: Row) -> dict[str, Any]:
    """Return a correction with its note in clear."""
    sealed = row["note_sealed"]
    return {**row, "note": scope.keys.open(row["district_id"], sealed) if sealed else None}


async def _decide(scope: Scope, correction: UUID, *, approves: bool) -> Corrected:
    row = await corrections.decide(scope.conn, correction, scope.person, scope.now, approves=approves)
    await audited.note(scope, "visit.correct", "visit", row["visit_id"])
    return shape_of(Corrected, noted(scope, row))
