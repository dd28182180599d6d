"""Unknown devices: who spoke without being registered; adopted to a bed by somebody who knows it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from dashboards import adoption, visible
from dashboards.api.shapes import Code, Given, Line, Page, Paged, Shape
from dashboards.auth import Guarded, Scope, allow
from gateway import unknown_devices

router = APIRouter(prefix="/api/v1/unknown-devices", tags=["unknown-devices"], route_class=Guarded)
Installer = Annotated[Scope, allow("installer", "admin")]


class UnknownDevice(Shape):
    """Id, model and time only."""

    id: UUID
    hub_id: UUID | None
    ecosystem: str
    address: str
    model: str | None
    first_seen_at: datetime
    last_seen_at: datetime
    times: int


class Adoption(Given):
    """What it is and where it stands."""

    thing_model: Code
    care_bed_id: UUID | None = None
    name: Line | None = None
    room: Line | None = None
    claim_code: Line | None = None


class Adopted(Shape):
    """The device that it has become."""

    device_id: UUID


@router.get("")
async def list_(scope: Installer, paged: Paged) -> Page[UnknownDevice]:
    """List unknown devices."""
    rows = await unknown_devices.list_(scope.conn, after=paged.after, limit=paged.ask)
    return paged.page(rows, UnknownDevice)


@router.post("/{unknown_device_id}/adopt", status_code=201)
async def adopt(unknown_device_id: UUID, given: Adoption, scope: Installer) -> Adopted:
    """Register an unknown device; an installer has pressed it within two minutes, or gives its kit's code."""
    await visible.check(scope, "care_bed", given.care_bed_id)
    made = await adoption.adopt(
        scope,
        unknown_device_id,
        given.claim_code,
        thing_model=given.thing_model,
        care_bed=given.care_bed_id,
        name=given.name,
        room=given.room,
    )
    return Adopted(device_id=made.device_id)
