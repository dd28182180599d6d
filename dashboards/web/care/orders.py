"""The desk, orders: what was asked for, in which state, called off, called back."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from core import people
from core.clock import at_local, local_date
from core.errors import Conflict, Invalid, Problem
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.care import forms
from dashboards.web.care.plans import SERVICES
from dashboards.web.pages import back, said, show, wrongs
from services import orders
from services.orders import NewOrder

router = APIRouter(prefix="/desk/orders", route_class=Guarded, include_in_schema=False)
Reader = Annotated[Scope, allow("operator", "duty_manager", "clerk", "auditor", "approver", "admin")]
Office = Annotated[Scope, allow("operator", "duty_manager", "clerk", "admin")]
PAGE = 50


@router.get("")
async def list_(request: Request, scope: Reader, state: str = "", after: UUID | None = None) -> Response:
    """List orders by state."""
    return await _list(request, scope, state, after, None)


async def _list(
    request: Request, scope: Scope, state: str, after: UUID | None, problem: Problem | None
) -> Response:
    wanted = state if state in orders.STATES else None
    rows = await orders.list_(scope.conn, state=wanted, after=after, limit=PAGE + 1)
    return show(
        request,
        scope,
        "care/orders.html",
        status=problem.status if problem else 200,
        orders=rows[:PAGE],
        next=rows[PAGE - 1]["id"] if len(rows) > PAGE else None,
        states=orders.STATES,
        state=wanted or "",
        may_act=scope.person.role in {"operator", "duty_manager", "clerk", "admin"},
        failed=said(scope, problem) if problem else None,
    )


@router.get("/new")
async def blank(request: Request, scope: Office, elder: UUID) -> Response:
    """Show the empty form."""
    return await form(request, scope, elder, {}, None)


async def form(
    request: Request, scope: Scope, elder: UUID, given: dict[str, Any], problem: Problem | None
) -> Response:
    """Show the form with what is wrong in it."""
    return show(
        request,
        scope,
        "care/order.html",
        status=problem.status if problem else 200,
        elder=await people.find_elder(scope.conn, elder),
        given=given,
        services=SERVICES,
        today=local_date(scope.now),
        errors=wrongs(scope, problem) if isinstance(problem, Invalid) else {},
        failed=said(scope, problem) if isinstance(problem, Conflict) else None,
    )


@router.post("")
async def place(request: Request, scope: Office) -> Response:
    """Order a visit."""
    sent = await request.form()
    elder = forms.needed_id(sent, "elder")
    try:
        await order(scope, elder, sent, forms.text(sent, "funding") or "subsidy")
    except (Conflict, Invalid) as problem:
        return await form(request, scope, elder, dict(sent), problem)
    return back(request, "/desk/orders")


async def order(scope: Scope, elder: UUID, sent: Any, funding: str) -> UUID:  # noqa: ANN401 - a form
    """Keep what a form asks for."""
    on = forms.needed_day(sent, "on")
    async with scope.conn.transaction():
        return await orders.place(
            scope.conn,
            NewOrder(
                elder_id=elder,
                service=forms.text(sent, "service", 50),
                window_start=_clock(sent, on.isoformat(), "from"),
                window_end=_clock(sent, on.isoformat(), "to"),
                funding=funding,
                note=forms.text(sent, "note"),
            ),
            scope.person,
            scope.now,
        )


def _clock(sent: Any, day: str, name: str) -> datetime:  # noqa: ANN401 - a form
    try:
        on = datetime.fromisoformat(day).replace(tzinfo=UTC).date()
        return at_local(on, forms.text(sent, name, 5))
    except ValueError as error:
        field = "window_start" if name == "from" else "window_end"
        raise Invalid(f"{field}: no time", [{"field": field, "code": "clock"}]) from error


@router.post("/{order_id}/cancel")
async def cancel(request: Request, scope: Office, order_id: UUID) -> Response:
    """Call an order off."""
    sent = await request.form()
    try:
        async with scope.conn.transaction():
            reason = forms.text(sent, "reason", 200)
            await orders.cancel(scope.conn, order_id, scope.person, scope.now, reason)
    except Conflict as problem:
        return await _list(request, scope, "", None, problem)
    return back(request, "/desk/orders")


@router.post("/{order_id}/call-back")
async def call_back(request: Request, scope: Office, order_id: UUID) -> Response:
    """Keep what the elder said afterwards."""
    sent = await request.form()
    satisfied, note = forms.text(sent, "satisfied") == "yes", forms.text(sent, "note", 500)
    try:
        async with scope.conn.transaction():
            said_so: dict[str, Any] = {"satisfied": satisfied, "note": note}
            await orders.call_back(scope.conn, order_id, scope.person, scope.now, **said_so)
    except Conflict as problem:
        return await _list(request, scope, "", None, problem)
    return back(request, "/desk/orders")
