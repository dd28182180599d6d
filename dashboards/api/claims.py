"""Claims: verified visits priced, each with an explanation that can be read aloud."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter

from core.db import Row
from core.errors import NotFound
from dashboards import visible, words
from dashboards.api.shapes import OFFICE, Money, Month, Page, Paged, Shape, month_start, shape_of
from dashboards.auth import Guarded, Scope, allow
from services import claims

router = APIRouter(prefix="/api/v1/claims", tags=["claims"], route_class=Guarded)
Readers = Annotated[Scope, allow(*OFFICE, "provider_manager", "family")]


class Claim(Shape):
    """One visit's price: amount = subsidy + copay."""

    id: UUID
    visit_id: UUID
    statement_id: UUID
    elder_id: UUID
    elder_name: str
    provider_id: UUID
    provider: str
    service: str
    service_on: date
    month: str
    units: Decimal
    unit: str
    unit_price: Money
    amount: Money
    subsidy: Money
    copay: Money
    grade: str | None
    scheme: str | None
    scheme_id: UUID | None
    explanation: str
    explanation_lines: list[dict[str, Any]]
    flags: list[str]
    state: str
    approved: Money
    rejections: list[str]
    created_at: datetime


class Unpriced(Shape):
    """A verified visit that could not be priced yet, and why."""

    visit_id: UUID
    elder_id: UUID
    service: str
    code: str
    says: str
    detail: dict[str, Any]
    noticed_at: datetime
    next_try_at: datetime


@router.get("")
async def list_(
    scope: Readers,
    paged: Paged,
    visit_id: UUID | None = None,
    month: Month | None = None,
    elder_id: UUID | None = None,
    statement_id: UUID | None = None,
) -> Page[Claim]:
    """List claims by visit, month, elder or statement."""
    await visible.check(scope, "visit", visit_id)
    await visible.check(scope, "statement", statement_id)

    async def fetch(elder: UUID | None) -> list[Row]:
        return await claims.list_(
            scope.conn,
            visit_id=visit_id,
            month=month_start(month),
            elder_id=elder,
            statement_id=statement_id,
            provider_id=visible.own_provider(scope),
            after=paged.after,
            limit=paged.ask,
        )

    rows = await visible.of_elders(scope, elder_id, fetch)
    shown = [_claim(scope, row) for row in rows[: paged.limit]]
    return Page(items=shown, next=str(shown[-1].id) if len(rows) > paged.limit else None)


@router.get("/unpriced")
async def unpriced(scope: Annotated[Scope, allow(*OFFICE)], paged: Paged) -> Page[Unpriced]:
    """List verified visits that could not be priced, and why."""
    rows = await claims.unpriced(scope.conn, paged.after, paged.ask)
    said = [{**row, "says": words.word(scope.language, "unpriced", row["code"])} for row in rows]
    return paged.page(said, Unpriced, "visit_id")


@router.get("/{claim_id}")
async def find(claim_id: UUID, scope: Readers) -> Claim:
    """Show one claim."""
    row = await claims.find(scope.conn, claim_id)
    await visible.check_owner(scope, "claim", claim_id, row["elder_id"])
    if scope.person.role == "provider_manager" and row["provider_id"] != scope.person.provider_id:
        raise NotFound(f"no claim {claim_id}")
    return _claim(scope, row)


def _claim(scope: Scope, row: Row) -> Claim:
    more = {
        "month": f"{row['month']:%Y-%m}",
        "explanation": words.explain(scope.language, row["explanation"]),
        "explanation_lines": row["explanation"],
        "approved": row["subsidy"] if row["approved"] is None else row["approved"],
    }
    return shape_of(Claim, {**row, **more})
