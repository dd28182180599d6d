"""Commands to a device: what was wanted, by whom, and what became of it."""

from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from dashboards import audited
from dashboards.api.shapes import Code, Given, Page, Paged, Shape, shape_of
from dashboards.auth import Guarded, Scope, allow
from devices import command_states, commands, registry

router = APIRouter(prefix="/api/v1/devices", tags=["commands"], route_class=Guarded)
Asker = Annotated[Scope, allow("operator", "duty_manager", "installer", "admin")]
_LONGEST_S = int(command_states.LONGEST.total_seconds())
_SHORTEST_S = int(command_states.SHORTEST.total_seconds())
_DEFAULT_S = int(command_states.DEFAULT.total_seconds())


class Command(Shape):
    """One command; `state` says what became of it, `result` and `reason` are the device's own words."""

    id: UUID
    device_id: UUID
    name: str
    params: dict[str, Any]
    state: str
    created_at: datetime
    created_by: UUID | None
    expires_at: datetime
    tries: int
    sent_at: datetime | None
    answered_at: datetime | None
    result: str | None
    reason: str | None


class NewCommand(Given):
    """What is wanted; a device that is away gets it when it comes back, until it expires."""

    name: Code
    params: dict[str, int] = Field(default_factory=dict)
    expires_in_s: Annotated[int, Field(ge=_SHORTEST_S, le=_LONGEST_S)] = _DEFAULT_S


@router.get("/{device_id}/commands")
async def list_(device_id: UUID, scope: Asker, paged: Paged) -> Page[Command]:
    """List a device's commands, the newest first."""
    await registry.find(scope.conn, device_id)
    rows = await commands.list_(scope.conn, device_id, paged.after, paged.ask)
    return paged.page(rows, Command)


@router.post("/{device_id}/commands", status_code=202)
async def create(device_id: UUID, given: NewCommand, scope: Asker) -> Command:
    """Want something of a device."""
    identity = await order(scope, device_id, given.name, given.params, timedelta(seconds=given.expires_in_s))
    return shape_of(Command, await commands.find(scope.conn, identity))


async def order(scope: Scope, device: UUID, name: str, params: dict[str, int], lasts: timedelta) -> UUID:
    """Queue a command, on record."""
    who = scope.person.account_id
    identity = await commands.create(
        scope.conn, device, name=name, params=params, by=who, now=scope.now, lasts=lasts
    )
    await audited.note(
        scope, "device.command", "device", device, {"command": name, "command_id": str(identity)}
    )
    return identity
