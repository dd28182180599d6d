"""The family's pages: how they are, what happened, who comes, what it costs."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from core.clock import local_date, month_after, month_of
from core.db import Row
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.family import home
from dashboards.web.pages import is_partial, show

router = APIRouter(prefix="/family", route_class=Guarded, include_in_schema=False)
Family = Annotated[Scope, allow("family")]
Month = Annotated[str, Query(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]


@router.get("")
async def start(request: Request, scope: Family) -> Response:
    """Show the only elder, or ask which."""
    own = await home.elders(scope)
    if len(own) == 1:
        return await _elder(request, scope, own[0])
    return home.ask_whose(request, scope, own, "/family/elders/", own)


@router.get("/elders/{elder_id}")
async def elder(request: Request, scope: Family, elder_id: UUID) -> Response:
    """Show how one elder is."""
    return await _elder(request, scope, await home.name_of(scope, elder_id))


@router.get("/bill")
async def bill(request: Request, scope: Family) -> Response:
    """Show the only elder's bill, or ask whose."""
    return await home.choose(request, scope, "/family/bill/")


@router.get("/bill/{elder_id}")
async def bill_of(request: Request, scope: Family, elder_id: UUID, month: Month | None = None) -> Response:
    """Show a month's bill with the subsidy explained."""
    own = await home.name_of(scope, elder_id)
    this = month_of(local_date(scope.now))
    wanted = date.fromisoformat(f"{month}-01") if month else this
    before = month_of(wanted.replace(day=1)).toordinal() - 1
    return show(
        request,
        scope,
        "family/bill.html",
        elder=own,
        bill=await home.bill(scope, elder_id, wanted),
        month=wanted,
        before=month_of(date.fromordinal(before)),
        after=month_after(wanted) if wanted < this else None,
    )


async def _elder(request: Request, scope: Scope, bond: Row) -> Response:
    found = await home.find(scope, bond["id"], bond)
    return show(request, scope, "family/now.html" if is_partial(request) else "family/elder.html", home=found)
