"""The weekly contact drill: who cannot be reached is on top, before the night."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from core import districts
from core.errors import Conflict, Forbidden, NotFound, Problem
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.pages import back, said, show
from dispatch.notices import drills

router = APIRouter(prefix="/desk/drills", route_class=Guarded, include_in_schema=False)
Centre = Annotated[Scope, allow("operator", "duty_manager", "admin")]
Deciders = Annotated[Scope, allow("duty_manager", "admin")]
SILENT = ("waiting", "sending", "told")


@router.get("")
async def newest(request: Request, scope: Centre) -> Response:
    """Show the last drill."""
    return await _page(request, scope, None)


@router.post("")
async def begin(request: Request, scope: Deciders) -> Response:
    """Hold a drill now."""
    try:
        async with scope.conn.transaction():
            made = await drills.begin(scope.conn, scope.person, scope.now)
    except (Conflict, Forbidden) as problem:
        return await _page(request, scope, None, problem)
    return back(request, f"/desk/drills/{made}")


@router.get("/{drill_id}")
async def one(request: Request, scope: Centre, drill_id: UUID) -> Response:
    """Show one drill."""
    return await _page(request, scope, drill_id)


async def _page(
    request: Request, scope: Scope, drill: UUID | None, problem: Problem | None = None
) -> Response:
    settings = await districts.settings(scope.conn, scope.person.district_id)
    rows = await drills.list_(scope.conn)
    chosen = next((row for row in rows if drill is None or row["id"] == drill), None)
    if drill is not None and chosen is None:
        raise NotFound(f"no drill {drill}")
    night = drills.night_of(settings, scope.now)
    people = await drills.people(scope.conn, chosen["id"], night) if chosen else []
    return show(
        request,
        scope,
        "notices/drills.html",
        status=problem.status if problem else 200,
        drills=rows,
        drill=chosen,
        unreached=[row for row in people if row["state"] == "failed"],
        silent=[row for row in people if row["state"] in SILENT],
        answered=[row for row in people if row["state"] == "answered"],
        night=night,
        weekday=settings.drill_weekday,
        at=settings.drill_at,
        failed=said(scope, problem) if problem else None,
    )
