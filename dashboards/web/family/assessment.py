"""The family's page of the grade: which one is in force, how it came about, the paper, a dispute."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from core import districts
from core.clock import local_date
from core.db import Row
from core.errors import Conflict, Invalid, NotFound, Problem
from dashboards import results
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.desk.assessing import raise_dispute
from dashboards.web.family import home
from dashboards.web.pages import back, said, show, wrongs
from services import assessment_disputes, assessments, disputing

router = APIRouter(prefix="/family/grade", route_class=Guarded, include_in_schema=False)
Family = Annotated[Scope, allow("family")]


@router.get("")
async def start(request: Request, scope: Family) -> Response:
    """Show the only elder's grade, or ask whose."""
    return await home.choose(request, scope, "/family/grade/")


@router.get("/{elder_id}")
async def grade(request: Request, scope: Family, elder_id: UUID) -> Response:
    """Show the grade in force and how it came about."""
    return await _grade(request, scope, elder_id, None)


@router.get("/{elder_id}/result.pdf")
async def result(scope: Family, elder_id: UUID) -> Response:
    """Give the result of the last signed assessment as a paper."""
    await home.name_of(scope, elder_id)
    row = await _latest(scope, elder_id)
    if row is None:
        return RedirectResponse(f"/family/grade/{elder_id}", status_code=303)
    paper = await results.gather(scope, row)
    return results.download(await asyncio.to_thread(results.pdf, paper), row["id"])


@router.post("/{elder_id}/dispute")
async def dispute(request: Request, scope: Family, elder_id: UUID) -> Response:
    """Dispute the grade: two others assess again."""
    await home.name_of(scope, elder_id)
    sent = await request.form()
    row = await _latest(scope, elder_id)
    if row is None:
        raise NotFound(f"no assessment of elder {elder_id}")
    try:
        async with scope.conn.transaction():
            await raise_dispute(scope, row["id"], sent, "family")
    except (Conflict, Invalid) as problem:
        return await _grade(request, scope, elder_id, problem)
    return back(request, f"/family/grade/{elder_id}")


async def _latest(scope: Scope, elder: UUID) -> Row | None:
    rows = await assessments.list_(scope.conn, elder_id=elder, limit=20)
    signed = [row for row in rows if row["signed_at"] is not None]
    newest = max(signed, key=lambda row: row["signed_at"], default=None)
    return await assessments.find(scope.conn, newest["id"]) if newest is not None else None


async def _grade(request: Request, scope: Scope, elder_id: UUID, problem: Problem | None) -> Response:
    elder, row = await home.reader_of(scope, elder_id, "bills"), await _latest(scope, elder_id)
    settings = await districts.settings(scope.conn, scope.person.district_id)
    signed = row["signed_at"] if row is not None else None
    last = disputing.last_day(local_date(signed), settings.dispute_days) if signed else None
    disputes = await assessment_disputes.list_(scope.conn, elder_id=elder_id, limit=5)
    mine = [one for one in disputes if row and one["assessment_id"] == row["id"]]
    is_free = row is not None and row["review_of"] is None
    is_open = is_free and not any(one["state"] != "withdrawn" for one in mine)
    return show(
        request,
        scope,
        "family/grade.html",
        status=problem.status if problem else 200,
        elder=elder,
        assessment=row,
        lines=results.lines(scope.language, row) if row else [],
        disputes=disputes,
        last_day=last,
        may_dispute=is_open and last is not None and local_date(scope.now) <= last,
        grounds=disputing.GROUNDS,
        failed=said(scope, problem) if isinstance(problem, Conflict) else None,
        errors=wrongs(scope, problem) if isinstance(problem, Invalid) else {},
    )
