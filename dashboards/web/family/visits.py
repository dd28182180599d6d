"""The family's page of visits: who came and comes, when, what was done; confirm, rate, complain."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from core.errors import Conflict, Invalid, NotFound, Problem
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.care.forms import text
from dashboards.web.family import home
from dashboards.web.pages import back, said, show, wrongs
from dispatch import visits
from services import complaints, orders
from services.complaints import Given

router = APIRouter(prefix="/family/visits", route_class=Guarded, include_in_schema=False)
Family = Annotated[Scope, allow("family")]
KINDS = ("not_made", "late", "short", "manner", "quality", "charge", "safety", "other")
LONGEST = 2000


@router.get("")
async def start(request: Request, scope: Family) -> Response:
    """Show the only elder's visits, or ask whose."""
    return await home.choose(request, scope, "/family/visits/")


@router.get("/{elder_id}")
async def list_(request: Request, scope: Family, elder_id: UUID) -> Response:
    """Show what comes, what was, and what was complained of."""
    return await _list(request, scope, elder_id, None, None)


async def _list(
    request: Request, scope: Scope, elder_id: UUID, problem: Problem | None, visit: UUID | None
) -> Response:
    elder = await home.name_of(scope, elder_id)
    only = None if "visits" in elder["sharing"] else scope.person.account_id
    said_of = await scope.conn.fetch(home.SQL.list_complaints, elder_id, only)
    district, keys = scope.person.district_id, scope.keys
    return show(
        request,
        scope,
        "family/visits.html",
        status=problem.status if problem else 200,
        elder=elder,
        visits=await home.visits(scope, elder_id, elder["sharing"]),
        complaints=[
            {**row, "answer": keys.open(district, row["answer_sealed"]) if row["answer_sealed"] else ""}
            for row in said_of
        ],
        kinds=KINDS,
        at=visit,
        failed=said(scope, problem) if isinstance(problem, Conflict) else None,
        errors=wrongs(scope, problem) if isinstance(problem, Invalid) else {},
    )


async def _visit(scope: Scope, elder_id: UUID, visit_id: UUID) -> None:
    await home.name_of(scope, elder_id)
    row = await visits.find(scope.conn, visit_id)
    if row["elder_id"] != elder_id:
        raise NotFound(f"no visit {visit_id}")


@router.post("/{elder_id}/{visit_id}/confirm")
async def confirm(request: Request, scope: Family, elder_id: UUID, visit_id: UUID) -> Response:
    """Say whether a visit was made as it is told; the proof is weighed again."""
    await _visit(scope, elder_id, visit_id)
    agrees = text(await request.form(), "agrees", 5) == "yes"
    try:
        async with scope.conn.transaction():
            await visits.confirm(scope.conn, visit_id, scope.person, scope.now, agrees=agrees)
    except (Conflict, Invalid) as problem:
        return await _list(request, scope, elder_id, problem, visit_id)
    return back(request, f"/family/visits/{elder_id}#visit-{visit_id}")


@router.post("/{elder_id}/{visit_id}/rate")
async def rate(request: Request, scope: Family, elder_id: UUID, visit_id: UUID) -> Response:
    """Say what is thought of a visit that the family ordered."""
    await _visit(scope, elder_id, visit_id)
    sent = await request.form()
    stars = text(sent, "rating", 1)
    try:
        async with scope.conn.transaction():
            order = await orders.of_visit(scope.conn, visit_id)
            words = text(sent, "review", 500)
            number = int(stars) if stars.isdecimal() else 0
            await orders.review(scope.conn, order, scope.person, scope.now, number, words)
    except (Conflict, Invalid) as problem:
        return await _list(request, scope, elder_id, problem, visit_id)
    return back(request, f"/family/visits/{elder_id}#visit-{visit_id}")


@router.post("/{elder_id}/{visit_id}/complain")
async def complain(request: Request, scope: Family, elder_id: UUID, visit_id: UUID) -> Response:
    """Take a complaint about a visit; its deadline stands on the page at once."""
    await _visit(scope, elder_id, visit_id)
    sent = await request.form()
    given = Given(
        source="family",
        kind=text(sent, "kind", 20),
        urgency="urgent" if text(sent, "kind", 20) == "safety" else "ordinary",
        text=text(sent, "text", LONGEST),
        received_at=scope.now,
        elder=elder_id,
        visit=visit_id,
    )
    try:
        async with scope.conn.transaction():
            await complaints.record(scope.conn, scope.keys, given, scope.person, scope.now)
    except (Conflict, Invalid) as problem:
        return await _list(request, scope, elder_id, problem, visit_id)
    return back(request, f"/family/visits/{elder_id}#complaints")
