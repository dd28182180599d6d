"""Visits that stand open: a caregiver of a provider in grab mode takes one; the first has it."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from core.errors import Problem
from dashboards.auth import Guarded, Scope
from dashboards.web.caregiver import today
from dashboards.web.caregiver.pages import Carer, mine
from dashboards.web.caregiver.shell import page
from dashboards.web.pages import back, is_partial, said, show
from dispatch import caregivers, grabbing

router = APIRouter(prefix="/m/open", route_class=Guarded, include_in_schema=False)


@router.get("")
async def list_(request: Request, scope: Carer) -> Response:
    """Show the visits that this caregiver may take."""
    return await _shown(request, scope)


@router.post("/{visit_id}")
async def grab(request: Request, scope: Carer, visit_id: UUID) -> Response:
    """Take a visit."""
    try:
        async with scope.conn.transaction():
            await grabbing.grab(scope.conn, visit_id, scope.person, scope.now)
    except Problem as problem:
        if problem.status == 404:  # noqa: PLR2004 - a visit of nobody's here
            raise
        return await _shown(request, scope, problem)
    return back(request, f"/m/visits/{visit_id}")


async def _shown(request: Request, scope: Scope, problem: Problem | None = None) -> Response:
    person = await caregivers.find(scope.conn, mine(scope))
    provider = await grabbing.mode(scope.conn, person["provider_id"])
    found = await grabbing.open_to(scope.conn, person["id"], person["provider_id"], scope.now)
    failed = said(scope, problem) if problem else None
    if is_partial(request):
        return show(request, scope, "caregiver/openings_part.html", openings=found, provider=provider)
    head = await today.head(scope.conn)
    given = {"openings": found, "provider": provider, "failed": failed, "head": head}
    status = problem.status if problem else 200
    return page(request, scope, "caregiver/openings.html", status=status, **given)
