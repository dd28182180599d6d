"""Budgets: what was spent month by month beside each ceiling, and when it breaks at this pace."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from core.clock import local_date
from core.db import Row
from core.sql import load
from dashboards import words
from dashboards.auth import Guarded, Scope
from dashboards.vocabulary.mark import N_
from dashboards.web.audit import drawing
from dashboards.web.audit.buying import Staff
from dashboards.web.pages import show

SQL = load(__file__)
router = APIRouter(prefix="/audit", route_class=Guarded, include_in_schema=False)
MONTHS = 12


@router.get("/budget")
async def show_budgets(request: Request, scope: Staff, year: int | None = None) -> Response:
    """Show each ceiling of a year with its burn-down."""
    today = local_date(scope.now)
    wanted = year if year is not None and 2000 <= year <= 2200 else today.year  # noqa: PLR2004 - as the table's
    spent = await scope.conn.fetch(SQL.list_spent, date(wanted, 1, 1), date(wanted, MONTHS, 1))
    passed = MONTHS if wanted < today.year else today.month if wanted == today.year else 0
    found = [_one(scope, row, spent, passed) for row in await scope.conn.fetch(SQL.list_budgets, wanted)]
    return show(request, scope, "audit/budget.html", budgets=found, year=wanted, passed=passed)


def _one(scope: Scope, budget: Row, spent: Iterable[Row], passed: int) -> dict[str, Any]:
    by_month = [Decimal("0.00")] * MONTHS
    for row in spent:
        if budget["scheme_code"] in (None, row["scheme_code"]) and budget["service"] in (
            None,
            row["service"],
        ):
            by_month[row["month"].month - 1] += row["approved"]
    ceiling: Decimal = budget["ceiling"]
    totals = drawing.added_up(by_month[:passed])
    total = totals[-1] if totals else Decimal("0.00")
    say = words.say
    said = {
        "spent": say(scope.language, N_("Spent")),
        "pace": say(scope.language, N_("Even pace")),
        "ceiling": say(scope.language, N_("Ceiling")),
        "description": say(
            scope.language, N_("Spending through the year beside its ceiling; figures below.")
        ),
    }
    months = [f"{budget['year']}-{nth:02}" for nth in range(1, MONTHS + 1)]
    return {
        **budget,
        "by_month": list(zip(months, by_month, [*totals, *[None] * (MONTHS - passed)], strict=True)),
        "total": total,
        "share": int(100 * total / ceiling),
        "left": ceiling - total,
        "breaks": drawing.breaks_in(by_month[:passed], ceiling) if passed else None,
        "chart": drawing.burn(totals, ceiling, months, said),
    }
