"""Caregivers in need: a banner above the console, a list; taken and closed by operators or the provider."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from core.errors import Conflict, Invalid, Problem
from core.events import OPERATORS
from dashboards import audited
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.pages import back, is_partial, said, show
from dispatch.phone import alerts

router = APIRouter(prefix="/carers", route_class=Guarded, include_in_schema=False)
Helper = Annotated[Scope, allow(*OPERATORS, "provider_manager")]
Code = Annotated[str, Form(max_length=40)]


@router.get("/alarms")
async def list_(request: Request, scope: Helper) -> Response:
    """List caregivers in need."""
    return await _answer(request, scope, None)


@router.get("/alarms/banner")
async def banner(request: Request, scope: Helper) -> Response:
    """Return what stands above the console while somebody is in need."""
    rows = await alerts.list_open(scope.conn, scope.person)
    return show(request, scope, "carers/banner.html", alerts=rows)


@router.post("/alarms/{caregiver_alert_id}/take")
async def take(request: Request, scope: Helper, caregiver_alert_id: UUID) -> Response:
    """Take an alarm."""
    try:
        async with scope.conn.transaction():
            await alerts.take(scope.conn, caregiver_alert_id, scope.person, scope.now)
    except Conflict as problem:
        return await _answer(request, scope, problem)
    return back(request, "/carers/alarms")


@router.post("/alarms/{caregiver_alert_id}/close")
async def close(request: Request, scope: Helper, caregiver_alert_id: UUID, outcome: Code = "") -> Response:
    """Close an alarm with what came of it."""
    try:
        async with scope.conn.transaction():
            await alerts.close(scope.conn, caregiver_alert_id, scope.person, scope.now, outcome)
    except (Conflict, Invalid) as problem:
        return await _answer(request, scope, problem)
    return back(request, "/carers/alarms")


@router.post("/alarms/{caregiver_alert_id}/reveal")
async def reveal(request: Request, scope: Helper, caregiver_alert_id: UUID) -> Response:
    """Show the caregiver's phone number; that is on record."""
    row = await alerts.find(scope.conn, caregiver_alert_id, scope.person)
    await audited.note(scope, "reveal", "caregiver", row["caregiver_id"], {"field": "phone"})
    sealed = row["phone_sealed"]
    value = scope.keys.open(scope.person.district_id, sealed) if sealed else ""
    return show(request, scope, "console/revealed.html", value=value, phone=True)


async def _answer(request: Request, scope: Scope, problem: Problem | None) -> Response:
    rows = await alerts.list_open(scope.conn, scope.person)
    return show(
        request,
        scope,
        "carers/alarm_list.html" if is_partial(request) else "carers/alarms.html",
        status=problem.status if problem else 200,
        alerts=rows,
        outcomes=alerts.OUTCOMES,
        failed=said(scope, problem) if problem else None,
    )
