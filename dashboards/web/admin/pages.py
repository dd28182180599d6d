"""The administrator's pages: who spoke without being registered, accounts."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from core import accounts
from core.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from dashboards import adoption
from dashboards.auth import Guarded, Scope, allow, exists
from dashboards.vocabulary.devices import ROOMS
from dashboards.web.admin import things
from dashboards.web.menus import HOMES
from dashboards.web.pages import back, said, show
from devices import thing_models
from gateway import unknown_devices

router = APIRouter(prefix="/admin", route_class=Guarded, include_in_schema=False)
Admin = Annotated[Scope, allow("admin")]
Installer = Annotated[Scope, allow("admin", "installer")]
Text = Annotated[str, Form(max_length=100)]
PAGE = 50


@router.get("")
async def start(scope: Installer) -> Response:
    """Begin where the role lands after logging in."""
    return RedirectResponse(HOMES[scope.person.role], status_code=303)


@router.get("/unknown-devices")
async def strangers(request: Request, scope: Installer, after: UUID | None = None) -> Response:
    """List who spoke without being registered."""
    return await _strangers(request, scope, after, None)


@router.post("/unknown-devices/{unknown_device_id}/adopt")
async def adopt(
    request: Request,
    scope: Installer,
    unknown_device_id: UUID,
    thing_model: Text = "",
    care_bed_id: Text = "",
    room: Text = "",
    name: Text = "",
) -> Response:
    """Register a stranger, bound to a bed if one is chosen."""
    try:
        bed = await _bed(scope, care_bed_id)
        async with scope.conn.transaction():
            device = await adoption.adopt(
                scope,
                unknown_device_id,
                None,
                thing_model=thing_model,
                care_bed=bed,
                name=name.strip() or None,
                room=room if room in ROOMS else None,
            )
    except (Conflict, Forbidden, Invalid) as problem:
        return await _strangers(request, scope, None, problem)
    return back(request, f"/fleet/{device.device_id}")


@router.get("/accounts")
async def people(
    request: Request, scope: Admin, after: Annotated[str | None, Query(max_length=200)] = None
) -> Response:
    """List who may log in."""
    rows = await accounts.list_(scope.conn, after, PAGE + 1)
    next_ = rows[PAGE - 1]["login"] if len(rows) > PAGE else None
    return show(request, scope, "admin/accounts.html", accounts=rows[:PAGE], next=next_)


async def _strangers(request: Request, scope: Scope, after: UUID | None, problem: Problem | None) -> Response:
    rows = await unknown_devices.list_(scope.conn, after, PAGE + 1)
    return show(
        request,
        scope,
        "admin/strangers.html",
        status=problem.status if problem else 200,
        strangers=rows[:PAGE],
        next=rows[PAGE - 1]["id"] if len(rows) > PAGE else None,
        hubs=await things.hubs(scope.conn, [row["hub_id"] for row in rows[:PAGE]]),
        just_now=scope.now - adoption.PRESSED,
        beds=await things.beds(scope.conn),
        models=[code for code in thing_models.all_() if code != thing_models.HUB],
        rooms=ROOMS,
        failed=said(scope, problem) if problem else None,
    )


async def _bed(scope: Scope, text: str) -> UUID | None:
    if not text:
        return None
    if not await exists(scope.conn, "care_bed", text):
        raise NotFound("no such care bed")
    return UUID(text)
