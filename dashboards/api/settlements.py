"""Settlement: a month's run, statements through their states, claims decided, budgets."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from core.clock import local_date
from core.db import Row
from core.errors import NotFound
from dashboards import visible, words
from dashboards.api.settlement_shapes import (
    Budget,
    Done,
    GivenAmount,
    GivenAnswer,
    GivenAppeal,
    GivenBudget,
    GivenCorrection,
    GivenDispute,
    GivenReason,
    GivenRun,
    Line,
    Made,
    Run,
    Seal,
)
from dashboards.api.shapes import OFFICE, Month, Page, month_start, shape_of
from dashboards.auth import Guarded, Scope, allow
from services import claims, statements
from services.settlement import acts, budgets, checking, decisions, runs, seals
from services.settlement.decisions import Item

router = APIRouter(prefix="/api/v1/settlements", tags=["settlements"], route_class=Guarded)
moving = APIRouter(prefix="/api/v1/statements", tags=["statements"], route_class=Guarded)
deciding = APIRouter(prefix="/api/v1/claims", tags=["claims"], route_class=Guarded)
capping = APIRouter(prefix="/api/v1/budgets", tags=["budgets"], route_class=Guarded)
Office = Annotated[Scope, allow(*OFFICE)]
Desk = Annotated[Scope, allow("clerk", "approver")]
Approver = Annotated[Scope, allow("approver")]
Manager = Annotated[Scope, allow("provider_manager")]
Readers = Annotated[Scope, allow(*OFFICE, "provider_manager")]


@router.get("")
async def list_runs(scope: Office, month: Month | None = None) -> Page[Run]:
    """List the newest runs."""
    rows = await runs.list_(scope.conn, month_start(month))
    return Page(items=[shape_of(Run, row) for row in rows], next=None)


@router.post("")
async def start(scope: Desk, given: GivenRun) -> Run:
    """Begin a month's run; the services role works on it."""
    first = month_start(given.month)
    assert first is not None  # noqa: S101 - the month is required
    await visible.check(scope, "provider", given.provider_id)
    who = {"district": scope.person.district_id, "account": scope.person.account_id, "now": scope.now}
    run = await runs.start(scope.conn, month=first, step=given.step, provider=given.provider_id, **who)  # type: ignore[arg-type]
    return shape_of(Run, await runs.show(scope.conn, run))


@router.get("/{settlement_run_id}")
async def show(settlement_run_id: UUID, scope: Office) -> Run:
    """Show how far a run is."""
    return shape_of(Run, await runs.show(scope.conn, settlement_run_id))


async def own(scope: Scope, statement: UUID) -> Row:
    """Return a statement that the person may know of; raise NotFound."""
    row = await statements.find(scope.conn, statement)
    if scope.person.role == "provider_manager" and row["provider_id"] != scope.person.provider_id:
        raise NotFound(f"no statement {statement}")
    return row


async def own_claim(scope: Scope, claim: UUID) -> Row:
    """Return a claim that the person may know of; raise NotFound."""
    row = await claims.find(scope.conn, claim)
    if scope.person.role == "provider_manager" and row["provider_id"] != scope.person.provider_id:
        raise NotFound(f"no claim {claim}")
    return row


async def _done(scope: Scope, statement: UUID) -> Done:
    return shape_of(Done, await statements.find(scope.conn, statement))


@moving.get("/{statement_id}/lines")
async def lines(statement_id: UUID, scope: Readers) -> Page[Line]:
    """List the lines beside a statement's claims."""
    await own(scope, statement_id)
    rows = await checking.lines(scope.conn, statement_id)
    shown = [{**row, "explanation_lines": row["explanation"]} for row in rows]
    said = [{**row, "says": words.explain(scope.language, row["explanation"])} for row in shown]
    return Page(items=[shape_of(Line, row) for row in said], next=None)


@moving.get("/{statement_id}/seal")
async def seal(statement_id: UUID, scope: Readers) -> Seal:
    """Show an issued statement's place in the chain."""
    await own(scope, statement_id)
    row = await seals.find(scope.conn, statement_id)
    hashes = {name: row[name].hex() for name in ("hash", "previous", "lines_hash")}
    audit = row["audit_hash"].hex() if row["audit_hash"] else None
    return shape_of(Seal, {**row, **hashes, "audit_hash": audit})


@moving.post("/{statement_id}/check")
async def check(statement_id: UUID, scope: Desk) -> Done:
    """Close a draft and judge its claims."""
    await own(scope, statement_id)
    await acts.check(scope.conn, statement_id, scope.person.account_id, scope.now)
    return await _done(scope, statement_id)


@moving.post("/{statement_id}/confirm")
async def confirm(statement_id: UUID, scope: Manager) -> Done:
    """Agree with a checked statement."""
    await own(scope, statement_id)
    await acts.confirm(scope.conn, statement_id, scope.person.account_id, scope.now)
    return await _done(scope, statement_id)


@moving.post("/{statement_id}/dispute")
async def dispute(statement_id: UUID, scope: Manager, given: GivenDispute) -> Done:
    """Dispute claims or lines of a checked statement."""
    await own(scope, statement_id)
    items = [Item(one.reason, one.words, one.claim_id, one.line_id) for one in given.items]
    await acts.dispute(scope.conn, statement_id, items, scope.person.account_id, scope.now)
    return await _done(scope, statement_id)


@moving.post("/{statement_id}/approve")
async def approve(statement_id: UUID, scope: Approver) -> Done:
    """Approve what the provider has confirmed, as the second person."""
    await own(scope, statement_id)
    await acts.approve(scope.conn, statement_id, scope.person.account_id, scope.now)
    return await _done(scope, statement_id)


@moving.post("/{statement_id}/issue")
async def issue(statement_id: UUID, scope: Desk) -> Done:
    """Fix, seal and freeze an approved statement."""
    await own(scope, statement_id)
    await acts.issue(scope.conn, statement_id, scope.person.account_id, scope.now)
    return await _done(scope, statement_id)


@moving.post("/{statement_id}/reconcile")
async def reconcile(statement_id: UUID, scope: Desk) -> Done:
    """Close an issued statement that is paid."""
    await own(scope, statement_id)
    await acts.reconcile(scope.conn, statement_id, scope.person.account_id, scope.now)
    return await _done(scope, statement_id)


@deciding.post("/{claim_id}/reject")
async def reject(claim_id: UUID, scope: Desk, given: GivenReason) -> Done:
    """Pay nothing for a claim of a checked statement."""
    await decisions.reject(scope.conn, claim_id, given.code, scope.person.account_id, scope.now)
    return shape_of(Done, await claims.find(scope.conn, claim_id))


@deciding.post("/{claim_id}/adjust")
async def adjust(claim_id: UUID, scope: Desk, given: GivenAmount) -> Done:
    """Pay a part of what a claim asks."""
    by = scope.person.account_id
    await decisions.adjust(scope.conn, claim_id, given.approved, given.code, by, scope.now)
    return shape_of(Done, await claims.find(scope.conn, claim_id))


@deciding.post("/{claim_id}/appeal")
async def appeal(claim_id: UUID, scope: Manager, given: GivenAppeal) -> Done:
    """Dispute one claim."""
    await own_claim(scope, claim_id)
    item = Item(given.reason, given.words, claim=claim_id)
    await decisions.appeal(scope.conn, item, scope.person.account_id, scope.now)
    return shape_of(Done, await claims.find(scope.conn, claim_id))


@deciding.post("/{claim_id}/answer")
async def answer(claim_id: UUID, scope: Desk, given: GivenAnswer) -> Done:
    """Answer a claim's dispute."""
    said = {"outcome": given.outcome, "words": given.words}
    await decisions.answer(scope.conn, claim_id, **said, by=scope.person.account_id, now=scope.now)
    return shape_of(Done, await claims.find(scope.conn, claim_id))


@deciding.post("/{claim_id}/correct")
async def correct(claim_id: UUID, scope: Desk, given: GivenCorrection) -> Made:
    """Correct an issued claim by a line of the provider's open draft."""
    said = {"amount": given.amount, "reason": given.reason}
    line = await decisions.correct(scope.conn, claim_id, **said, by=scope.person.account_id, now=scope.now)  # type: ignore[arg-type]
    return Made(id=line)


@capping.get("")
async def list_budgets(scope: Office) -> Page[Budget]:
    """List this year's budgets and how they stand."""
    found = await budgets.burn(scope.conn, local_date(scope.now))
    return Page(items=[_budget(one) for one in found], next=None)


def _budget(one: budgets.Standing) -> Budget:
    burnt = one.burn
    more = {"spent": burnt.spent, "left": burnt.left, "share": burnt.share, "forecast": burnt.forecast}
    signed = {"is_signed": one.row["signed_at"] is not None, "breaks_on": burnt.breaks_on}
    return shape_of(Budget, {**one.row, **more, **signed})


@capping.post("")
async def propose(scope: Annotated[Scope, allow("approver", "auditor")], given: GivenBudget) -> Made:
    """Propose a ceiling."""
    who = {"district": scope.person.district_id, "by": scope.person.account_id, "now": scope.now}
    ceiling = {"year": given.year, "scheme": given.scheme, "service": given.service, "ceiling": given.ceiling}
    return Made(id=await budgets.propose(scope.conn, **ceiling, **who))  # type: ignore[arg-type]


@capping.post("/{budget_id}/sign")
async def sign(budget_id: UUID, scope: Annotated[Scope, allow("approver", "auditor")]) -> Made:
    """Sign a ceiling as the second person."""
    await budgets.sign(scope.conn, budget_id, scope.person.account_id, scope.now)
    return Made(id=budget_id)
