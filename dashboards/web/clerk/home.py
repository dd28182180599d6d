"""The clerk's first screen: what waits, for how long, and where to go for it."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response

from core.clock import local_date
from core.sql import load
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.pages import show
from services import life_proofs
from services.applications import applications
from services.matching import matches, runs
from services.registers import imports

SQL = load(__file__)
router = APIRouter(prefix="/clerk", route_class=Guarded, include_in_schema=False)
Clerk = Annotated[Scope, allow("clerk")]
SOON = timedelta(days=60)
SHOWN = 8


@router.get("")
async def home(request: Request, scope: Clerk) -> Response:
    """Show what waits for a clerk."""
    conn, today = scope.conn, local_date(scope.now)
    waiting = await applications.waiting(conn, "clerk", SHOWN)
    last = await runs.last(conn, 1)
    return show(
        request,
        scope,
        "clerk/home.html",
        counts=await conn.fetchrow(SQL.count_waiting, today, today + SOON),
        waiting=waiting,
        total=waiting[0]["total"] if waiting else 0,
        found=await matches.counts(conn),
        run=last[0] if last else None,
        imports=[one for one in await imports.list_(conn) if one["state"] in {"wrong", "ready"}][:SHOWN],
        lapsing=await conn.fetch(SQL.list_lapsing, today, today + SOON, SHOWN),
        deaths=await conn.fetch(SQL.list_deaths, SHOWN),
        owed=await life_proofs.due_list(conn, scope.person.district_id, today, limit=SHOWN),
        today=today,
    )
