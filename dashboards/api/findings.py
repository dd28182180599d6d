"""Findings of the fraud checks: who looks confirms or dismisses them with a reason."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter

from core.db import Row
from dashboards import audited, visible, words
from dashboards.api.shapes import (
    OFFICE,
    Code,
    Given,
    Money,
    Month,
    Note,
    Page,
    Paged,
    Shape,
    month_start,
    shape_of,
)
from dashboards.auth import Guarded, Scope, allow
from services.fraud import findings, runs

router = APIRouter(prefix="/api/v1/findings", tags=["findings"], route_class=Guarded)
Readers = Annotated[Scope, allow(*OFFICE)]
Deciders = Annotated[Scope, allow("auditor")]


class Finding(Shape):
    """What a check found, with its evidence in words and as codes; `is_pair`: nobody can say which of two."""

    id: UUID
    month: str
    kind: str
    is_main: bool
    severity: str
    provider_id: UUID | None
    caregiver_id: UUID | None
    elder_id: UUID | None
    visit_id: UUID | None
    visit_ids: list[UUID]
    claim_id: UUID | None
    is_pair: bool
    score: Decimal
    amount: Money | None
    says: list[str]
    evidence: list[dict[str, Any]]
    state: str
    found_at: datetime
    decided_name: str | None
    decided_at: datetime | None
    reason: str | None


class Deciding(Given):
    """Why it is so or not."""

    reason: Code
    note: Note | None = None


class Asked(Given):
    """The month to be checked."""

    month: Month


class Ran(Shape):
    """What a run looked at and found."""

    id: UUID
    month: str
    visits: int
    found: int


@router.get("")
async def list_(
    scope: Readers,
    paged: Paged,
    month: Month | None = None,
    kind: str | None = None,
    state: str | None = None,
    provider_id: UUID | None = None,
    every: bool = False,  # noqa: FBT001, FBT002 - a query parameter
) -> Page[Finding]:
    """List findings, the surest first: of each visit the main one, or every one."""
    await visible.check(scope, "provider", provider_id)
    after = await findings.place(scope.conn, paged.after) if paged.after else None
    rows = await findings.list_(
        scope.conn,
        month=month_start(month),
        kind=kind,
        state=state,
        provider_id=provider_id,
        only_main=not every,
        after=after,
        limit=paged.ask,
    )
    shown = [_finding(scope, row) for row in rows[: paged.limit]]
    return Page(items=shown, next=str(shown[-1].id) if len(rows) > paged.limit else None)


@router.get("/{finding_id}")
async def find(finding_id: UUID, scope: Readers) -> Finding:
    """Show one finding."""
    return _finding(scope, await findings.find(scope.conn, finding_id))


@router.post("/{finding_id}/confirm")
async def confirm(finding_id: UUID, given: Deciding, scope: Deciders) -> Finding:
    """Say that it is so."""
    return await _decide(scope, finding_id, given, confirms=True)


@router.post("/{finding_id}/dismiss")
async def dismiss(finding_id: UUID, given: Deciding, scope: Deciders) -> Finding:
    """Say that it is not so."""
    return await _decide(scope, finding_id, given, confirms=False)


@router.post("/run")
async def run(given: Asked, scope: Deciders) -> Ran:
    """Run the checks over a month now; what people decided stays."""
    month = date.fromisoformat(f"{given.month}-01")
    done = await runs.run(scope.conn, scope.person.district_id, month, scope.now, by=scope.person.account_id)
    await audited.note(scope, "finding.run", "fraud_run", done.id, {"month": given.month})
    return Ran(id=done.id, month=given.month, visits=done.visits, found=done.found)


async def _decide(scope: Scope, finding: UUID, given: Deciding, *, confirms: bool) -> Finding:
    row = await findings.decide(
        scope.conn,
        scope.keys,
        finding,
        scope.person,
        scope.now,
        confirms=confirms,
        reason=given.reason,
        note=given.note,
    )
    return _finding(scope, row)


def _finding(scope: Scope, row: Row) -> Finding:
    says = words.sentences(scope.language, "evidence_of_fraud", row["evidence"])
    return shape_of(Finding, {**row, "month": f"{row['month']:%Y-%m}", "says": says})
