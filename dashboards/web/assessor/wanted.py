"""Who has to be assessed: the whole list, and who goes there when."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from core.clock import at_local, local_date
from core.errors import Conflict, Invalid, Problem
from dashboards import visible
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.care import forms
from dashboards.web.pages import back, said, show, wrongs
from services import assessment_disputes, assessment_wants

router = APIRouter(prefix="/desk/assessments-wanted", route_class=Guarded, include_in_schema=False)
Reader = Annotated[Scope, allow("clerk", "auditor", "approver", "assessor", "admin")]
Planner = Annotated[Scope, allow("clerk", "assessor", "admin")]
PLANNERS = ("clerk", "assessor", "admin")
CLERKS = ("clerk", "admin")


@router.get("")
async def list_(request: Request, scope: Reader) -> Response:
    """List who has to be assessed, the most urgent first, and what is disputed."""
    return await _list(request, scope, None)


@router.post("/{assessment_want_id}")
async def plan(request: Request, scope: Planner, assessment_want_id: UUID) -> Response:
    """Send assessors to somebody, or take them off the list."""
    sent = await request.form()
    await visible.check(scope, "assessment_want", assessment_want_id)
    try:
        async with scope.conn.transaction():
            if sent.get("drop") and scope.person.role in CLERKS:
                await assessment_wants.drop(scope.conn, assessment_want_id, scope.person, scope.now)
            else:
                await assessment_wants.assign(
                    scope.conn,
                    assessment_want_id,
                    first=forms.needed_id(sent, "first"),
                    second=forms.identity(forms.text(sent, "second")),
                    at=_moment(sent),
                    by=scope.person,
                    now=scope.now,
                )
    except (Conflict, Invalid) as problem:
        return await _list(request, scope, problem)
    return back(request, "/desk/assessments-wanted")


def _moment(sent: object) -> datetime:
    form: dict[str, str] = dict(sent)  # type: ignore[call-overload]
    day, clock = forms.needed_day(form, "on"), forms.text(form, "clock", 5)
    try:
        return at_local(day, clock).astimezone(UTC)
    except ValueError as error:
        raise Invalid("clock: no time", [{"field": "clock", "code": "clock"}]) from error


async def _list(request: Request, scope: Scope, problem: Problem | None) -> Response:
    return show(
        request,
        scope,
        "assessor/wanted.html",
        status=problem.status if problem else 200,
        rows=await assessment_wants.list_open(scope.conn),
        disputes=await assessment_disputes.list_(scope.conn, state="open", limit=200),
        assessors=await assessment_wants.assessors(scope.conn),
        today=local_date(scope.now),
        may_plan=scope.person.role in PLANNERS,
        may_drop=scope.person.role in CLERKS,
        failed=said(scope, problem) if isinstance(problem, Conflict) else None,
        errors=wrongs(scope, problem) if isinstance(problem, Invalid) else {},
    )
