"""Deaths: reported, confirmed with what it stops, dismissed, undone by a second person."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from core.db import Row
from core.errors import Conflict, Invalid, NotFound, Problem
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.care import forms
from dashboards.web.lives.pages import shown
from dashboards.web.pages import back, said, show
from services import deaths

router = APIRouter(prefix="/desk", route_class=Guarded, include_in_schema=False)
Reader = Annotated[Scope, allow("clerk", "auditor", "approver", "admin")]
Clerk = Annotated[Scope, allow("clerk", "admin")]
Second = Annotated[Scope, allow("clerk", "approver", "admin")]
PAGE = 50


@router.post("/elders/{elder_id}/death")
async def record(request: Request, scope: Clerk, elder_id: UUID) -> Response:
    """Record a death: report and confirmation in one."""
    sent = await request.form()
    try:
        async with scope.conn.transaction():
            day = forms.needed_day(sent, "died_on")
            death = await deaths.record(scope.conn, elder_id, day, scope.person, scope.now)
    except (Conflict, Invalid) as problem:
        return await shown(request, scope, elder_id, problem)
    return back(request, f"/desk/deaths/{death}")


@router.get("/deaths")
async def list_(request: Request, scope: Reader, after: UUID | None = None) -> Response:
    """List deaths, newest first."""
    rows = await deaths.list_(scope.conn, None, after, PAGE + 1)
    return show(
        request,
        scope,
        "lives/deaths.html",
        rows=rows[:PAGE],
        next=rows[PAGE - 1]["id"] if len(rows) > PAGE else None,
    )


@router.get("/deaths/{death_id}")
async def one(request: Request, scope: Reader, death_id: UUID) -> Response:
    """Show one event with what it stopped."""
    return await _one(request, scope, death_id, None)


async def _one(request: Request, scope: Scope, death: UUID, problem: Problem | None) -> Response:
    row = await deaths.find(scope.conn, death)
    role, who = scope.person.role, scope.person.account_id
    may_decide = role in {"clerk", "admin"} and row["state"] == "reported"
    may_undo = role in {"clerk", "approver", "admin"} and row["state"] == "confirmed"
    return show(
        request,
        scope,
        "lives/death.html",
        status=problem.status if problem else 200,
        death=row,
        again=await deaths.to_order_again(scope.conn, death),
        may_decide=may_decide,
        may_undo=may_undo,
        is_own=row["decided_by"] == who,
        failed=said(scope, problem) if problem else None,
    )


@router.post("/deaths/{death_id}/{verb}")
async def decide(request: Request, scope: Second, death_id: UUID, verb: str) -> Response:
    """Confirm, dismiss or undo."""
    sent = await request.form()
    reason = forms.text(sent, "reason", 200) or "register_wrong"

    async def confirm() -> Row:
        return await deaths.confirm(scope.conn, death_id, scope.person, scope.now)

    async def dismiss() -> Row:
        return await deaths.dismiss(scope.conn, death_id, scope.person, scope.now, reason)

    async def undo() -> Row:
        return await deaths.undo(scope.conn, death_id, scope.person, scope.now, reason)

    steps: dict[str, Callable[[], Awaitable[Row]]] = {"confirm": confirm, "dismiss": dismiss, "undo": undo}
    if verb not in steps or (verb != "undo" and scope.person.role == "approver"):
        raise NotFound(f"no {verb} of a death")
    try:
        async with scope.conn.transaction():
            await steps[verb]()
    except Conflict as problem:
        return await _one(request, scope, death_id, problem)
    return back(request, f"/desk/deaths/{death_id}")
