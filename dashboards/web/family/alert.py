"""The page behind an alert: what happened, who sees to it, live; and what a relative does about it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from core.db import Row
from core.errors import Conflict, Invalid, NotFound, Problem
from dashboards import visible
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.care.forms import text
from dashboards.web.family import home
from dashboards.web.pages import back, is_partial, said, show, wrongs
from dispatch import family_answers

router = APIRouter(prefix="/family/alert", route_class=Guarded, include_in_schema=False)
Family = Annotated[Scope, allow("family")]
LONGEST = 300


@router.get("/{case_id}")
async def alert(request: Request, scope: Family, case_id: UUID) -> Response:
    """Show one case: the page that a notice's link opens."""
    return await _alert(request, scope, case_id, None)


@router.post("/{case_id}/answer")
async def answer(request: Request, scope: Family, case_id: UUID) -> Response:
    """Keep what the relative does: comes, is there, cannot."""
    await _bond(scope, case_id)
    given = text(await request.form(), "answer", 20)
    try:
        async with scope.conn.transaction():
            await family_answers.answer(scope.conn, case_id, scope.person, scope.now, given)
    except (Conflict, Invalid) as problem:
        return await _alert(request, scope, case_id, problem)
    return back(request, f"/family/alert/{case_id}")


@router.post("/{case_id}/safe")
async def safe(request: Request, scope: Family, case_id: UUID) -> Response:
    """Keep that the relative says they are safe; an operator asks, and closes."""
    row, _ = await _bond(scope, case_id)
    sent = await request.form()
    try:
        async with scope.conn.transaction():
            how, note = text(sent, "how", 20), text(sent, "note", LONGEST)
            await family_answers.safe(scope.conn, row["id"], scope.person, scope.now, how, note)
    except (Conflict, Invalid) as problem:
        return await _alert(request, scope, case_id, problem)
    return back(request, f"/family/alert/{case_id}")


async def _bond(scope: Scope, case_id: UUID) -> tuple[Row, Row]:
    """Return the case and the relative's tie to whom it is about; NotFound for anybody else's."""
    row = await scope.conn.fetchrow(home.SQL.find_case, case_id)
    if row is None:
        raise NotFound(f"no case {case_id}")
    try:
        return row, await home.name_of(scope, row["elder_id"])
    except NotFound as problem:
        raise NotFound(f"no case {case_id}") from problem


async def _alert(request: Request, scope: Scope, case_id: UUID, problem: Problem | None) -> Response:
    row, bond = await _bond(scope, case_id)
    visible.need(bond, "alerts")
    found = await home.find(scope, row["elder_id"], bond)
    case = next((one for one in found.cases if one["id"] == case_id), None)
    return show(
        request,
        scope,
        "family/alert_part.html" if is_partial(request) else "family/alert.html",
        status=problem.status if problem else 200,
        home=found,
        case=case or (await home.with_steps(scope, [row]))[0],
        how=family_answers.HOW,
        failed=said(scope, problem) if isinstance(problem, Conflict) else None,
        errors=wrongs(scope, problem) if isinstance(problem, Invalid) else {},
    )
