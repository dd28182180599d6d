"""Payment lists: of a month, one with its differences and lines, a line with its explanation."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from core.clock import local_date, month_of
from core.db import Row
from core.errors import Conflict, Invalid, NotFound, Problem
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.care import forms
from dashboards.web.desk.pages import beside, month_in
from dashboards.web.pages import back, said, show
from services.allowances import corrections, issuing, lists, payments

router = APIRouter(prefix="/desk/allowances", route_class=Guarded, include_in_schema=False)
Reader = Annotated[Scope, allow("clerk", "auditor", "approver")]
Clerk = Annotated[Scope, allow("clerk")]
Two = Annotated[Scope, allow("clerk", "approver")]
Month = Annotated[str, Query(pattern=r"^2\d{3}-(0[1-9]|1[0-2])$")]
Word = Annotated[str, Query(max_length=20, pattern=r"^[a-z_]*$")]
PAGE = 100
VERBS: dict[str, Callable[..., Awaitable[Row]]] = {
    "check": lists.check,
    "approve": lists.approve,
    "issue": issuing.issue,
    "reopen": lists.reopen,
}
APPROVING = ("approve", "issue")


@router.get("")
async def index(request: Request, scope: Reader, month: Month | None = None) -> Response:
    """Show the lists of a month, and what is waiting beside them."""
    return await _index(request, scope, month_in(scope, month), None)


async def _index(request: Request, scope: Scope, month: date, problem: Problem | None) -> Response:
    return show(
        request,
        scope,
        "allowances/lists.html",
        status=problem.status if problem else 200,
        month=month,
        rows=await lists.list_(scope.conn, month=month, limit=100),
        schemes=await lists.codes(scope.conn, month),
        waiting=await corrections.waiting(scope.conn),
        may_open=scope.person.role == "clerk" and month <= month_of(local_date(scope.now)),
        may_write=scope.person.role == "clerk",
        failed=said(scope, problem) if problem else None,
        **beside(month),
    )


@router.post("")
async def open_(request: Request, scope: Clerk) -> Response:
    """Begin a list."""
    sent = await request.form()
    month = month_of(forms.needed_day(sent, "month"))
    try:
        async with scope.conn.transaction():
            found = await lists.open_(
                scope.conn,
                scope.person.district_id,
                forms.text(sent, "scheme", 60),
                month,
                scope.person,
                scope.now,
            )
    except (Conflict, Invalid) as problem:
        return await _index(request, scope, month, problem)
    return back(request, f"/desk/allowances/{found}")


@router.get("/{allowance_id}")
async def one(
    request: Request, scope: Reader, allowance_id: UUID, what: Word = "", after: UUID | None = None
) -> Response:
    """Show one list."""
    return await shown(request, scope, allowance_id, None, what=what, after=after)


async def shown(
    request: Request,
    scope: Scope,
    found: UUID,
    problem: Problem | None,
    *,
    what: str = "",
    after: UUID | None = None,
) -> Response:
    """Answer with a list, or with what went wrong."""
    conn, row = scope.conn, await lists.find(scope.conn, found)
    rows = await lists.lines(conn, found, change=what or None, after=after, limit=PAGE + 1)
    is_issued = row["hash"] is not None
    return show(
        request,
        scope,
        "allowances/list.html",
        status=problem.status if problem else 200,
        row=row,
        what=what,
        sums=await lists.summary(conn, found),
        lines=rows[:PAGE],
        next=rows[PAGE - 1]["id"] if len(rows) > PAGE else None,
        paid=await payments.sums(conn, found) if is_issued else [],
        back=await payments.list_(conn, found, "returned", limit=PAGE) if is_issued else [],
        verbs=_verbs(scope, row),
        may_settle=scope.person.role == "clerk" and row["state"] in {"issued", "reconciled"},
        failed=said(scope, problem) if problem else None,
        wrong=problem.extra.get("errors", []) if isinstance(problem, Invalid) else [],
    )


def _verbs(scope: Scope, row: Row) -> list[str]:
    """Return what this person may do with the list now, the main thing first."""
    who, role, state = scope.person.account_id, scope.person.role, row["state"]
    if role == "auditor" or state in {"issued", "reconciled"}:
        return []
    first = {"draft": "check", "checked": "approve", "approved": "issue"}[state]
    is_second = state != "checked" or who not in {row["created_by"], row["checked_by"]}
    is_theirs = (first not in APPROVING or role == "approver") and is_second
    is_ready = row["computed_at"] is not None
    return [*([first] if is_theirs and is_ready else []), "reopen"]


@router.get("/{allowance_id}/progress")
async def progress(request: Request, scope: Reader, allowance_id: UUID) -> Response:
    """Show how far a list is computed; the page comes anew when it is done."""
    row = await lists.find(scope.conn, allowance_id)
    if row["computed_at"] is not None:
        return Response(headers={"HX-Refresh": "true"})
    return show(request, scope, "allowances/progress.html", row=row)


@router.post("/{allowance_id}/{verb}")
async def change(request: Request, scope: Two, allowance_id: UUID, verb: str) -> Response:
    """Check, approve, issue, or make it a draft again."""
    if verb not in VERBS:
        raise NotFound(f"no {verb} of a payment list")
    if verb in APPROVING and scope.person.role != "approver":
        raise NotFound("an approver does this")
    try:
        async with scope.conn.transaction():
            await VERBS[verb](scope.conn, allowance_id, scope.person, scope.now)
    except Conflict as problem:
        return await shown(request, scope, allowance_id, problem)
    return back(request, f"/desk/allowances/{allowance_id}")


@router.get("/lines/{allowance_line_id}")
async def line(request: Request, scope: Reader, allowance_line_id: UUID) -> Response:
    """Explain one line."""
    return await _line(request, scope, allowance_line_id, None)


async def _line(request: Request, scope: Scope, found: UUID, problem: Problem | None) -> Response:
    row = await lists.find_line(scope.conn, found)
    listed = await lists.find(scope.conn, row["list_id"])
    [elder] = [
        one["elder_name"]
        for one in await lists.lines(scope.conn, row["list_id"], elder=row["elder_id"], limit=1)
    ]
    given: dict[str, Any] = dict(await request.form()) if request.method == "POST" else {}
    return show(
        request,
        scope,
        "allowances/line.html",
        status=problem.status if problem else 200,
        line=row,
        listed=listed,
        elder=elder,
        reasons=corrections.REASONS,
        may_correct=scope.person.role == "clerk" and listed["hash"] is not None,
        failed=said(scope, problem) if problem else None,
        given=given,
    )


@router.post("/lines/{allowance_line_id}/correct")
async def correct(request: Request, scope: Clerk, allowance_line_id: UUID) -> Response:
    """Correct an issued line by a line of the next list."""
    sent = await request.form()
    try:
        async with scope.conn.transaction():
            await corrections.correct(
                scope.conn,
                allowance_line_id,
                forms.money(sent, "amount"),
                forms.text(sent, "reason", 40),
                scope.person,
                scope.now,
                forms.text(sent, "note", 500),
            )
    except (Conflict, Invalid) as problem:
        return await _line(request, scope, allowance_line_id, problem)
    return back(request, "/desk/allowances#corrections")


@router.post("/corrections/{allowance_correction_id}/withdraw")
async def withdraw(request: Request, scope: Clerk, allowance_correction_id: UUID) -> Response:
    """Take a correction back."""
    try:
        async with scope.conn.transaction():
            await corrections.withdraw(scope.conn, allowance_correction_id, scope.person, scope.now)
    except Conflict as problem:
        return await _index(request, scope, month_of(local_date(scope.now)), problem)
    return back(request, "/desk/allowances#corrections")
