"""Proofs of life that are due; one person's proofs, account, payments and death."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from core import people
from core.clock import local_date
from core.errors import Conflict, Invalid, Problem
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.care import forms
from dashboards.web.pages import back, said, show, wrongs
from services import deaths, life_proofing, life_proofs
from services.allowances import lists, payees
from services.allowances.payees import NewPayee

router = APIRouter(prefix="/desk", route_class=Guarded, include_in_schema=False)
Reader = Annotated[Scope, allow("clerk", "auditor", "approver", "admin")]
Clerk = Annotated[Scope, allow("clerk", "admin")]
Payer = Annotated[Scope, allow("clerk")]
MOST = 300


@router.get("/life-proofs")
async def owed(request: Request, scope: Reader) -> Response:
    """Show who owes a proof of life, who has missed it first."""
    today = local_date(scope.now)
    rows = await life_proofs.due_list(scope.conn, scope.person.district_id, today, limit=MOST)
    missed = sum(1 for one in rows if one.due.state == "missed")
    return show(
        request,
        scope,
        "lives/proofs.html",
        rows=rows,
        missed=missed,
        reported=await deaths.list_(scope.conn, "reported", limit=50),
        may_write=scope.person.role in {"clerk", "admin"},
        today=today,
    )


@router.get("/elders/{elder_id}/life")
async def life(request: Request, scope: Reader, elder_id: UUID) -> Response:
    """Show one person: proofs, account, payments, death."""
    return await shown(request, scope, elder_id, None)


async def shown(
    request: Request, scope: Scope, elder_id: UUID, problem: Problem | None, clear: str = ""
) -> Response:
    """Answer with a person's page, or with what went wrong."""
    conn, today, role = scope.conn, local_date(scope.now), scope.person.role
    district = scope.person.district_id
    return show(
        request,
        scope,
        "lives/life.html",
        status=problem.status if problem else 200,
        elder=await people.find_elder(conn, elder_id),
        proofs=await life_proofs.of_elder(conn, elder_id),
        owed=next(iter(await life_proofs.due_list(conn, district, today, elder=elder_id)), None),
        sign=await life_proofs.noticed(conn, district, elder_id, scope.now),
        payee=await payees.find(conn, elder_id),
        clear=clear,
        paid=await lists.of_elder(conn, elder_id),
        deaths=await deaths.of_elder(conn, elder_id),
        methods=life_proofing.METHODS,
        relations=payees.RELATIONS,
        today=today,
        may_write=role in {"clerk", "admin"},
        may_pay=role == "clerk",
        failed=said(scope, problem) if problem else None,
        errors=wrongs(scope, problem) if isinstance(problem, Invalid) else {},
    )


@router.post("/elders/{elder_id}/life-proof")
async def prove(request: Request, scope: Clerk, elder_id: UUID) -> Response:
    """Record a proof of life."""
    sent = await request.form()
    method = forms.text(sent, "method", 20)
    try:
        async with scope.conn.transaction():
            day = forms.day(sent, "proven_on") if method != "device" else None
            await life_proofs.record(scope.conn, elder_id, method, scope.person, scope.now, proven_on=day)
    except (Conflict, Invalid) as problem:
        return await shown(request, scope, elder_id, problem)
    is_listed = forms.text(sent, "next", 20) == "list"
    return back(request, "/desk/life-proofs" if is_listed else f"/desk/elders/{elder_id}/life")


@router.post("/elders/{elder_id}/payee")
async def account(request: Request, scope: Payer, elder_id: UUID) -> Response:
    """Record the account for payments."""
    sent = await request.form()
    new = NewPayee(*(forms.text(sent, name, 80) for name in ("holder", "relation", "bank", "number")))
    try:
        async with scope.conn.transaction():
            await payees.record(scope.conn, scope.keys, elder_id, new, scope.person, scope.now)
    except Invalid as problem:
        return await shown(request, scope, elder_id, problem)
    return back(request, f"/desk/elders/{elder_id}/life")


@router.post("/elders/{elder_id}/payee/reveal")
async def reveal(request: Request, scope: Payer, elder_id: UUID) -> Response:
    """Show the account number in clear, on record."""
    clear = await payees.reveal(scope.conn, scope.keys, elder_id, scope.person, scope.now)
    return await shown(request, scope, elder_id, None, clear)
