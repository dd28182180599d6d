"""Fitting devices: registered, replaced, given a new password, taken out of use; their history."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from core.errors import Invalid
from dashboards import audited, visible
from dashboards.api.shapes import Code, Given, Line, Shape, shape_of
from dashboards.auth import Guarded, Scope, allow
from devices import registry, replacement
from devices.registry import Credentials
from gateway import unknown_devices

router = APIRouter(prefix="/api/v1/devices", tags=["devices"], route_class=Guarded)
Installer = Annotated[Scope, allow("installer", "admin")]


class NewDevice(Given):
    """What it is and where it stands; a hub's device has an ecosystem and its address there."""

    thing_model: Code
    care_bed_id: UUID | None = None
    room: Line | None = None
    name: Line | None = None
    hub_id: UUID | None = None
    ecosystem: Code = registry.NATIVE
    address: Line | None = None


class Successor(Given):
    """What takes the place; without a model the same model, without an address the same name at the hub."""

    thing_model: Code | None = None
    address: Line | None = None


class Admitted(Shape):
    """What a device needs to speak; the password is shown once, a hub's device has none."""

    device_id: UUID
    username: str | None
    password: str | None


class Binding(Shape):
    """A time at a bed."""

    care_bed_id: UUID
    care_bed_label: str
    room: str | None
    bound_at: datetime
    unbound_at: datetime | None


class Standing(Shape):
    """One of the devices that stood in the same place one after another."""

    id: UUID
    thing_model: str
    name: str
    created_at: datetime
    retired_at: datetime | None


class History(Shape):
    """Where a device has been, and who stood there before and after it."""

    bindings: list[Binding]
    line: list[Standing]


@router.post("", status_code=201)
async def create(given: NewDevice, scope: Installer) -> Admitted:
    """Register a device; its password is in this answer and nowhere else."""
    await visible.check(scope, "care_bed", given.care_bed_id)
    await visible.check(scope, "device", given.hub_id)
    if given.hub_id is None and given.address:
        raise Invalid("only a hub's device has an address", [{"field": "hub_id", "code": "missing"}])
    made = await registry.add(
        scope.conn,
        district=scope.person.district_id,
        thing_model=given.thing_model,
        now=scope.now,
        care_bed=given.care_bed_id,
        name=given.name,
        room=given.room,
        hub=given.hub_id,
        ecosystem=given.ecosystem,
        address=given.address,
    )
    await audited.note(scope, "device.add", "device", made.device_id)
    return admitted(made)


@router.post("/{device_id}/replace", status_code=201)
async def replace(device_id: UUID, given: Successor, scope: Installer) -> Admitted:
    """Let a new device take the place of this one; both histories stay."""
    return admitted(await take_place(scope, device_id, given.thing_model, given.address))


@router.post("/{device_id}/rotate")
async def rotate(device_id: UUID, scope: Installer) -> Admitted:
    """Give a device a new password; the old one stops at once."""
    made = await registry.rotate(scope.conn, device_id, scope.now)
    await audited.note(scope, "device.rotate", "device", device_id)
    return admitted(made)


@router.post("/{device_id}/retire", status_code=204)
async def retire(device_id: UUID, scope: Installer) -> None:
    """Take a device out of use: no bed, no password; its readings and alarms stay."""
    device = await registry.find(scope.conn, device_id)
    if device["retired_at"] is None:
        await registry.retire(scope.conn, device_id, scope.now)
        await audited.note(scope, "device.retire", "device", device_id)


@router.get("/{device_id}/history")
async def history(device_id: UUID, scope: Installer) -> History:
    """Show where a device has been, and who stood in its place before and after."""
    await registry.find(scope.conn, device_id)
    beds = await replacement.bindings(scope.conn, device_id)
    line = await replacement.line(scope.conn, device_id)
    return History(
        bindings=[shape_of(Binding, row) for row in beds], line=[shape_of(Standing, row) for row in line]
    )


async def take_place(scope: Scope, device: UUID, model: str | None, address: str | None) -> Credentials:
    """Replace a device, on record; its successor may be a stranger that has spoken already."""
    made = await replacement.replace(scope.conn, device, scope.now, thing_model=model, address=address)
    await unknown_devices.settle(scope.conn, made.device_id, scope.now)
    await audited.note(scope, "device.replace", "device", device, {"by": str(made.device_id)})
    return made


def admitted(made: Credentials) -> Admitted:
    """Shape what is shown once."""
    return Admitted(device_id=made.device_id, username=made.username, password=made.password)
