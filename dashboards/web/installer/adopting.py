"""Devices that wait to be adopted: by the claim code on the kit, or by a press within two minutes."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response

from core.errors import NotFound, Problem
from core.ids import parse_id
from dashboards import adoption, visible
from dashboards.auth import Guarded, Scope, allow
from dashboards.vocabulary.devices import ROOMS
from dashboards.web.pages import back, said, show
from devices import installs, thing_models
from gateway import unknown_devices

router = APIRouter(prefix="/installer", route_class=Guarded, include_in_schema=False)
Installer = Annotated[Scope, allow("installer", "admin")]
Text = Annotated[str, Form(max_length=200)]
PAGE = 50


@router.get("/unknown")
async def strangers(
    request: Request, scope: Installer, bed: Annotated[UUID | None, Query()] = None
) -> Response:
    """List who spoke without being registered, those that were just pressed first."""
    return await _strangers(request, scope, bed)


@router.post("/unknown/{unknown_device_id}/adopt")
async def adopt(
    request: Request,
    scope: Installer,
    unknown_device_id: UUID,
    thing_model: Text = "",
    care_bed_id: Text = "",
    room: Text = "",
    name: Text = "",
    claim_code: Text = "",
) -> Response:
    """Register a stranger at a bed."""
    bed = parse_id(care_bed_id)
    if care_bed_id and bed is None:
        raise NotFound("no care bed of that id")
    try:
        async with scope.conn.transaction():
            await visible.check(scope, "care_bed", bed)
            await adoption.adopt(
                scope,
                unknown_device_id,
                claim_code,
                thing_model=thing_model,
                care_bed=bed,
                name=name.strip() or None,
                room=room if room in ROOMS else None,
            )
    except NotFound:
        raise
    except Problem as problem:
        return await _strangers(request, scope, bed, problem)
    return back(request, f"/installer/beds/{bed}" if bed else "/installer/unknown")


async def _strangers(
    request: Request, scope: Scope, bed: UUID | None, problem: Problem | None = None
) -> Response:
    rows = await unknown_devices.list_(scope.conn, None, PAGE * 4)
    rows = sorted(rows, key=lambda row: row["last_seen_at"], reverse=True)[:PAGE]
    return show(
        request,
        scope,
        "installer/unknown.html",
        status=problem.status if problem else 200,
        strangers=[{**row, "is_pressed": adoption.is_pressed(row, scope.now)} for row in rows],
        bed_id=bed,
        beds=await installs.beds(scope.conn, scope.now, "", 0, 500),
        models=[code for code in thing_models.all_() if code != thing_models.HUB],
        rooms=ROOMS,
        failed=said(scope, problem) if problem else None,
    )
