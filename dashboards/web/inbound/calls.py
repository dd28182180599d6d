"""Callers: a bar over every console while somebody rings, the caller's page, the list, the call-backs."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from core.errors import Conflict, Invalid
from core.events import OPERATORS
from dashboards import visible
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.inbound import desk_phone, popping
from dashboards.web.pages import back, said, show
from dispatch.inbound import calls, entering, returning
from dispatch.telephony import bridging

router = APIRouter(prefix="/console", route_class=Guarded, include_in_schema=False)
Operator = Annotated[Scope, allow(*OPERATORS)]
Code = Annotated[str, Form(max_length=40)]
PAGE = 50


@router.get("/inbound/ringing")
async def ringing(request: Request, scope: Operator) -> Response:
    """Show who is on the line, as a bar; and how many wait to be called back."""
    rows = [
        {**row, "number": popping.masked(scope, row["number_sealed"])}
        for row in await calls.ringing(scope.conn)
    ]
    waiting = await returning.count(scope.conn)
    return show(request, scope, "inbound/ringing.html", calls=rows, missed=waiting)


@router.get("/inbound")
async def list_(
    request: Request, scope: Operator, after: UUID | None = None, *, missed: bool = False
) -> Response:
    """List calls to us, newest first."""
    rows = await calls.list_(scope.conn, missed=missed or None, after=after, limit=PAGE + 1)
    shown = [{**row, "number": popping.masked(scope, row["number_sealed"])} for row in rows[:PAGE]]
    next_ = rows[PAGE - 1]["id"] if len(rows) > PAGE else None
    return show(request, scope, "inbound/calls.html", calls=shown, missed=missed, next=next_)


@router.get("/inbound/{inbound_call_id}")
async def one(request: Request, scope: Operator, inbound_call_id: UUID) -> Response:
    """Show the caller with every record of them."""
    return await _page(request, scope, inbound_call_id)


@router.post("/inbound/{inbound_call_id}/take")
async def take(request: Request, scope: Operator, inbound_call_id: UUID) -> Response:
    """Take the call: the operator's phone rings; the second is told who was first."""
    await calls.find(scope.conn, inbound_call_id)
    if await desk_phone.number_of(scope) is None:
        missing = Conflict("no phone is set for this seat", code="no_desk_phone")
        return await _page(request, scope, inbound_call_id, missing)
    try:
        async with scope.conn.transaction():
            await calls.take(scope.conn, inbound_call_id, scope.person, scope.now)
    except Conflict as problem:
        return await _page(request, scope, inbound_call_id, problem)
    return back(request, f"/console/inbound/{inbound_call_id}")


@router.post("/inbound/{inbound_call_id}/join")
async def join(
    request: Request, scope: Operator, inbound_call_id: UUID, case_id: Annotated[UUID, Form()]
) -> Response:
    """Say which open case the call is about, and go there."""
    await calls.find(scope.conn, inbound_call_id)
    await entering.case_of_call(scope.conn, inbound_call_id, case_id, scope.person, scope.now)
    return back(request, f"/console/cases/{case_id}")


@router.post("/inbound/{inbound_call_id}/number")
async def number(request: Request, scope: Operator, inbound_call_id: UUID) -> Response:
    """Show the caller's number in clear, on record."""
    clear = await returning.reveal(scope.conn, scope.keys, inbound_call_id, scope.person, scope.now)
    return show(request, scope, "inbound/number.html", number=clear)


@router.get("/call-backs")
async def call_backs(request: Request, scope: Operator) -> Response:
    """List who is to be called back, who was missed first on top."""
    return await _list(request, scope)


@router.post("/call-backs/{inbound_call_id}")
async def called_back(
    request: Request, scope: Operator, inbound_call_id: UUID, result: Code = ""
) -> Response:
    """Say what came of a call back, or ring the caller from the seat's phone (`result` call)."""
    await visible.check(scope, "inbound_call", inbound_call_id)
    try:
        async with scope.conn.transaction():
            if result == "call":
                await _ring(scope, inbound_call_id)
            else:
                await returning.tried(scope.conn, inbound_call_id, result, scope.person, scope.now)
    except (Conflict, Invalid) as problem:
        return await _list(request, scope, problem)
    return back(request, "/console/call-backs")


async def _ring(scope: Scope, call_id: UUID) -> None:
    row = await calls.lock(scope.conn, call_id)
    if row["number_sealed"] is None:
        raise Conflict("the number was withheld", code="number_withheld")
    stored = scope.keys.open(scope.person.district_id, row["number_sealed"])
    found = await calls.find(scope.conn, call_id)
    await bridging.call_back(
        scope.conn,
        scope.keys,
        by=scope.person,
        number=stored,
        now=scope.now,
        elder=found["elder_id"],
        family_member=found["family_member_id"],
    )


async def _list(request: Request, scope: Scope, problem: Conflict | Invalid | None = None) -> Response:
    rows = [
        {**row, "number": popping.masked(scope, row["number_sealed"])}
        for row in await returning.list_(scope.conn)
    ]
    desk = await desk_phone.number_of(scope)
    return show(
        request,
        scope,
        "inbound/call_backs.html",
        status=problem.status if problem else 200,
        lines=rows,
        has_desk=desk is not None,
        within=returning.WITHIN,
        results=returning.RESULTS,
        failed=said(scope, problem) if problem else None,
    )


async def _page(request: Request, scope: Scope, call_id: UUID, problem: Conflict | None = None) -> Response:
    return show(
        request,
        scope,
        "inbound/call.html",
        status=problem.status if problem else 200,
        shown=await popping.find(scope, call_id),
        failed=said(scope, problem) if problem else None,
    )
