"""The office's side of the phone: refused records, and changed conditions that ask for an assessment."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from core.db import Row
from core.errors import Conflict, Invalid, Problem
from dashboards import audited, visible
from dashboards.api.phone_desk import noted
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.pages import back, said, show
from dispatch.phone import conflicts, reports

router = APIRouter(prefix="/desk/phone", route_class=Guarded, include_in_schema=False)
REPORTS = ("clerk", "assessor", "admin", "provider_manager")
CONFLICTS = ("provider_manager", "duty_manager", "admin")
Reader = Annotated[Scope, allow(*{*REPORTS, *CONFLICTS})]
Manager = Annotated[Scope, allow(*CONFLICTS)]
Settler = Annotated[Scope, allow("clerk", "assessor", "admin")]
Text = Annotated[str, Form(max_length=2000)]


@router.get("")
async def list_(request: Request, scope: Reader) -> Response:
    """Show what phones brought that somebody has to look at."""
    return await _page(request, scope, None)


@router.post("/conflicts/{phone_conflict_id}/settle")
async def settle_conflict(
    request: Request, scope: Manager, phone_conflict_id: UUID, note: Text = ""
) -> Response:
    """Say what came of a refused record."""
    try:
        async with scope.conn.transaction():
            what = (note.strip(), visible.own_provider(scope))
            await conflicts.settle(scope.conn, phone_conflict_id, scope.person, scope.now, *what)
            await audited.note(scope, "phone_conflict.settle", "phone_conflict", phone_conflict_id)
    except Conflict as problem:
        return await _page(request, scope, problem)
    return back(request, "/desk/phone")


@router.post("/reports/{condition_report_id}/settle")
async def settle_report(
    request: Request, scope: Settler, condition_report_id: UUID, outcome: Text = ""
) -> Response:
    """Say what came of a report."""
    try:
        async with scope.conn.transaction():
            await reports.settle(scope.conn, condition_report_id, scope.person, scope.now, outcome)
            await audited.note(scope, "condition_report.settle", "condition_report", condition_report_id)
    except (Conflict, Invalid) as problem:
        return await _page(request, scope, problem)
    return back(request, "/desk/phone")


async def _page(request: Request, scope: Scope, problem: Problem | None) -> Response:
    provider, role = visible.own_provider(scope), scope.person.role
    refused: list[Row] = []
    changed: list[dict[str, Any]] = []
    if role in CONFLICTS:
        refused = await conflicts.list_open(scope.conn, provider)
    if role in REPORTS:
        changed = [noted(scope, row) for row in await reports.list_open(scope.conn, provider)]
    return show(
        request,
        scope,
        "carers/desk.html",
        status=problem.status if problem else 200,
        refused=refused if role in CONFLICTS else None,
        changed=changed if role in REPORTS else None,
        may_settle=role in ("clerk", "assessor", "admin"),
        outcomes=reports.OUTCOMES,
        failed=said(scope, problem) if problem else None,
    )
