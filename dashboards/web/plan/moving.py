"""A visit moved by hand: what that would break is said before it is done."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response

from core.clock import at_local, local_date
from core.errors import Invalid, Problem
from dashboards import audited
from dashboards.auth import Guarded, Scope
from dashboards.web.pages import back
from dashboards.web.plan import comparing, one
from dashboards.web.plan.pages import Changer, address, carer_of, only, visit_shown
from dispatch.planning import moves

router = APIRouter(prefix="/plan/visits", route_class=Guarded, include_in_schema=False)
Asked = Annotated[str, Query(max_length=40)]
Given = Annotated[str, Form(max_length=40)]


@router.get("/{visit_id}/move")
async def preview(
    request: Request, scope: Changer, visit_id: UUID, caregiver: Asked = "", at: Asked = "", on: Asked = ""
) -> Response:
    """Say what moving a visit would break."""
    if not (caregiver or at):
        return await visit_shown(request, scope, visit_id)
    shown = await one.find(scope.conn, visit_id, only(scope))
    try:
        starts_at = instant(at, on)
        to = await _to(scope, caregiver, starts_at)
        found = await moves.preview(scope.conn, visit_id, to["caregiver"], starts_at, scope.now)
    except Problem as problem:
        return await visit_shown(request, scope, visit_id, shown=shown, problem=problem)
    lines = await comparing.named(scope.conn, found)
    return await visit_shown(request, scope, visit_id, shown=shown, breaches=lines, to=to)


@router.post("/{visit_id}/move")
async def move(
    request: Request, scope: Changer, visit_id: UUID, caregiver: Given = "", at: Given = ""
) -> Response:
    """Move a visit, whatever it breaks; who did it is on record."""
    await one.find(scope.conn, visit_id, only(scope))
    try:
        starts_at = instant(at)
        to = await _to(scope, caregiver, starts_at)
        async with scope.conn.transaction():
            await moves.move(scope.conn, visit_id, to["caregiver"], starts_at, scope.person, scope.now)
    except Problem as problem:
        return await visit_shown(request, scope, visit_id, problem=problem)
    await audited.note(scope, "visit.move", "visit", visit_id, {"caregiver": str(to["caregiver"])})
    return back(request, address(local_date(starts_at)))


@router.post("/{visit_id}/unpin")
async def unpin(request: Request, scope: Changer, visit_id: UUID) -> Response:
    """Let the planner have a visit again."""
    visit = await one.find(scope.conn, visit_id, only(scope))
    try:
        async with scope.conn.transaction():
            await moves.unpin(scope.conn, visit_id, scope.person, scope.now)
    except Problem as problem:
        return await visit_shown(request, scope, visit_id, problem=problem)
    await audited.note(scope, "visit.unpin", "visit", visit_id)
    return back(request, address(local_date(visit["starts_at"])))


def instant(text: str, on: str = "") -> datetime:
    """Read an instant, or a clock time of a day; raise Invalid."""
    try:
        if on:
            return at_local(datetime.fromisoformat(on).date(), text)
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid("at: not a time", [{"field": "at", "code": "invalid"}]) from None
    if found.tzinfo is None:
        raise Invalid("at: without a zone", [{"field": "at", "code": "invalid"}])
    return found


async def _to(scope: Scope, caregiver: str, starts_at: datetime) -> dict[str, Any]:
    """Return who is to go and when; raise Invalid when that is nobody of this reader's."""
    person = await carer_of(scope, caregiver)
    return {"caregiver": person["id"], "name": person["name"], "at": starts_at}
