"""Gaps in the cover, before the night: what is missing, since when, who sees to it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from core.errors import Conflict, Problem
from core.events import OPERATORS
from dashboards import visible
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.pages import back, said, show
from dispatch.cover import gaps

router = APIRouter(prefix="/desk/gaps", route_class=Guarded, include_in_schema=False)
Centre = Annotated[Scope, allow(*OPERATORS)]
KINDS = (
    "no_operator",
    "policy_reaches_nobody",
    "nobody_within_reach",
    "unreachable_contacts",
    "untested_kit",
)


@router.get("")
async def list_(request: Request, scope: Centre) -> Response:
    """List what is missing, gravest first, and what was covered lately."""
    return await _page(request, scope)


@router.post("/{cover_gap_id}/take")
async def take(request: Request, scope: Centre, cover_gap_id: UUID) -> Response:
    """Say that one sees to it; the second is told who was first."""
    await visible.check(scope, "cover_gap", cover_gap_id)
    try:
        async with scope.conn.transaction():
            await gaps.take(scope.conn, cover_gap_id, scope.person, scope.now)
    except Conflict as problem:
        return await _page(request, scope, problem)
    return back(request, "/desk/gaps")


async def _page(request: Request, scope: Scope, problem: Problem | None = None) -> Response:
    rows = await gaps.open_(scope.conn)
    found = {kind: [row for row in rows if row["kind"] == kind] for kind in KINDS}
    return show(
        request,
        scope,
        "desk/gaps.html",
        status=problem.status if problem else 200,
        kinds={kind: of for kind, of in found.items() if of},
        closed=await gaps.closed(scope.conn, 20),
        failed=said(scope, problem) if problem else None,
    )
