"""Homes, one home, a scanned code, a replacement."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response

from core.errors import Conflict, Problem
from dashboards import audited, claim_codes, visible
from dashboards.api.fitting import take_place
from dashboards.api.kits import put
from dashboards.auth import Guarded, Scope, allow
from dashboards.vocabulary.devices import ROOMS
from dashboards.web.installer import codes, seen
from dashboards.web.pages import back, said, show
from devices import care_beds, commands, installs, kits, registry, replacement, thing_models

router = APIRouter(prefix="/installer", route_class=Guarded, include_in_schema=False)
Installer = Annotated[Scope, allow("installer", "admin")]
Text = Annotated[str, Form(max_length=200)]
Words = Annotated[str, Query(max_length=100)]
PAGE = 30


@router.get("")
async def homes(
    request: Request, scope: Installer, q: Words = "", skip: Annotated[int, Query(ge=0, le=10_000)] = 0
) -> Response:
    """List homes: those under test and those whose turn it is first."""
    rows = await installs.beds(scope.conn, scope.now, q.strip(), skip, PAGE + 1)
    next_ = skip + PAGE if len(rows) > PAGE else None
    due = scope.now - installs.EVERY
    return show(request, scope, "installer/homes.html", beds=rows[:PAGE], q=q.strip(), next=next_, due=due)


@router.get("/beds/{care_bed_id}")
async def home(request: Request, scope: Installer, care_bed_id: UUID) -> Response:
    """Show one home: its devices, its tests, what can be done."""
    return await _home(request, scope, care_bed_id)


@router.get("/scan")
async def scan(
    request: Request,
    scope: Installer,
    kit: Words = "",
    code: Annotated[str, Query(max_length=codes.LONGEST)] = "",
    bed: UUID | None = None,
) -> Response:
    """Scan or type a code, then see what it is and where it goes."""
    return await _scan(request, scope, f"{kit} {code}".strip(), bed)


@router.post("/scan")
async def bind(
    request: Request,
    scope: Installer,
    code: Annotated[str, Form(max_length=codes.LONGEST)] = "",
    care_bed_id: Text = "",
    room: Text = "",
) -> Response:
    """Put what the code names at a bed."""
    try:
        async with scope.conn.transaction():
            bed = await _bed(scope, care_bed_id)
            await _bind(scope, code, bed, room if room in ROOMS else None)
    except Problem as problem:
        return await _scan(request, scope, code, None, problem)
    return back(request, f"/installer/beds/{bed}")


@router.post("/devices/{device_id}/take-off")
async def take_off(request: Request, scope: Installer, device_id: UUID) -> Response:
    """Take a device from its bed: it is in stock again, its history keeps where it was."""
    device = await registry.find(scope.conn, device_id)
    await registry.bind(scope.conn, device_id, None, device["room"], scope.now)
    await audited.note(scope, "device.bind", "device", device_id)
    bed = device["care_bed_id"]
    return back(request, f"/installer/beds/{bed}" if bed else "/installer")


@router.post("/devices/{device_id}/replace")
async def replace(
    request: Request, scope: Installer, device_id: UUID, thing_model: Text = "", address: Text = ""
) -> Response:
    """Let a new device take the place of this one; what the new one needs to speak is shown once."""
    old = await registry.find(scope.conn, device_id)
    try:
        async with scope.conn.transaction():
            made = await take_place(scope, device_id, thing_model or None, address.strip() or None)
    except Problem as problem:
        if old["care_bed_id"] is None:
            raise
        return await _home(request, scope, old["care_bed_id"], problem)
    line = await replacement.line(scope.conn, made.device_id)
    return show(request, scope, "installer/replaced.html", made=made, line=line, bed_id=old["care_bed_id"])


async def _home(request: Request, scope: Scope, care_bed: UUID, problem: Problem | None = None) -> Response:
    found = await seen.bed(scope.conn, care_bed)
    return show(
        request,
        scope,
        "installer/home.html",
        status=problem.status if problem else 200,
        bed=found,
        devices=await seen.devices(scope.conn, care_bed),
        tests=await installs.of_bed(scope.conn, care_bed),
        under_way=await installs.under_way(scope.conn, care_bed, scope.now),
        models=tuple(thing_models.all_()),
        failed=said(scope, problem) if problem else None,
    )


async def _scan(
    request: Request, scope: Scope, text: str, bed: UUID | None, problem: Problem | None = None
) -> Response:
    found: dict[str, Any] = {"kit": None, "inside": [], "device": None, "commands": ()}
    if text and problem is None:
        try:
            found |= await _resolve(scope, text)
        except Problem as wrong:
            problem = wrong
    return show(
        request,
        scope,
        "installer/scan.html",
        status=problem.status if problem else 200,
        code=text,
        bed_id=bed,
        beds=await installs.beds(scope.conn, scope.now, "", 0, 500),
        rooms=ROOMS,
        failed=said(scope, problem) if problem else None,
        **found,
    )


async def _resolve(scope: Scope, text: str) -> dict[str, Any]:
    code = codes.read(text)
    if code is None:
        raise Problem("neither a kit nor a device", code="code_unreadable")
    if code.device is not None:
        device = await registry.find(scope.conn, code.device)
        return {"device": device, "commands": commands.possible(device)}
    kit = await claim_codes.claim(scope, code.serial, code.claim_code)
    return {"kit": kit, "inside": await kits.devices(scope.conn, kit["id"])}


async def _bind(scope: Scope, text: str, bed: UUID, room: str | None) -> None:
    code = codes.read(text)
    if code is None:
        raise Problem("neither a kit nor a device", code="code_unreadable")
    if code.device is None:
        await put(scope, code.serial, code.claim_code, bed)
        return
    device = await registry.find(scope.conn, code.device)
    if device["care_bed_id"] != bed or device["room"] != room:
        await registry.bind(scope.conn, code.device, bed, room or device["room"], scope.now)
        await audited.note(scope, "device.bind", "device", code.device)


async def _bed(scope: Scope, text: str) -> UUID:
    try:
        bed = UUID(text)
    except ValueError as error:
        raise Problem("choose a bed", code="bed_missing") from error
    await visible.check(scope, "care_bed", bed)
    if (await care_beds.find(scope.conn, bed))["ended_on"] is not None:
        raise Conflict("this enrolment has ended", code="care_bed_ended")
    return bed
