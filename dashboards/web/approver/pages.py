"""What waits for the approver: one statement for everything, the oldest first."""

from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from core.db import Row
from core.sql import load
from dashboards.auth import Guarded, Scope, allow
from dashboards.vocabulary.allowances import WAITING
from dashboards.web.pages import show
from services.pricing import ZERO

SQL = load(__file__)
router = APIRouter(prefix="/approver", route_class=Guarded, include_in_schema=False)
Approver = Annotated[Scope, allow("approver")]
SHOWN = 20
"""Rows of a kind on the page; the rest are counted."""
LINKS = {
    "statement": "/desk/statements/{id}",
    "statement_issue": "/desk/statements/{id}",
    "allowance": "/desk/allowances/{id}",
    "allowance_issue": "/desk/allowances/{id}",
    "scheme": "/desk/schemes/{id}",
    "correction": "/desk/allowances/lines/{id}",
    "care_plan": "/desk/care-plans/{id}",
    "death": "/desk/deaths/{id}",
}


@router.get("")
async def waiting(request: Request, scope: Approver) -> Response:
    """Show what waits."""
    rows = await scope.conn.fetch(SQL.list_waiting, scope.person.account_id, scope.now, SHOWN)
    return show(request, scope, "approver/page.html", groups=_grouped(rows))


def _grouped(rows: list[Row]) -> list[dict[str, Any]]:
    """Gather the rows by kind: how many there are, their sum, the oldest, the first of them."""
    groups = []
    for kind, link in LINKS.items():
        own = [row for row in rows if row["kind"] == kind]
        if own:
            total: Decimal = own[0]["total"] or ZERO
            groups.append(
                {
                    "kind": kind,
                    "words": WAITING[kind],
                    "count": own[0]["count"],
                    "total": total,
                    "oldest": own[0]["since"],
                    "rows": [{**row, "href": link.format(id=row["id"])} for row in own],
                }
            )
    return groups
