"""Entitlements: what a person may use in a month, and what is left."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter

from core.clock import local_date, month_of
from core.db import Row
from dashboards import visible, words
from dashboards.api.shapes import OFFICE, Money, Month, Page, Paged, Shape, month_start, shape_of
from dashboards.auth import Guarded, Scope, allow
from services import entitlements

router = APIRouter(prefix="/api/v1/entitlements", tags=["entitlements"], route_class=Guarded)
Readers = Annotated[Scope, allow(*OFFICE, "operator", "duty_manager", "assessor", "family")]


class Entitlement(Shape):
    """One person's month under one scheme."""

    id: UUID
    elder_id: UUID
    month: str
    grade: str
    quota: Money
    used: Money
    rest: Money
    scheme: str
    scheme_id: UUID
    scheme_name: str
    explanation: str
    explanation_lines: list[dict[str, Any]]


@router.get("")
async def list_(
    scope: Readers, paged: Paged, month: Month | None = None, elder_id: UUID | None = None
) -> Page[Entitlement]:
    """List the entitlements of a month (the current one unless said), of one elder if given."""
    day = month_start(month) or month_of(local_date(scope.now))

    async def fetch(elder: UUID | None) -> list[Row]:
        if elder is None:
            return await entitlements.list_(scope.conn, day, paged.after, paged.ask)
        rows = await entitlements.of_month(scope.conn, elder, day)
        return [row for row in rows if paged.after is None or row["id"] > paged.after]

    rows = await visible.of_elders(scope, elder_id, fetch)
    return paged.page([_shown(scope, row) for row in rows], Entitlement)


def _shown(scope: Scope, row: Row) -> dict[str, Any]:
    return {
        **row,
        "month": f"{row['month']:%Y-%m}",
        "explanation": words.explain(scope.language, row["explanation"]),
        "explanation_lines": row["explanation"],
    }


__all__ = ["router", "shape_of"]
