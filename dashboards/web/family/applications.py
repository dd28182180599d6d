"""The family's page of applications: what may be applied for, how far it is, what is missing."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from core.clock import local_date
from core.errors import Conflict, Invalid, NotFound, Problem
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.care.forms import text
from dashboards.web.family import home
from dashboards.web.pages import back, said, show, wrongs
from services.applications import applications, flows, moving
from services.applications.applications import NewApplication

router = APIRouter(prefix="/family/applications", route_class=Guarded, include_in_schema=False)
Family = Annotated[Scope, allow("family")]
SHOWN = 10


@router.get("")
async def start(request: Request, scope: Family) -> Response:
    """Show the only elder's applications, or ask whose."""
    return await home.choose(request, scope, "/family/applications/")


@router.get("/{elder_id}")
async def list_(request: Request, scope: Family, elder_id: UUID) -> Response:
    """Show what was applied for and what may be."""
    return await _list(request, scope, elder_id, None)


async def _list(request: Request, scope: Scope, elder_id: UUID, problem: Problem | None) -> Response:
    elder = await home.reader_of(scope, elder_id, "bills")
    rows = await applications.list_(scope.conn, elder_id=elder_id, limit=SHOWN)
    return show(
        request,
        scope,
        "family/applications.html",
        status=problem.status if problem else 200,
        elder=elder,
        rows=[{**row, "missing": _missing(row)} for row in rows],
        schemes=await applications.schemes(scope.conn, local_date(scope.now)),
        errors=wrongs(scope, problem) if isinstance(problem, Invalid) else {},
        failed=said(scope, problem) if isinstance(problem, Conflict) else None,
    )


def _missing(row: Any) -> list[str]:  # noqa: ANN401 - a row
    return flows.missing(flows.read(row["flow"]), row["documents"])


@router.post("/{elder_id}")
async def apply(request: Request, scope: Family, elder_id: UUID) -> Response:
    """Apply for a scheme."""
    await home.name_of(scope, elder_id)
    sent = await request.form()
    new = NewApplication(text(sent, "scheme_code", 60), "family", elder_id, None, (), text(sent, "note", 500))
    try:
        async with scope.conn.transaction():
            await applications.apply(scope.conn, scope.keys, new, scope.person, scope.now)
    except (Conflict, Invalid) as problem:
        return await _list(request, scope, elder_id, problem)
    return back(request, f"/family/applications/{elder_id}")


@router.post("/{elder_id}/{application_id}/withdraw")
async def withdraw(request: Request, scope: Family, elder_id: UUID, application_id: UUID) -> Response:
    """Withdraw an application."""
    await home.name_of(scope, elder_id)
    row = await applications.find(scope.conn, application_id)
    if row["elder_id"] != elder_id:
        raise NotFound(f"no application {application_id}")
    try:
        async with scope.conn.transaction():
            await moving.withdraw(scope.conn, application_id, scope.person, scope.now)
    except Conflict as problem:
        return await _list(request, scope, elder_id, problem)
    return back(request, f"/family/applications/{elder_id}")
