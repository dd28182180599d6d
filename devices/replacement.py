"""Replacement: a new device takes the place of an old one; both keep their histories and know each other."""

from datetime import datetime
from uuid import UUID

from core.db import Conn, Row
from core.errors import Conflict
from core.sql import load
from devices import registry, thing_models
from devices.registry import Credentials

SQL = load(__file__)


async def replace(
    conn: Conn, device: UUID, now: datetime, *, thing_model: str | None = None, address: str | None = None
) -> Credentials:
    """Retire a device and register another in its place; a hub's devices go over to the new hub."""
    old = await registry.find(conn, device)
    model = thing_model or old["thing_model"]
    if old["retired_at"] is not None:
        raise Conflict(f"device {device} is out of use", code="device_retired")
    if (old["thing_model"] == thing_models.HUB) != (model == thing_models.HUB):
        raise Conflict("a hub is replaced by a hub, and nothing else is", code="hub_for_hub")
    await registry.retire(conn, device, now)
    await conn.execute(SQL.set_aside, device)
    made = await registry.add(
        conn,
        district=old["district_id"],
        thing_model=model,
        now=now,
        care_bed=old["care_bed_id"],
        name=None if old["name"] == registry.called(device) else old["name"],
        room=old["room"],
        hub=old["hub_id"],
        ecosystem=old["ecosystem"],
        address=(address or old["address"]) if old["hub_id"] else None,
    )
    await conn.execute(SQL.link, made.device_id, device)
    await conn.execute(SQL.move_children, device, made.device_id)
    return made


async def bindings(conn: Conn, device: UUID) -> list[Row]:
    """Return where a device has been {care_bed_id, care_bed_label, room, bound_at, unbound_at}, in order."""
    return await conn.fetch(SQL.list_bindings, device)


async def line(conn: Conn, device: UUID) -> list[Row]:
    """Return who stood in the same place, in order {id, thing_model, name, created_at, retired_at}."""
    return await conn.fetch(SQL.list_line, device)
