"""The desk of a provider's manager: mode, visits to confirm, the late board, substitutes."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response

from core.clock import at_local, local_date
from core.errors import NotFound, Problem
from core.ids import parse_id
from dashboards import audited
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.pages import back, is_partial, said, show
from dashboards.web.plan.pages import only
from dashboards.web.provider import board
from dispatch import confirming, grabbing, substitutes

router = APIRouter(prefix="/provider", route_class=Guarded, include_in_schema=False)
Reader = Annotated[Scope, allow("provider_manager", "admin")]
Manager = Annotated[Scope, allow("provider_manager")]
Word = Annotated[str, Query(max_length=60)]
AHEAD = timedelta(days=14)


def whose(scope: Scope, provider: str) -> UUID | None:
    """Return the provider that is looked at: the manager's own, or the one an administrator asks for."""
    return only(scope) or parse_id(provider)


@router.get("")
async def desk(request: Request, scope: Reader, provider: Word = "") -> Response:
    """Show the desk."""
    return await shown(request, scope, whose(scope, provider))


async def shown(
    request: Request, scope: Scope, provider: UUID | None, problem: Problem | None = None
) -> Response:
    """Answer with the desk, or with what went wrong."""
    since = at_local(local_date(scope.now), "00:00")
    providers = await board.providers(scope.conn)
    one = next((row for row in providers if row["id"] == provider), None)
    if provider is not None and one is None:
        raise NotFound(f"no provider {provider}")
    return show(
        request,
        scope,
        "provider/desk.html",
        status=problem.status if problem else 200,
        one=one,
        providers=[] if only(scope) else providers,
        waiting=await confirming.waiting(scope.conn, provider, since, since + AHEAD),
        failed=said(scope, problem) if problem else None,
        may_change=scope.person.role == "provider_manager",
        modes=grabbing.MODES,
        **await board.today(scope.conn, provider, scope.now),
    )


@router.get("/board")
async def late(request: Request, scope: Reader, provider: Word = "") -> Response:
    """Show who is late and what was missed, looked at again and again."""
    found = await board.today(scope.conn, whose(scope, provider), scope.now)
    template = "provider/board.html" if is_partial(request) else "provider/board_page.html"
    return show(request, scope, template, **found)


@router.post("/mode")
async def mode(
    request: Request,
    scope: Manager,
    mode: Annotated[str, Form(max_length=20)] = "",
    hours: Annotated[str, Form(max_length=4)] = "",
) -> Response:
    """Change how the provider's visits find somebody."""
    provider = only(scope)
    assert provider is not None  # noqa: S101 - a manager without a provider was refused
    try:
        wanted = int(hours) if hours.isdecimal() else -1
        await grabbing.set_mode(scope.conn, provider, mode, wanted)
    except Problem as problem:
        return await shown(request, scope, provider, problem)
    await audited.note(scope, "provider.mode", "provider", provider, {"mode": mode})
    return back(request, "/provider")


@router.post("/confirm")
async def confirm(request: Request, scope: Manager) -> Response:
    """Accept the chosen visits for their caregivers."""
    form = await request.form(max_fields=confirming.MOST + 1)
    wanted = {one for value in form.getlist("visit") if (one := parse_id(str(value)))}
    try:
        async with scope.conn.transaction():
            count = await confirming.confirm_all(scope.conn, wanted, scope.person, scope.now)
    except NotFound as problem:
        return await shown(request, scope, only(scope), problem)
    await audited.note(scope, "visit.confirm", "provider", only(scope), {"visits": count})
    return back(request, "/provider#waiting")


@router.get("/visits/{visit_id}/substitutes")
async def substitute(request: Request, scope: Reader, visit_id: UUID) -> Response:
    """Show who could go instead, the best first."""
    visit = await substitutes.find(scope.conn, visit_id)
    is_open = visit["provider_id"] is None and visit["case_id"] is None
    if only(scope) not in (None, visit["provider_id"]) and not is_open:
        raise NotFound(f"no visit {visit_id}")
    provider = only(scope) or visit["provider_id"]
    return show(
        request,
        scope,
        "provider/substitutes.html",
        visit=visit,
        people=await substitutes.of(scope.conn, visit, provider, scope.now),
        may_change=visit["state"] in ("wanted", "offered", "accepted") and visit["case_id"] is None,
        on=local_date(visit["planned_start"] or visit["window_start"]),
    )
