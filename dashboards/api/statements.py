"""Statements: one a provider and month; a draft's totals are the sums of its claims at any moment."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from core.db import Row
from core.errors import NotFound
from dashboards.api.shapes import OFFICE, Money, Month, Page, Paged, Shape, month_start, shape_of
from dashboards.auth import Guarded, Scope, allow
from services import statements

router = APIRouter(prefix="/api/v1/statements", tags=["statements"], route_class=Guarded)
Readers = Annotated[Scope, allow(*OFFICE, "provider_manager")]


class Statement(Shape):
    """One provider's month; `claims` is how many, `number` its place in the chain once issued."""

    id: UUID
    provider: str
    provider_id: UUID
    month: str
    state: str
    total: Money
    subsidy: Money
    copay: Money
    claims: int
    flagged: int
    rejected: int
    approved: Money
    deductions: Money
    payable: Money
    number: int | None
    created_at: datetime


@router.get("")
async def list_(
    scope: Readers, paged: Paged, month: Month | None = None, provider_id: UUID | None = None
) -> Page[Statement]:
    """List statements of a month; the open month as a draft."""
    if scope.person.role == "provider_manager":
        if provider_id not in {None, scope.person.provider_id} or scope.person.provider_id is None:
            raise NotFound(f"no provider {provider_id}")
        provider_id = scope.person.provider_id
    rows = await statements.list_(
        scope.conn, month_start(month), provider_id=provider_id, after=paged.after, limit=paged.ask
    )
    return paged.page([_month(row) for row in rows], Statement)


@router.get("/{statement_id}")
async def find(statement_id: UUID, scope: Readers) -> Statement:
    """Show one statement."""
    row = await statements.find(scope.conn, statement_id)
    if scope.person.role == "provider_manager" and row["provider_id"] != scope.person.provider_id:
        raise NotFound(f"no statement {statement_id}")
    return shape_of(Statement, _month(row))


def _month(row: Row) -> dict[str, object]:
    return {**row, "month": f"{row['month']:%Y-%m}"}
