"""The home's code of the minute, for a display at home or for somebody who reads it to the caregiver."""

from typing import Annotated
from uuid import UUID

import segno
from fastapi import APIRouter, Request
from fastapi.responses import Response
from markupsafe import Markup

from core.errors import NotFound
from core.sql import load
from dashboards import visible
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.pages import is_partial, show
from dispatch import qr
from dispatch.phone import codes

SQL = load(__file__)
router = APIRouter(route_class=Guarded, include_in_schema=False)
Family = Annotated[Scope, allow("family")]
Installer = Annotated[Scope, allow("installer", "admin")]


@router.get("/family/elders/{elder_id}/code")
async def of_elder(request: Request, scope: Family, elder_id: UUID) -> Response:
    """Show the code of a family's own elder's home."""
    await visible.check_elder(scope, elder_id)
    home = await scope.conn.fetchrow(SQL.find_home_of_elder, elder_id)
    return _page(request, scope, home, f"/family/elders/{elder_id}")


@router.get("/installer/beds/{care_bed_id}/code")
async def of_bed(request: Request, scope: Installer, care_bed_id: UUID) -> Response:
    """Show the code of a bed's home, to set up a display."""
    home = await scope.conn.fetchrow(SQL.find_home_of_bed, care_bed_id)
    return _page(request, scope, home, f"/installer/beds/{care_bed_id}")


def _page(request: Request, scope: Scope, home: object, up: str) -> Response:
    if home is None:
        raise NotFound("no home")
    base = scope.settings.public_url or str(request.base_url)
    link, digits = qr.shown_for(scope.keys, home, base, scope.now)  # type: ignore[arg-type]
    drawn = segno.make(link, error="m").svg_inline(border=2, svgclass="qr", lineclass=None, omitsize=True)
    step = codes.step_of(scope.now)
    left = max(1, round((codes.begins(step + 1) - scope.now).total_seconds()))
    return show(
        request,
        scope,
        "carers/code_part.html" if is_partial(request) else "carers/code.html",
        image=Markup(drawn),  # noqa: S704 - drawn by segno out of our own link
        digits=digits,
        left=left,
        up=up,
    )
