"""How many operators the hours of a week need, from the alarms of past weeks, against the rota."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from core import districts
from core.clock import at_local, local_date
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.duty.week import day
from dashboards.web.pages import show
from dispatch import duty
from dispatch.centre import answers, covering, staffing
from dispatch.roster.working_time import monday_of

router = APIRouter(prefix="/desk/staffing", route_class=Guarded, include_in_schema=False)
Reader = Annotated[Scope, allow("duty_manager", "admin")]
WEEKS = 12
USUAL = 180.0
"""Seconds of work a case while none has been answered yet: shown as an assumption."""


@router.get("")
async def forecast(
    request: Request, scope: Reader, week: Annotated[str, Query(max_length=20)] = ""
) -> Response:
    """Show the week; without four weeks of history it says so instead of showing numbers."""
    conn = scope.conn
    today = local_date(scope.now)
    first = monday_of(day(week) or today)
    monday = at_local(first, "00:00")
    history = await answers.history(conn, at_local(monday_of(today), "00:00"), WEEKS, covering.hour_of_week)
    settings = await districts.settings(conn, scope.person.district_id)
    held = await duty.held(conn, monday, monday + timedelta(days=7))
    there = covering.per_hour(held, "operator", monday)
    each = (history.seconds_each or USUAL) + settings.wrap_up_seconds
    needs = staffing.forecast(history.counts, each, there)
    return show(
        request,
        scope,
        "duty/staffing.html",
        first=first,
        last=first + timedelta(days=6),
        before=first - timedelta(days=7),
        after=first + timedelta(days=7),
        history=history,
        least=staffing.LEAST_WEEKS,
        each=each,
        is_assumed=history.seconds_each is None,
        days=[
            {"on": first + timedelta(days=nth), "needs": needs[nth * 24 : nth * 24 + 24]} for nth in range(7)
        ]
        if needs
        else [],
        short=sum(one.short for one in needs or []),
        short_hours=[one for one in needs or [] if one.short],
        monday=monday,
        hour=timedelta(hours=1),
    )
