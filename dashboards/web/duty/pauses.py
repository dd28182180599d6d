"""Paused monitoring: what is paused and until when, begun and ended by a person."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from core import districts
from core.clock import at_local, local_date
from core.db import Row
from core.errors import Conflict, Invalid, NotFound, Problem
from core.ids import parse_id
from dashboards import visible
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.desk import people
from dashboards.web.duty.forms import given_of
from dashboards.web.pages import back, said, show, wrongs
from dashboards.web.roster.forms import clock, day
from dispatch.centre import pauses, pausing

router = APIRouter(prefix="/desk/pauses", route_class=Guarded, include_in_schema=False)
STAFF = ("operator", "duty_manager", "clerk", "admin")
Staff = Annotated[Scope, allow(*STAFF)]
Text = Annotated[str, Query(max_length=60)]


@router.get("")
async def list_(
    request: Request, scope: Staff, elder: Text = "", name: Text = "", done: Text = ""
) -> Response:
    """Show what is paused, who ends first first; with the form for somebody."""
    return await page(request, scope, await _elder(scope, elder), name=name, done=done)


async def _elder(scope: Scope, text: str) -> UUID | None:
    if not text:
        return None
    found = parse_id(text)
    if found is None:
        raise NotFound("no elder of that id")
    await visible.check_elder(scope, found)
    return found


async def page(
    request: Request,
    scope: Scope,
    elder: UUID | None,
    *,
    name: str = "",
    given: dict[str, str] | None = None,
    problem: Problem | None = None,
    done: str = "",
) -> Response:
    """Show the list, with what stood in the way."""
    conn = scope.conn
    today = local_date(scope.now)
    found = (await people.elders(conn, name.strip(), None, today))[0] if name.strip() else []
    settings = await districts.settings(conn, scope.person.district_id)
    return show(
        request,
        scope,
        "duty/pauses.html",
        status=problem.status if problem else 200,
        rows=await pauses.ending(conn),
        past=[one for one in await pauses.list_(conn, elder=elder, limit=30) if one["ended_at"]],
        elder=elder,
        elder_name=await _name(scope, elder),
        proposed=await pauses.proposed(conn, elder, scope.now) if elder else None,
        of_absence=pausing.OF_ABSENCE,
        reasons=pausing.REASONS,
        name=name,
        found=found,
        most=settings.pause_most_days,
        loud=sorted(pausing.PAGES_ALL_THE_SAME),
        given=given or {"reason": "hospital", "to_on": "", "to_at": "12:00"},
        today=today,
        failed=said(scope, problem) if problem else None,
        errors=wrongs(scope, problem) if isinstance(problem, Invalid) else {},
        done=done,
    )


async def _name(scope: Scope, elder: UUID | None) -> str:
    rows: list[Row] = await pauses.names(scope.conn, elder) if elder else []
    return rows[0]["name"] if rows else ""


@router.post("")
async def begin(request: Request, scope: Staff) -> Response:
    """Pause somebody's monitoring from now until an end."""
    given = await given_of(request)
    elder = await _elder(scope, given.get("elder", ""))
    if elder is None:
        raise NotFound("no elder is named")
    absence = parse_id(given.get("absence", "")) if given.get("absence") else None
    await visible.check(scope, "absence", absence)
    try:
        async with scope.conn.transaction():
            what: dict[str, Any] = {"elder": elder, "care_bed": None, "reason": given.get("reason", "")}
            what |= {"starts_at": scope.now, "ends_at": _end(given), "now": scope.now}
            await pauses.begin(scope.conn, **what, by=scope.person, absence=absence)
    except (Conflict, Invalid) as problem:
        tried = {"reason": "hospital", "to_on": "", "to_at": "12:00", **given}
        return await page(request, scope, elder, given=tried, problem=problem)
    return back(request, "/desk/pauses?done=paused")


def _end(given: dict[str, str]) -> datetime:
    return at_local(day(given, "to_on"), clock(given, "to_at") if given.get("to_at") else "12:00")


@router.post("/{monitoring_pause_id}/end")
async def end(request: Request, scope: Staff, monitoring_pause_id: UUID) -> Response:
    """End a pause now: alarms page again."""
    await pauses.find(scope.conn, monitoring_pause_id)
    try:
        async with scope.conn.transaction():
            await pauses.end(scope.conn, monitoring_pause_id, scope.person, scope.now)
    except Conflict as problem:
        return await page(request, scope, None, problem=problem)
    return back(request, "/desk/pauses?done=pause_ended")
