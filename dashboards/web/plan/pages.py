"""The pages of a day: bars, map, one visit with why; as it stands, or as a plan would have it."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from core import districts
from core.clock import local_date
from core.db import Row
from core.errors import Forbidden, Invalid, NotFound, Problem
from core.ids import parse_id
from dashboards import reasons
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.pages import is_partial, said, show
from dashboards.web.plan import comparing, day, one, routes
from dashboards.web.plan.day import Wanted
from dispatch import caregivers

router = APIRouter(prefix="/plan", route_class=Guarded, include_in_schema=False)
CHANGERS = ("provider_manager", "duty_manager", "admin")
READERS = (*CHANGERS, "clerk")
Reader = Annotated[Scope, allow(*READERS)]
Changer = Annotated[Scope, allow(*CHANGERS)]
Word = Annotated[str, Query(max_length=120)]
MOST_DAYS = timedelta(days=366)


def only(scope: Scope) -> UUID | None:
    """Return the provider that a provider's manager is kept to; None: the whole district."""
    if scope.person.role != "provider_manager":
        return None
    if scope.person.provider_id is None:
        raise Forbidden("this account belongs to no provider")
    return scope.person.provider_id


def day_in(scope: Scope, text: str) -> date:
    """Return the day asked for, today by default; nothing beyond a year."""
    today = local_date(scope.now)
    try:
        wanted = date.fromisoformat(text)
    except ValueError:
        return today
    return wanted if abs(wanted - today) <= MOST_DAYS else today


def address(on: date, **more: object) -> str:
    """Write the address of a day."""
    given = {name: value for name, value in more.items() if value}
    return f"/plan?{urlencode({'date': on.isoformat(), **given})}"


async def carer_of(scope: Scope, text: str) -> Mapping[str, Any]:
    """Return a caregiver named in a form; raise Invalid when that is nobody of this reader's."""
    identity = parse_id(text)
    try:
        person = await caregivers.find(scope.conn, identity) if identity else None
    except NotFound:
        person = None
    if person is None or only(scope) not in (None, person["provider_id"]):
        raise Invalid("caregiver: unknown", [{"field": "caregiver", "code": "unknown"}])
    return person


@router.get("")
async def page(
    request: Request,
    scope: Reader,
    date: Word = "",
    provider: Word = "",
    text: Word = "",
    after: Annotated[str, Query(max_length=200)] = "",
    plan: Word = "",
) -> Response:
    """Show a day, or what a plan would make of it."""
    wanted = wanted_of(scope, date, provider, text, after)
    return await shown(request, scope, wanted, parse_id(plan))


def wanted_of(scope: Scope, on: str, provider: str, text: str = "", after: str = "") -> Wanted:
    """Read which part of which day is asked for."""
    name = text.strip().replace("\0", "")[:40] or None
    return Wanted(
        day_in(scope, on), only(scope) or parse_id(provider), name, day.place(after.replace("\0", ""))
    )


async def shown(
    request: Request, scope: Scope, wanted: Wanted, plan: UUID | None = None, problem: Problem | None = None
) -> Response:
    """Answer with the page of a day, or with what went wrong."""
    settings = await districts.settings(scope.conn, scope.person.district_id)
    plans = await day.plans(scope.conn, wanted.on, only(scope))
    chosen = await _plan(scope, plans, plan) if plan else None
    items = chosen if chosen and chosen["state"] not in ("failed", "discarded") else None
    found = await day.find(scope.conn, wanted, scope.now, settings.travel_factor, items)
    factor = settings.travel_factor
    return show(
        request,
        scope,
        "plan/page.html",
        status=problem.status if problem else 200,
        wanted=wanted,
        day=found,
        sums=None if items else await day.sums(scope.conn, wanted),
        plans=plans,
        plan=chosen,
        figures=await comparing.figures(scope.conn, items["id"], factor) if items else None,
        **(await comparing.told(scope.conn, chosen) if chosen else {}),
        providers=[] if only(scope) else await scope.conn.fetch(day.SQL.list_providers),
        may_change=scope.person.role in CHANGERS,
        failed=said(scope, problem) if problem else None,
        address=address,
        yesterday=wanted.on - timedelta(days=1),
        tomorrow=wanted.on + timedelta(days=1),
        today=local_date(scope.now),
    )


async def _plan(scope: Scope, plans: list[Mapping[str, Any]], plan: UUID) -> Mapping[str, Any]:
    """Return a plan of the list, or one asked for by its address."""
    known = next((one for one in plans if one["id"] == plan), None)
    return known or await found(scope, plan)


async def found(scope: Scope, plan: UUID) -> Mapping[str, Any]:
    """Return a plan that this reader may see; raise NotFound."""
    row = await scope.conn.fetchrow(day.SQL.find_plan, plan)
    if row is None:
        raise NotFound(f"no plan {plan}")
    return day.seen(row, only(scope))


@router.get("/map")
async def map_(
    request: Request,
    scope: Reader,
    date: Word = "",
    provider: Word = "",
    plan: Word = "",
    caregiver: Word = "",
) -> Response:
    """Show the rounds of a day on the map, one of them with its stops numbered."""
    wanted, identity = wanted_of(scope, date, provider), parse_id(plan)
    settings = await districts.settings(scope.conn, scope.person.district_id)
    chosen = await found(scope, identity) if identity else None
    shown = await day.find(scope.conn, wanted, scope.now, settings.travel_factor, chosen)
    lines = shown.chart.lines
    drawn = routes.draw(
        [line.caregiver for line in lines],
        [block.visit for line in lines for block in line.blocks],
        shown.open,
        parse_id(caregiver),
    )
    template = "plan/map_part.html" if is_partial(request) else "plan/map.html"
    return show(
        request, scope, template, wanted=wanted, map=drawn, plan=identity, address=address, lines=lines
    )


@router.get("/visits/{visit_id}")
async def visit(request: Request, scope: Reader, visit_id: UUID, plan: Word = "") -> Response:
    """Show one visit: what it asks, who has it and why, and the form that moves it."""
    return await visit_shown(request, scope, visit_id, parse_id(plan))


async def visit_shown(
    request: Request,
    scope: Scope,
    visit_id: UUID,
    plan: UUID | None = None,
    **more: Any,  # noqa: ANN401 - of the template
) -> Response:
    """Answer with a visit, with a preview of its move, or with what went wrong."""
    shown: Row = more.get("shown") or await one.find(scope.conn, visit_id, only(scope))
    if plan:
        await found(scope, plan)
    item = await one.item(scope.conn, plan, visit_id) if plan else None
    failed: Problem | None = more.get("problem")
    context: dict[str, Any] = {
        "visit": {**shown, "why": await reasons.seen(scope, shown["why"])},
        "on": local_date(shown["starts_at"]),
        "item": item and {**item, "why": await reasons.seen(scope, item["why"])},
        "plan": plan,
        "people": await one.people(scope.conn, shown, only(scope) or shown["provider_id"]),
        "may_change": scope.person.role in CHANGERS,
        "breaches": more.get("breaches"),
        "to": more.get("to"),
        "failed": said(scope, failed) if failed else None,
    }
    template = "plan/visit_part.html" if is_partial(request) else "plan/visit.html"
    return show(request, scope, template, status=failed.status if failed else 200, **context)
