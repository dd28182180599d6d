"""Samples: drawn by a seed, asked by telephone or at the door, and what follows for the whole."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from core.errors import Conflict, Invalid, Problem
from core.ids import parse_id
from core.sql import load
from dashboards import audited
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.desk.pages import Month, beside, month_in
from dashboards.web.pages import back, said, show, wrongs
from services import samples

SQL = load(__file__)
router = APIRouter(prefix="/desk/audit", route_class=Guarded, include_in_schema=False)
Staff = Annotated[Scope, allow("clerk", "auditor", "approver")]
Auditor = Annotated[Scope, allow("auditor")]
USUAL = 30
SHOWN = 100


@router.get("/samples")
async def list_(request: Request, scope: Staff, month: Month | None = None) -> Response:
    """List samples, newest first, of one month or of all."""
    return await _list(request, scope, month_in(scope, month) if month else None, None)


@router.post("/samples")
async def draw(request: Request, scope: Auditor) -> Response:
    """Draw a sample of a month's claims."""
    sent = await request.form()
    try:
        month, size = _month(sent.get("month")), _number(sent.get("size"))
        provider = parse_id(str(sent.get("provider", "")))
        if provider is not None and not await scope.conn.fetchval(SQL.has_provider, provider):
            raise _wrong("provider", "unknown")
        made = await samples.draw(
            scope.conn,
            district=scope.person.district_id,
            month=month,
            size=size,
            now=scope.now,
            provider=provider,
            by=scope.person.account_id,
            seed=_seed(str(sent.get("seed", "")).strip()),
        )
    except Invalid as problem:
        return await _list(request, scope, None, problem)
    detail: dict[str, object] = {"month": f"{month:%Y-%m}", "size": size}
    await audited.note(scope, "sample.draw", "audit_sample", made, detail)
    return back(request, f"/desk/audit/samples/{made}")


@router.get("/samples/{audit_sample_id}")
async def one(request: Request, scope: Staff, audit_sample_id: UUID) -> Response:
    """Show a sample: what was drawn, what was found, what it means for the whole."""
    return await _one(request, scope, audit_sample_id, None)


@router.post("/sample-items/{sample_item_id}")
async def record(request: Request, scope: Auditor, sample_item_id: UUID) -> Response:
    """Record what was found."""
    sent = await request.form()
    sample = await samples.sample_of(scope.conn, sample_item_id)
    note = str(sent.get("note", "")).strip()[:2000]
    try:
        async with scope.conn.transaction():
            await samples.record(
                scope.conn,
                scope.keys,
                sample_item_id,
                scope.person.account_id,
                scope.now,
                outcome=str(sent.get("outcome", "")),
                wrong_amount=_amount(str(sent.get("wrong_amount", "")).strip()),
                note=note or None,
            )
            detail: dict[str, object] = {"outcome": str(sent.get("outcome", ""))}
            await audited.note(scope, "sample.record", "sample_item", sample_item_id, detail)
    except (Invalid, Conflict) as problem:
        return await _one(request, scope, sample, problem)
    return back(request, f"/desk/audit/samples/{sample}#item-{sample_item_id}")


async def _list(request: Request, scope: Scope, month: date | None, problem: Invalid | None) -> Response:
    return show(
        request,
        scope,
        "fraud/samples.html",
        status=problem.status if problem else 200,
        samples=await samples.list_(scope.conn, month, limit=SHOWN),
        month=month,
        drawing=month_in(scope, None),
        providers=await scope.conn.fetch(SQL.list_providers),
        usual=USUAL,
        most=samples.MOST,
        may_draw=scope.person.role == "auditor",
        errors=wrongs(scope, problem) if problem else {},
        **(beside(month) if month else {}),
    )


async def _one(request: Request, scope: Scope, sample: UUID, problem: Problem | None) -> Response:
    row = await samples.find(scope.conn, sample)
    items = [
        {**one, "note": scope.keys.open(one["district_id"], one["note_sealed"]) if one["note_sealed"] else ""}
        for one in await samples.items_of(scope.conn, sample)
    ]
    return show(
        request,
        scope,
        "fraud/sample.html",
        status=problem.status if problem else 200,
        sample=row,
        items=items,
        estimate=await samples.estimate(scope.conn, sample),
        outcomes=samples.OUTCOMES,
        may_record=scope.person.role == "auditor",
        failed=said(scope, problem) if isinstance(problem, Conflict) else None,
        errors=wrongs(scope, problem) if isinstance(problem, Invalid) else {},
    )


def _month(text: Any) -> date:  # noqa: ANN401 - a field of a form
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise _wrong("month", "date") from error


def _number(text: Any) -> int:  # noqa: ANN401 - a field of a form
    try:
        return int(str(text))
    except ValueError as error:
        raise _wrong("size", "out_of_range") from error


def _amount(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        amount = Decimal(text).quantize(Decimal("0.01"))
    except InvalidOperation as error:
        raise _wrong("wrong_amount", "out_of_range") from error
    return amount


def _seed(text: str) -> str | None:
    if len(text) > SHOWN or "\0" in text:
        raise _wrong("seed", "out_of_range")
    return text or None


def _wrong(field: str, code: str) -> Invalid:
    return Invalid(f"{field}: {code}", [{"field": field, "code": code, "message": f"{field}: {code}"}])
