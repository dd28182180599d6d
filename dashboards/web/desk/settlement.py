"""The month's settlement: runs and how far they are, files of money that came back, contracts' terms."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, UploadFile
from fastapi.responses import Response

from core.errors import Invalid, Problem
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.desk.pages import Month, beside, month_in
from dashboards.web.pages import back, said, show
from dashboards.web.roster.acting import given_of
from services import statements
from services.settlement import decisions, payments, runs, terms
from services.settlement.payments import Taken

router = APIRouter(prefix="/desk", route_class=Guarded, include_in_schema=False)
STAFF = ("clerk", "auditor", "approver")
Staff = Annotated[Scope, allow(*STAFF)]
Desk = Annotated[Scope, allow("clerk", "approver")]
Clerk = Annotated[Scope, allow("clerk")]
_LARGEST = 20_000_000
_TOLD = 100


def month_before(scope: Scope, wanted: str | None) -> date:
    """Return the month asked for; the last one that is over by default."""
    if wanted:
        return month_in(scope, wanted)
    return date.fromordinal(month_in(scope, None).toordinal() - 1).replace(day=1)


@router.get("/settlement")
async def page(request: Request, scope: Staff, month: Month | None = None) -> Response:
    """Show the month's runs, statements by state, disputes that wait, files taken."""
    return await _page(request, scope, month_before(scope, month))


async def _page(
    request: Request,
    scope: Scope,
    month: date,
    *,
    problem: Problem | None = None,
    taken: Taken | None = None,
) -> Response:
    wrong = bool(taken and taken.mistakes)
    return show(
        request,
        scope,
        "desk/settlement.html",
        status=problem.status if problem else 422 if wrong else 200,
        month=month,
        runs=await runs.list_(scope.conn, month, 3),
        statements=await statements.list_(scope.conn, month, limit=200),
        disputes=await decisions.disputes(scope.conn, waiting=True, limit=20),
        files=await payments.list_(scope.conn, 10),
        may_run=scope.person.role in ("clerk", "approver"),
        kinds=payments.KINDS,
        failed=said(scope, problem) if problem else None,
        taken=taken,
        told=_TOLD,
        **beside(month),
    )


@router.get("/settlement/runs")
async def progress(request: Request, scope: Staff, month: Month | None = None) -> Response:
    """Show how far the runs are, looked at again and again."""
    wanted = month_before(scope, month)
    template = "desk/settlement_runs.html"
    return show(request, scope, template, runs=await runs.list_(scope.conn, wanted, 3), month=wanted)


@router.post("/settlement/run")
async def start(request: Request, scope: Desk) -> Response:
    """Begin a month's run."""
    given = await given_of(request)
    try:
        month = date.fromisoformat(f"{given.get('month', '')}-01")
    except ValueError:
        month = month_before(scope, None)
    step = given.get("step", "")
    who: dict[str, Any] = {"district": scope.person.district_id, "account": scope.person.account_id}
    try:
        async with scope.conn.transaction():
            step = step if step in ("draft", "check") else "draft"
            await runs.start(scope.conn, month=month, step=step, now=scope.now, **who)
    except Problem as problem:
        return await _page(request, scope, month, problem=problem)
    return back(request, f"/desk/settlement?month={month:%Y-%m}")


@router.post("/settlement/files")
async def take(request: Request, scope: Clerk, sheet: UploadFile) -> Response:
    """Take a file of the bank or of the voucher platform: as a whole or not at all."""
    given, content = await given_of(request), await sheet.read(_LARGEST + 1)
    month = month_before(scope, None)
    who: dict[str, Any] = {
        "district": scope.person.district_id,
        "by": scope.person.account_id,
        "now": scope.now,
    }
    name = sheet.filename or "-"
    try:
        async with scope.conn.transaction():
            done = await payments.take(
                scope.conn, scope.keys, kind=given.get("kind", ""), name=name, content=content, **who
            )
    except Problem as problem:
        return await _page(request, scope, month, problem=problem)
    return await _page(request, scope, month, taken=done)


@router.get("/contracts")
async def contracts(request: Request, scope: Staff) -> Response:
    """Show every contract's terms."""
    return await _contracts(request, scope)


async def _contracts(request: Request, scope: Scope, problem: Problem | None = None) -> Response:
    return show(
        request,
        scope,
        "desk/contracts.html",
        status=problem.status if problem else 200,
        contracts=await terms.list_(scope.conn),
        may_change=scope.person.role == "clerk",
        failed=said(scope, problem) if problem else None,
    )


@router.post("/contracts/{contract_id}/terms")
async def set_terms(request: Request, scope: Clerk, contract_id: UUID) -> Response:
    """Set a contract's terms."""
    given = await given_of(request)
    try:
        async with scope.conn.transaction():
            wanted = terms.Terms(
                response_minutes=_whole(given, "response_minutes"),
                late_penalty=_figure(given, "late_penalty") or Decimal(0),
                hours_most=_figure(given, "hours_most"),
                hours_least=_figure(given, "hours_least"),
                hours_penalty=_figure(given, "hours_penalty") or Decimal(0),
                overlap_minutes=_whole(given, "overlap_minutes") or 0,
            )
            await terms.set_(scope.conn, contract_id, wanted, scope.person.account_id, scope.now)
    except Problem as problem:
        if problem.status == 404:  # noqa: PLR2004 - HTTP: no such contract
            raise
        return await _contracts(request, scope, problem)
    return back(request, "/desk/contracts")


def _figure(given: dict[str, str], name: str) -> Decimal | None:
    text = given.get(name, "").strip()
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if (
        not value.is_finite()
        or not 0 <= value < Decimal(1_000_000)
        or value != value.quantize(Decimal("0.01"))
    ):
        words = f"{name}: a number with at most two decimals"
        raise Invalid(words, [{"field": name, "code": "amount", "message": words}])
    return value or None


def _whole(given: dict[str, str], name: str) -> int | None:
    value = _figure(given, name)
    if value is not None and (value != int(value) or value > 10_000):  # noqa: PLR2004 - a week in minutes
        words = f"{name}: whole minutes"
        raise Invalid(words, [{"field": name, "code": "amount", "message": words}])
    return None if value is None else int(value)
