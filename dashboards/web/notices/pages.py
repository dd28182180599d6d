"""Who was told what by which channel, and what came of it."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from core.errors import NotFound
from core.ids import parse_id
from dashboards import visible
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.pages import show
from dispatch.notices import listing

router = APIRouter(prefix="/desk/notices", route_class=Guarded, include_in_schema=False)
Centre = Annotated[Scope, allow("operator", "duty_manager", "admin")]
Text = Annotated[str, Query(max_length=60)]
PAGE = 50
DAY = timedelta(days=1)


@router.get("")
async def list_(
    request: Request, scope: Centre, state: Text = "", case: Text = "", after: UUID | None = None
) -> Response:
    """List notices, newest first, with their tries."""
    of_case = parse_id(case) if case else None
    if case and of_case is None:
        raise NotFound("no case of that id")
    await visible.check(scope, "case", of_case)
    wanted = state if state in listing.STATES else None
    rows = await listing.list_(scope.conn, case=of_case, state=wanted, after=after, limit=PAGE + 1)
    shown = rows[:PAGE]
    return show(
        request,
        scope,
        "notices/notices.html",
        rows=shown,
        tries=await listing.tries(scope.conn, [row["id"] for row in shown]),
        counts=await listing.counts(scope.conn, scope.now - DAY),
        states=listing.STATES,
        state=wanted or "",
        case=of_case,
        next=shown[-1]["id"] if len(rows) > PAGE else None,
    )
