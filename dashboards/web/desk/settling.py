"""Statements through their states: the page of one with all that hangs on it, and what people do to it."""

from decimal import Decimal, InvalidOperation
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from core.db import Row
from core.errors import Invalid, NotFound, Problem
from core.ids import parse_id
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.desk import money, statement_sheet
from dashboards.web.desk.money import Filter
from dashboards.web.pages import back, said, show
from dashboards.web.roster.acting import given_of
from services import claims, statements
from services.settlement import acts, checking, decisions, seals, states
from services.settlement.decisions import Item

router = APIRouter(prefix="/desk/statements", route_class=Guarded, include_in_schema=False)
STAFF = ("clerk", "auditor", "approver")
Reader = Annotated[Scope, allow(*STAFF, "provider_manager")]
Desk = Annotated[Scope, allow("clerk", "approver")]
Approver = Annotated[Scope, allow("approver")]
Manager = Annotated[Scope, allow("provider_manager")]
MAY = {
    "check": ("clerk", "approver"),
    "confirm": ("provider_manager",),
    "approve": ("approver",),
    "issue": ("clerk", "approver"),
    "reconcile": ("clerk", "approver"),
}
"""Who may move a statement how."""


async def own(scope: Scope, statement: UUID) -> Row:
    """Return a statement that the person may know of; raise NotFound."""
    row = await statements.find(scope.conn, statement)
    if scope.person.role == "provider_manager" and row["provider_id"] != scope.person.provider_id:
        raise NotFound(f"no statement {statement}")
    return row


@router.get("/{statement_id}")
async def page(request: Request, scope: Reader, statement_id: UUID, after: UUID | None = None) -> Response:
    """Show one statement with its claims, fit to be printed."""
    return await _page(request, scope, statement_id, after=after)


async def _page(
    request: Request,
    scope: Scope,
    statement: UUID,
    *,
    after: UUID | None = None,
    problem: Problem | None = None,
) -> Response:
    row = await own(scope, statement)
    rows, next_ = await money.page(scope.conn, Filter(statement=statement), after)
    is_issued = row["state"] in states.ISSUED
    role = scope.person.role
    return show(
        request,
        scope,
        "desk/statement.html",
        status=problem.status if problem else 200,
        statement=row,
        claims=rows,
        next=next_,
        lines=await checking.lines(scope.conn, statement),
        rejected=await decisions.rejected(scope.conn, statement),
        disputes=await decisions.disputes(scope.conn, statement=statement),
        history=await checking.history(scope.conn, statement),
        seal=await seals.find(scope.conn, statement) if is_issued else None,
        payments=await acts.payments(scope.conn, statement) if is_issued else [],
        verbs=[verb for verb in states.verbs(row["state"]) if role in MAY.get(verb, ())],
        may_dispute=role == "provider_manager" and row["state"] in ("checked", "disputed", *states.ISSUED),
        may_decide=role in ("clerk", "approver"),
        is_decidable=states.may_decide(row["state"]),
        reasons=decisions.REASONS,
        outcomes=("upheld", "refused"),
        failed=said(scope, problem) if problem else None,
    )


@router.get("/{statement_id}/lines.xlsx")
async def download(scope: Reader, statement_id: UUID) -> Response:
    """Give a statement's claims as a file."""
    return await statement_sheet.give(scope, await own(scope, statement_id))


async def _do(request: Request, scope: Scope, statement: UUID, verb: str) -> Response:
    await own(scope, statement)
    by, now = scope.person.account_id, scope.now
    try:
        async with scope.conn.transaction():
            await getattr(acts, verb)(scope.conn, statement, by, now)
    except Problem as problem:
        return await _page(request, scope, statement, problem=problem)
    return back(request, f"/desk/statements/{statement}")


@router.post("/{statement_id}/check")
async def check(request: Request, scope: Desk, statement_id: UUID) -> Response:
    """Close a draft and judge its claims."""
    return await _do(request, scope, statement_id, "check")


@router.post("/{statement_id}/confirm")
async def confirm(request: Request, scope: Manager, statement_id: UUID) -> Response:
    """Agree with a checked statement."""
    return await _do(request, scope, statement_id, "confirm")


@router.post("/{statement_id}/approve")
async def approve(request: Request, scope: Approver, statement_id: UUID) -> Response:
    """Approve what the provider has confirmed."""
    return await _do(request, scope, statement_id, "approve")


@router.post("/{statement_id}/issue")
async def issue(request: Request, scope: Desk, statement_id: UUID) -> Response:
    """Fix, seal and freeze an approved statement."""
    return await _do(request, scope, statement_id, "issue")


@router.post("/{statement_id}/reconcile")
async def reconcile(request: Request, scope: Desk, statement_id: UUID) -> Response:
    """Close an issued statement that is paid."""
    return await _do(request, scope, statement_id, "reconcile")


@router.post("/{statement_id}/dispute")
async def dispute(request: Request, scope: Manager, statement_id: UUID) -> Response:
    """Dispute one claim or line."""
    await own(scope, statement_id)
    given = await given_of(request)
    item = Item(
        given.get("reason", ""),
        given.get("words", "")[:1000],
        claim=parse_id(given.get("claim", "")),
        line=parse_id(given.get("line", "")),
    )
    by = scope.person.account_id
    try:
        async with scope.conn.transaction():
            await _same(scope, statement_id, item.claim, item.line)
            await decisions.appeal(scope.conn, item, by, scope.now)
    except Problem as problem:
        return await _page(request, scope, statement_id, problem=problem)
    return back(request, f"/desk/statements/{statement_id}#disputes")


@router.post("/{statement_id}/answer")
async def answer(request: Request, scope: Desk, statement_id: UUID) -> Response:
    """Answer the dispute of a claim or line."""
    await own(scope, statement_id)
    given = await given_of(request)
    who: dict[str, Any] = {"by": scope.person.account_id, "now": scope.now}
    who |= {"outcome": given.get("outcome", ""), "words": given.get("words", "")[:1000]}
    claim, line = parse_id(given.get("claim", "")), parse_id(given.get("line", ""))
    try:
        async with scope.conn.transaction():
            await _same(scope, statement_id, claim, line)
            if claim is not None:
                await decisions.answer(scope.conn, claim, **who)
            elif line is not None:
                await decisions.answer_line(scope.conn, line, **who)
    except Problem as problem:
        return await _page(request, scope, statement_id, problem=problem)
    return back(request, f"/desk/statements/{statement_id}#disputes")


@router.post("/{statement_id}/decide")
async def decide(request: Request, scope: Desk, statement_id: UUID) -> Response:
    """Decide what a claim is worth: nothing, a part, or all that was asked."""
    await own(scope, statement_id)
    given = await given_of(request)
    claim, by = parse_id(given.get("claim", "")), scope.person.account_id
    try:
        async with scope.conn.transaction():
            await _same(scope, statement_id, claim, None)
            assert claim is not None  # noqa: S101 - without one there was no such line
            approved = _yuan(given.get("approved", ""))
            await decisions.adjust(scope.conn, claim, approved, "by_hand", by, scope.now)
    except Problem as problem:
        return await _page(request, scope, statement_id, problem=problem)
    return back(request, f"/desk/statements/{statement_id}#rejected")


async def _same(scope: Scope, statement: UUID, claim: UUID | None, line: UUID | None) -> None:
    """Raise NotFound unless the claim, or else the line, stands in the statement."""
    if claim is not None:
        is_there = (await claims.find(scope.conn, claim))["statement_id"] == statement
    else:
        is_there = line in {row["id"] for row in await checking.lines(scope.conn, statement)}
    if not is_there:
        raise NotFound(f"the statement has no line {claim or line}")


def _yuan(text: str) -> Decimal:
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        words = "approved: an amount in yuan"
        raise Invalid(words, [{"field": "approved", "code": "amount", "message": words}])
    return value.quantize(Decimal("0.01"))
