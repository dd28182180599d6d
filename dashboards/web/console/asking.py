"""The scripted questions of a case on the console: an answer, another severity by hand."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from core.errors import Conflict, Invalid
from dashboards.auth import Guarded, Scope
from dashboards.web.console.pages import Code, Operator, Text, answer_case
from dashboards.web.pages import back, is_partial
from dispatch import questions
from dispatch.fields import wrong

router = APIRouter(prefix="/console/cases", route_class=Guarded, include_in_schema=False)
Name = Annotated[str, Form(max_length=60)]
Said = Annotated[str, Form(max_length=600)]


@router.post("/{case_id}/answer")
async def answer(
    request: Request,
    scope: Operator,
    case_id: UUID,
    node: Name = "",
    answer: Said = "",
    was: Said = "",
    version: Name = "",
) -> Response:
    """Answer a question; a lost race says who was first."""
    try:
        async with scope.conn.transaction():
            seen = {"was": was or None, "version": version or None}
            await questions.answer(scope.conn, case_id, node, answer, scope.person, scope.now, **seen)
    except (Conflict, Invalid) as problem:
        return await answer_case(request, scope, case_id, problem, "answer")
    return await _done(request, scope, case_id)


@router.post("/{case_id}/severity")
async def set_severity(
    request: Request, scope: Operator, case_id: UUID, severity: Code = "", was: Code = "", note: Text = ""
) -> Response:
    """Set how grave the case is by hand."""
    try:
        if not (severity.isdecimal() and was.isdecimal()):
            raise wrong("severity", "unknown", "1 to 5")
        conn, person, now, why = scope.conn, scope.person, scope.now, note.strip() or None
        async with conn.transaction():
            await questions.set_severity(conn, case_id, int(severity), person, now, was=int(was), note=why)
    except (Conflict, Invalid) as problem:
        return await answer_case(request, scope, case_id, problem, "severity")
    return await _done(request, scope, case_id)


async def _done(request: Request, scope: Scope, case_id: UUID) -> Response:
    if is_partial(request):
        return await answer_case(request, scope, case_id)
    return back(request, f"/console/cases/{case_id}")
