"""What people do with a device: tell it something, listen to it, renew or revoke its password, retire it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from core.errors import Conflict, Invalid, Problem
from dashboards import audited
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.fleet.pages import FITTERS, Reader, shown
from dashboards.web.pages import back
from devices import command_states, commands, registry
from gateway import traces

router = APIRouter(prefix="/fleet", route_class=Guarded, include_in_schema=False)
Fitter = Annotated[Scope, allow(*FITTERS)]
Text = Annotated[str, Form(max_length=100)]


@router.post("/{device_id}/command")
async def command(
    request: Request, scope: Reader, device_id: UUID, name: Text = "", seconds: Text = ""
) -> Response:
    """Queue a command."""
    known = command_states.COMMANDS.get(name, {})
    params = {"seconds": int(seconds) if seconds.isdecimal() else seconds} if "seconds" in known else {}
    try:
        made = await commands.create(
            scope.conn, device_id, name=name, params=params, by=scope.person.account_id, now=scope.now
        )
    except (Conflict, Invalid) as problem:
        return await shown(request, scope, device_id, problem)
    await audited.note(scope, "device.command", "device", device_id, {"command": str(made), "name": name})
    return back(request, f"/fleet/{device_id}#commands")


@router.post("/{device_id}/listen")
async def listen(request: Request, scope: Fitter, device_id: UUID) -> Response:
    """Keep what a device says for ten minutes; who wanted that is on record."""
    await registry.find(scope.conn, device_id)
    person = scope.person
    await traces.start(
        scope.conn, district=person.district_id, device=device_id, by=person.account_id, now=scope.now
    )
    await audited.note(scope, "device.listen", "device", device_id)
    return back(request, f"/fleet/{device_id}#messages")


@router.post("/{device_id}/hush")
async def hush(request: Request, scope: Fitter, device_id: UUID) -> Response:
    """Listen no longer."""
    await registry.find(scope.conn, device_id)
    await traces.stop(scope.conn, device_id, scope.now)
    await audited.note(scope, "device.hush", "device", device_id)
    return back(request, f"/fleet/{device_id}#messages")


@router.post("/{device_id}/rotate")
async def rotate(request: Request, scope: Fitter, device_id: UUID) -> Response:
    """Give a device a new password, shown this once."""
    try:
        made = await registry.rotate(scope.conn, device_id, scope.now)
    except Conflict as problem:
        return await shown(request, scope, device_id, problem)
    await audited.note(scope, "device.rotate", "device", device_id)
    return await shown(request, scope, device_id, secret=made.password)


@router.post("/{device_id}/revoke")
async def revoke(request: Request, scope: Fitter, device_id: UUID) -> Response:
    """Shut a device out; the broker drops it within a second."""
    await registry.find(scope.conn, device_id)
    try:
        await registry.revoke(scope.conn, device_id, scope.now)
    except Conflict as problem:
        return await shown(request, scope, device_id, problem)
    await audited.note(scope, "device.revoke", "device", device_id)
    return back(request, f"/fleet/{device_id}")


@router.post("/{device_id}/retire")
async def retire(request: Request, scope: Fitter, device_id: UUID) -> Response:
    """Take a device out of use; its readings and alarms stay."""
    await registry.find(scope.conn, device_id)
    try:
        await registry.retire(scope.conn, device_id, scope.now)
    except Problem as problem:
        return await shown(request, scope, device_id, problem)
    await audited.note(scope, "device.retire", "device", device_id)
    return back(request, f"/fleet/{device_id}")
