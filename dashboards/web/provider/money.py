"""A provider's money: what waits for a word of theirs, and every statement."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from core.sql import load
from dashboards.auth import Guarded
from dashboards.web.pages import show
from dashboards.web.provider.pages import Reader, Word, whose
from services.settlement import decisions

SQL = load(__file__)
router = APIRouter(prefix="/provider/money", route_class=Guarded, include_in_schema=False)
_MOST = 60


@router.get("")
async def page(request: Request, scope: Reader, provider: Word = "") -> Response:
    """Show what waits: statements to confirm, claims rejected with what to do, disputes, answers."""
    whom = whose(scope, provider)
    rows = await scope.conn.fetch(SQL.list_statements, whom, _MOST)
    return show(
        request,
        scope,
        "provider/money.html",
        statements=rows,
        to_confirm=[row for row in rows if row["state"] == "checked"],
        disputes=await decisions.disputes(scope.conn, provider=whom, limit=20),
        sums={
            "to_confirm": sum(row["state"] == "checked" for row in rows),
            "rejected": sum(row["undisputed"] for row in rows if row["state"] in ("checked", "disputed")),
            "waiting": sum(row["waiting"] for row in rows),
            "unpaid": sum(row["payable"] for row in rows if row["state"] == "issued"),
        },
    )
