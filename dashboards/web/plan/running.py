"""Plans: started, looked at while they are computed, accepted or discarded; a day repaired."""

from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from core import districts
from core.clock import at_local, local_date
from core.errors import Problem
from core.ids import parse_id
from dashboards import audited
from dashboards.auth import Guarded
from dashboards.web.pages import back, is_partial, show
from dashboards.web.plan import comparing, one
from dashboards.web.plan.day import Wanted
from dashboards.web.plan.pages import Changer, Reader, address, carer_of, day_in, found, only, shown
from dispatch.planning import plans, repair

router = APIRouter(prefix="/plan", route_class=Guarded, include_in_schema=False)
Text = Annotated[str, Form(max_length=60)]
SHORTEST, LONGEST, USUAL = 1, 600, 30
KINDS = ("sick", "late", "cancelled")


@router.post("/runs")
async def start(
    request: Request, scope: Changer, date: Text = "", provider: Text = "", seconds: Text = ""
) -> Response:
    """Have a day planned; the page follows it while it is computed."""
    on, whose = day_in(scope, date), only(scope) or parse_id(provider)
    wanted = int(seconds) if seconds.isdecimal() else USUAL
    given: dict[str, Any] = {"seconds": float(min(max(wanted, SHORTEST), LONGEST)), "provider_id": whose}
    try:
        plan = await plans.start(
            scope.conn, district=scope.person.district_id, on=on, now=scope.now, by=scope.person, **given
        )
    except Problem as problem:
        return await shown(request, scope, Wanted(on, whose), None, problem)
    await audited.note(scope, "plan.start", "plan", plan)
    return back(request, address(on, plan=plan))


@router.get("/runs/{plan_id}")
async def progress(request: Request, scope: Reader, plan_id: UUID) -> Response:
    """Show how far a plan is."""
    plan = await found(scope, plan_id)
    if not is_partial(request):
        return back(request, address(plan["on"], plan=plan_id))
    settings = await districts.settings(scope.conn, scope.person.district_id)
    figures = await comparing.figures(scope.conn, plan_id, settings.travel_factor)
    return show(request, scope, "plan/progress.html", plan=plan, figures=figures, address=address)


@router.post("/runs/{plan_id}/accept")
async def accept(request: Request, scope: Changer, plan_id: UUID) -> Response:
    """Make a plan the day's; what no longer holds is left out and named."""
    plan = await found(scope, plan_id)
    try:
        async with scope.conn.transaction():
            await plans.accept(scope.conn, plan_id, scope.person, scope.now)
    except Problem as problem:
        return await shown(request, scope, Wanted(plan["on"], only(scope)), plan_id, problem)
    await audited.note(scope, "plan.accept", "plan", plan_id)
    return back(request, address(plan["on"], plan=plan_id))


@router.post("/runs/{plan_id}/discard")
async def discard(request: Request, scope: Changer, plan_id: UUID) -> Response:
    """Put a plan away."""
    plan = await found(scope, plan_id)
    try:
        async with scope.conn.transaction():
            await plans.discard(scope.conn, plan_id, scope.person, scope.now)
    except Problem as problem:
        return await shown(request, scope, Wanted(plan["on"], only(scope)), plan_id, problem)
    await audited.note(scope, "plan.discard", "plan", plan_id)
    return back(request, address(plan["on"]))


@router.post("/repairs")
async def repairs(
    request: Request,
    scope: Changer,
    kind: Text = "",
    date: Text = "",
    caregiver_id: Text = "",
    visit_id: Text = "",
    minutes: Text = "",
) -> Response:
    """Show the day repaired after somebody fell ill, is late, or a visit is off; nothing is changed yet."""
    on = day_in(scope, date)
    trigger: dict[str, Any] = {"kind": kind if kind in KINDS else KINDS[0], "on": on.isoformat()}
    try:
        if trigger["kind"] == "cancelled":
            visit = await one.find(scope.conn, parse_id(visit_id) or UUID(int=0), only(scope))
            trigger |= {"visit_id": str(visit["id"]), "on": local_date(visit["starts_at"]).isoformat()}
        else:
            person = await carer_of(scope, caregiver_id)
            trigger |= {"caregiver_id": str(person["id"]), **_away(at_local(on, "00:00"), scope.now)}
            trigger["minutes"] = minutes
        async with scope.conn.transaction():
            plan = await repair.preview(scope.conn, trigger, scope.now, by=scope.person)
    except Problem as problem:
        return await shown(request, scope, Wanted(on, only(scope)), None, problem)
    await audited.note(scope, "plan.repair", "plan", plan, {"kind": trigger["kind"]})
    return back(request, address(on, plan=plan))


def _away(since: datetime, now: datetime) -> dict[str, str]:
    """Return from when to when somebody is away who fell ill on the day that begins then: the rest of it."""
    return {"from": max(since, now).isoformat(), "to": (since + timedelta(days=1)).isoformat()}
