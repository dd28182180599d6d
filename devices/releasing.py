"""A care bed that is given up: its devices and kits go into stock, and come back when that was a mistake."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from core.db import Conn
from core.sql import load
from devices import care_beds, registry

SQL = load(__file__)
Freed = Mapping[str, Any]
"""What a release freed: {care_bed, on, devices: [{id, room}], kits: [id]}, ids and days as text."""


async def release(conn: Conn, care_bed: UUID, on: date, now: datetime) -> Freed:
    """End a care bed and free what stands there; raise Conflict when the bed is not open."""
    await care_beds.end(conn, care_bed, on)
    devices = await conn.fetch(SQL.list_at_bed, care_bed)
    for row in devices:
        await registry.bind(conn, row["id"], None, row["room"], now)
    kits = await conn.fetch(SQL.free_kits, care_bed)
    return {
        "care_bed": str(care_bed),
        "on": on.isoformat(),
        "devices": [{"id": str(row["id"]), "room": row["room"]} for row in devices],
        "kits": [str(row["id"]) for row in kits],
    }


async def take_back(conn: Conn, freed: Freed, by: UUID | None, now: datetime) -> list[UUID]:
    """Open the bed again with what is still free; return the devices that are elsewhere by now."""
    bed = UUID(freed["care_bed"])
    await conn.execute(SQL.reopen_bed, bed, date.fromisoformat(freed["on"]))
    for kit in freed["kits"]:
        await conn.execute(SQL.bind_again, UUID(kit), bed, by, now)
    gone: list[UUID] = []
    for one in freed["devices"]:
        device = UUID(one["id"])
        if await conn.fetchval(SQL.is_free, device):
            await registry.bind(conn, device, bed, one["room"], now)
        else:
            gone.append(device)
    return gone
