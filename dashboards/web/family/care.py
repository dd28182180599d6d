"""The family's page of care: what is planned in words, the meal code, orders of their own."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

import segno
from fastapi import APIRouter, Request
from fastapi.responses import Response
from markupsafe import Markup

from core.clock import local_date
from core.db import Row
from core.errors import Conflict, Invalid, NotFound, Problem
from dashboards import recurring
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.care import orders as desk
from dashboards.web.care import plans
from dashboards.web.care.forms import text
from dashboards.web.family import home
from dashboards.web.pages import back, said, show, wrongs
from dispatch.places import cards
from services import care_plans, orders, upcoming

router = APIRouter(prefix="/family/care", route_class=Guarded, include_in_schema=False)
Family = Annotated[Scope, allow("family")]
SHOWN = 10


@router.get("")
async def start(request: Request, scope: Family) -> Response:
    """Show the only elder's care, or ask whose."""
    return await home.choose(request, scope, "/family/care/")


@router.get("/{elder_id}")
async def care(request: Request, scope: Family, elder_id: UUID) -> Response:
    """Show what is planned, the meal code, and the family's orders."""
    return await _care(request, scope, elder_id, {}, None)


async def _care(
    request: Request, scope: Scope, elder_id: UUID, given: dict[str, Any], problem: Problem | None
) -> Response:
    elder = await home.reader_of(scope, elder_id, "visits")
    today, district = local_date(scope.now), scope.person.district_id
    versions = await care_plans.in_force(scope.conn, elder_id, today, today + timedelta(days=1))
    may_order = "order" in elder["sharing"]
    code = await cards.of(scope.conn, scope.keys, district, elder_id, scope.now) if may_order else ""
    drawn = segno.make(f"meal:{code}", error="m").svg_inline(
        border=2, svgclass="qr", lineclass=None, omitsize=True
    )
    return show(
        request,
        scope,
        "family/care.html",
        status=problem.status if problem else 200,
        elder=elder,
        lines=[
            {"says": recurring.of_item(scope.language, item), "next": upcoming.days(item.rule, today, 3)}
            for version in versions
            for item in version.items
        ],
        visits=(await home.visits(scope, elder_id, elder["sharing"]))["coming"],
        may_order=may_order,
        code=code,
        drawn=Markup(drawn),  # noqa: S704 - drawn by segno from six digits
        orders=await orders.list_(scope.conn, elder_id=elder_id, limit=SHOWN),
        services=plans.SERVICES,
        prices=await prices(scope, elder_id),
        today=today,
        given=given,
        errors=wrongs(scope, problem) if isinstance(problem, Invalid) else {},
        failed=said(scope, problem) if isinstance(problem, Conflict) else None,
    )


async def prices(scope: Scope, elder_id: UUID) -> dict[str, Row]:
    """Return what the elder's provider asks for each service today: {service: unit, price}."""
    found = await home.find_elder(scope, elder_id)
    if found["provider_id"] is None:
        return {}
    rows = await scope.conn.fetch(home.SQL.list_prices, found["provider_id"], local_date(scope.now))
    return {row["service"]: row for row in rows}


@router.post("/{elder_id}/orders")
async def order(request: Request, scope: Family, elder_id: UUID) -> Response:
    """Order a visit that the family pays."""
    await home.name_of(scope, elder_id)
    sent = await request.form()
    try:
        await desk.order(scope, elder_id, sent, "private")
    except (Conflict, Invalid) as problem:
        return await _care(request, scope, elder_id, dict(sent), problem)
    return back(request, f"/family/care/{elder_id}")


@router.post("/{elder_id}/orders/{order_id}")
async def act(request: Request, scope: Family, elder_id: UUID, order_id: UUID) -> Response:
    """Call an order off, or say what is thought of it."""
    await home.name_of(scope, elder_id)
    row = await orders.find(scope.conn, order_id)
    if row["elder_id"] != elder_id:
        raise NotFound(f"no order {order_id}")
    sent = await request.form()
    try:
        async with scope.conn.transaction():
            rating = text(sent, "rating", 1)
            if rating:
                stars = int(rating) if rating.isdigit() else 0
                words = text(sent, "review", 500)
                await orders.review(scope.conn, order_id, scope.person, scope.now, stars, words)
            else:
                await orders.cancel(scope.conn, order_id, scope.person, scope.now, "family")
    except (Conflict, Invalid) as problem:
        return await _care(request, scope, elder_id, {}, problem)
    return back(request, f"/family/care/{elder_id}")
