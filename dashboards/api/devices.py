"""Devices: what stands at a bed, what it said last, what it measured."""

from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from core.db import Row
from core.errors import Invalid
from dashboards import audited, visible
from dashboards.api.shapes import STAFF, Given, Instant, Line, Page, Paged, Shape, shape_of
from dashboards.auth import Guarded, Scope, allow
from devices import care_beds, registry, thing_models
from gateway import readings, states

router = APIRouter(prefix="/api/v1/devices", tags=["devices"], route_class=Guarded)
Readers = Annotated[Scope, allow(*STAFF, "installer", "family")]
Installer = Annotated[Scope, allow("installer", "admin")]
LONGEST = timedelta(days=31)
LAST = timedelta(hours=1)


class Device(Shape):
    """One device."""

    id: UUID
    care_bed_id: UUID | None
    elder_id: UUID | None
    thing_model: str
    name: str
    room: str | None
    hub_id: UUID | None
    ecosystem: str
    address: str | None
    created_at: datetime
    retired_at: datetime | None


class Value(Shape):
    """The latest value of a metric, and when the device measured it."""

    value: Any
    at: datetime
    unit: str


class Latest(Shape):
    """What a device said last; `silent_since` when it has been silent for too long."""

    device_id: UUID
    last_seen_at: datetime | None
    is_online: bool
    silent_since: datetime | None
    values: dict[str, Value]


class Reading(Shape):
    """One measured value."""

    metric: str
    observed_at: datetime
    value: float


class Extra(Shape):
    """A value that no thing model explains, or that is out of its range: kept and shown, never judged."""

    name: str
    observed_at: datetime
    value: Any
    why: str


class Readings(Shape):
    """Values of a time, oldest first; `more` when there are more than are shown."""

    items: list[Reading]
    more: bool
    extra: list[Extra]


class Place(Given):
    """Where a device is put (null: nowhere)."""

    care_bed_id: UUID | None
    room: Line | None = None


@router.get("")
async def list_(
    scope: Readers,
    paged: Paged,
    care_bed_id: UUID | None = None,
    elder_id: UUID | None = None,
    hub_id: UUID | None = None,
) -> Page[Device]:
    """List devices in use, by bed, elder or hub."""
    await visible.check(scope, "care_bed", care_bed_id)
    await visible.check(scope, "device", hub_id)

    async def fetch(elder: UUID | None) -> list[Row]:
        return await registry.list_(scope.conn, care_bed_id, elder, hub_id, paged.after, paged.ask)

    return paged.page(await visible.of_elders(scope, elder_id, fetch), Device)


@router.get("/{device_id}")
async def find(device_id: UUID, scope: Readers) -> Device:
    """Show one device."""
    return shape_of(Device, await _seen(scope, device_id))


@router.get("/{device_id}/latest")
async def latest(device_id: UUID, scope: Readers) -> Latest:
    """Show what a device said last."""
    device = await _seen(scope, device_id)
    found = await states.of(scope.conn, [device_id])
    if not found:
        return Latest(device_id=device_id, last_seen_at=None, is_online=False, silent_since=None, values={})
    hidden = await visible.hidden_metrics(scope, device["elder_id"])
    metrics = thing_models.get(device["thing_model"]).metrics
    values = {
        name: {"value": value, "at": at, "unit": metrics[name].unit if name in metrics else ""}
        for name, (value, at) in found[0]["values"].items()
        if name not in hidden
    }
    return shape_of(Latest, {**found[0], "values": values})


@router.get("/{device_id}/readings")
async def list_readings(
    device_id: UUID,
    scope: Readers,
    since: Instant | None = None,
    until: Instant | None = None,
    limit: Annotated[int, Query(ge=1, le=5000)] = 2000,
) -> Readings:
    """Show what a device measured (the last hour unless said); a relative no place that is not shared."""
    device = await _seen(scope, device_id)
    hidden = await visible.hidden_metrics(scope, device["elder_id"])
    end = until or scope.now
    start = since or end - LAST
    if not timedelta(0) <= end - start <= LONGEST:
        raise Invalid("since: within 31 days before until", [{"field": "since", "code": "invalid"}])
    rows = await readings.between(scope.conn, [device_id], start, end, limit + 1)
    shown = [shape_of(Reading, row) for row in rows[:limit] if row["metric"] not in hidden]
    extra = await readings.extra_between(scope.conn, [device_id], start, end, limit)
    told = [] if hidden else [shape_of(Extra, row) for row in extra]  # who knows what an unknown name tells
    return Readings(items=shown, more=len(rows) > limit, extra=told)


@router.post("/{device_id}/bind")
async def bind(device_id: UUID, given: Place, scope: Installer) -> Device:
    """Put a device at a bed, or at none; the history keeps where it was."""
    await registry.find(scope.conn, device_id)
    await visible.check(scope, "care_bed", given.care_bed_id)
    await registry.bind(scope.conn, device_id, given.care_bed_id, given.room, scope.now)
    await audited.note(scope, "device.bind", "device", device_id)
    return shape_of(Device, await _seen(scope, device_id))


@router.post("/{device_id}/revoke", status_code=204)
async def revoke(device_id: UUID, scope: Installer) -> None:
    """Shut a device out; the broker drops it within a second."""
    await registry.find(scope.conn, device_id)
    await registry.revoke(scope.conn, device_id, scope.now)
    await audited.note(scope, "device.revoke", "device", device_id)


async def _seen(scope: Scope, device_id: UUID) -> dict[str, Any]:
    row = await registry.find(scope.conn, device_id)
    bed = row["care_bed_id"]
    elder = (await care_beds.find(scope.conn, bed))["elder_id"] if bed else None
    await visible.check_owner(scope, "device", device_id, elder)
    return {**row, "elder_id": elder}
