"""The install test on the phone: trigger each sensor, see it turn green, take photos, finish."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import Response

from core.errors import Conflict, Invalid, Problem
from dashboards import audited
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.installer import seen
from dashboards.web.pages import back, is_partial, said, show
from devices import installs, photos

router = APIRouter(prefix="/installer", route_class=Guarded, include_in_schema=False)
Installer = Annotated[Scope, allow("installer", "admin")]
Text = Annotated[str, Form(max_length=2000)]


@router.post("/beds/{care_bed_id}/test")
async def start(
    request: Request, scope: Installer, care_bed_id: UUID, kind: Text = installs.INSTALL
) -> Response:
    """Begin a test; one that is under way is gone on with."""
    running = await installs.under_way(scope.conn, care_bed_id, scope.now)
    if running is not None:
        return back(request, f"/installer/tests/{running['id']}")
    test = await installs.start(scope.conn, care_bed_id, kind, scope.person.account_id, scope.now)
    await audited.note(scope, "install_test.start", "install_test", test, {"kind": kind})
    return back(request, f"/installer/tests/{test}")


@router.get("/tests/{test_id}")
async def one(request: Request, scope: Installer, test_id: UUID) -> Response:
    """Show a test."""
    return await _page(request, scope, test_id)


@router.post("/tests/{test_id}/look")
async def look(request: Request, scope: Installer, test_id: UUID) -> Response:
    """Note what has been seen since, and show the lines."""
    return await _lines(request, scope, test_id)


@router.post("/tests/{test_id}/devices/{device_id}/arm")
async def arm(request: Request, scope: Installer, test_id: UUID, device_id: UUID) -> Response:
    """Expect this device to be triggered now."""
    problem = None
    try:
        async with scope.conn.transaction():
            await seen.arm(scope.conn, test_id, device_id, scope.now)
    except Problem as wrong:
        problem = wrong
    if is_partial(request):
        return await _lines(request, scope, test_id, problem)
    return (
        await _page(request, scope, test_id, problem)
        if problem
        else back(request, f"/installer/tests/{test_id}")
    )


@router.post("/tests/{test_id}/finish")
async def finish(request: Request, scope: Installer, test_id: UUID, note: Text = "") -> Response:
    """End a test; its result is what was seen."""
    test = await installs.find(scope.conn, test_id)
    await seen.look(scope.conn, test, scope.now)
    try:
        async with scope.conn.transaction():
            await installs.finish(
                scope.conn, test_id, scope.person.account_id, note.strip() or None, scope.now
            )
    except Problem as problem:
        return await _page(request, scope, test_id, problem)
    await audited.note(scope, "install_test.finish", "install_test", test_id)
    return back(request, f"/installer/beds/{test['care_bed_id']}")


@router.post("/tests/{test_id}/photos")
async def add_photo(request: Request, scope: Installer, test_id: UUID, photo: UploadFile) -> Response:
    """Keep a photo."""
    content = await photo.read(photos.LARGEST + 1)
    try:
        async with scope.conn.transaction():
            who = scope.person.account_id
            await installs.add_photo(scope.conn, scope.keys, test_id, content, who, scope.now)
    except Invalid as wrong:
        return await _page(
            request, scope, test_id, Problem("no photo of ours", code=wrong.detail.partition(": ")[2])
        )
    except Conflict as problem:
        return await _page(request, scope, test_id, problem)
    await audited.note(scope, "install_test.photo", "install_test", test_id)
    return back(request, f"/installer/tests/{test_id}")


@router.get("/photos/{photo_id}")
async def photo(scope: Installer, photo_id: UUID) -> Response:
    """Show a photo."""
    content, media_type = await installs.photo(scope.conn, scope.keys, scope.person.district_id, photo_id)
    return Response(content, media_type=media_type, headers={"Cache-Control": "private, max-age=3600"})


async def _lines(request: Request, scope: Scope, test_id: UUID, problem: Problem | None = None) -> Response:
    test = await installs.find(scope.conn, test_id)
    lines = await seen.look(scope.conn, test, scope.now)
    failed = said(scope, problem) if problem else None
    return show(
        request,
        scope,
        "installer/lines.html",
        test=test,
        lines=lines,
        is_open=seen.is_open(test, scope.now),
        failed=failed,
    )


async def _page(request: Request, scope: Scope, test_id: UUID, problem: Problem | None = None) -> Response:
    test = await installs.find(scope.conn, test_id)
    lines = await seen.look(scope.conn, test, scope.now)
    return show(
        request,
        scope,
        "installer/test.html",
        status=problem.status if problem else 200,
        test=test,
        lines=lines,
        bed=await seen.bed(scope.conn, test["care_bed_id"]),
        photos=await installs.list_photos(scope.conn, test_id),
        is_open=seen.is_open(test, scope.now),
        failed=said(scope, problem) if problem else None,
    )
