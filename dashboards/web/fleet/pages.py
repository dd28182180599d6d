"""The pages of devices: the list by any filter, and one device with its day."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from core.errors import Problem
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.fleet import listing, one
from dashboards.web.pages import is_partial, said, show
from devices import command_states, thing_models
from gateway import fleet

router = APIRouter(prefix="/fleet", route_class=Guarded, include_in_schema=False)
FITTERS = ("admin", "installer")
READERS = (*FITTERS, "operator", "duty_manager")
Reader = Annotated[Scope, allow(*READERS)]
Word = Annotated[str, Query(max_length=100)]
After = Annotated[str, Query(max_length=400)]


@router.get("")
async def list_(
    request: Request,
    scope: Reader,
    model: Word = "",
    region: Word = "",
    state: Word = "",
    text: Word = "",
    sort: Word = "",
    after: After = "",
) -> Response:
    """List the fleet by model, community, state and text; a part of the page when it looks again."""
    wanted = listing.wanted(model, region, state, text, sort)
    shown = await listing.page(scope.conn, wanted, scope.now, after)
    query = listing.address(wanted)
    if is_partial(request):
        return show(request, scope, "fleet/rows.html", shown=shown, wanted=wanted, query=query)
    return show(
        request,
        scope,
        "fleet/list.html",
        shown=shown,
        wanted=wanted,
        query=query,
        address=listing.address,
        counts=None if after else await fleet.counted(scope.conn),
        regions=await fleet.regions(scope.conn),
        models=tuple(thing_models.all_()),
        conditions=fleet.CONDITIONS,
        sorts=fleet.SORTS,
    )


@router.get("/{device_id}")
async def device(request: Request, scope: Reader, device_id: UUID) -> Response:
    """Show one device; its live part alone when it looks again."""
    return await shown(request, scope, device_id)


async def shown(
    request: Request, scope: Scope, device_id: UUID, problem: Problem | None = None, secret: str | None = None
) -> Response:
    """Answer with the page of a device, with what went wrong, or with its new password."""
    part = is_partial(request)
    found = await one.find(scope.conn, device_id)
    may_fit = scope.person.role in FITTERS
    live = await one.live(scope.conn, scope.keys, found, scope.now, may_listen=may_fit)
    context: dict[str, Any] = {
        "device": found,
        "live": live,
        "may_fit": may_fit,
        "is_admin": scope.person.role == "admin",
    }
    if part:
        return show(request, scope, "fleet/live.html", **context)
    return show(
        request,
        scope,
        "fleet/device.html",
        status=problem.status if problem else 200,
        **context,
        day=await one.day(scope.conn, found, scope.now),
        history=await one.history(scope.conn, device_id),
        orders=one.orders(found),
        parameters=command_states.COMMANDS,
        failed=said(scope, problem) if problem else None,
        secret=secret,
    )
