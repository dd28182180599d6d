"""Recordings on the page: a player that is asked for, each hearing on record."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from core.events import OPERATORS
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.pages import back, show
from dispatch.inbound import recordings

router = APIRouter(prefix="/console/recordings", route_class=Guarded, include_in_schema=False)
Listener = Annotated[Scope, allow(*OPERATORS, "auditor")]
Manager = Annotated[Scope, allow("duty_manager", "admin")]


@router.get("/{recording_id}")
async def player(request: Request, scope: Listener, recording_id: UUID) -> Response:
    """Show one recording with its player; the sound itself is asked for when it is played."""
    row = await recordings.find(scope.conn, recording_id)
    may_delete = scope.person.role in ("duty_manager", "admin")
    return show(request, scope, "inbound/recording.html", recording=row, may_delete=may_delete)


@router.get("/{recording_id}/sound")
async def sound(scope: Listener, recording_id: UUID) -> Response:
    """Give the sound, on record as a reveal."""
    heard = await recordings.play(scope.conn, scope.keys, recording_id, scope.person, scope.now)
    return Response(heard.sound, media_type=heard.media_type, headers={"Cache-Control": "no-store"})


@router.post("/{recording_id}/delete")
async def delete(request: Request, scope: Manager, recording_id: UUID) -> Response:
    """Delete the sound by hand, on record."""
    await recordings.delete(scope.conn, recording_id, scope.person, scope.now)
    return back(request, f"/console/recordings/{recording_id}")
