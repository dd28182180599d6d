"""Kits: boxes of devices that belong together; who knows the claim code on the box may put it at a bed."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.crypto import Keys
from core.db import Conn, Row
from core.errors import Conflict, NotFound
from core.ids import new_id
from core.sql import load
from devices import care_beds, registry, thing_models
from devices.kit_lists import Kit, Wrong
from devices.registry import Credentials

SQL = load(__file__)


@dataclass(frozen=True, slots=True)
class Imported:
    """One device of an imported list; a password of its own is shown once."""

    serial: str
    name: str
    thing_model: str
    credentials: Credentials


def _index(keys: Keys, district: UUID, code: str) -> bytes:
    return keys.index(district, "kit_claim", code.strip().upper())


async def add(
    conn: Conn, keys: Keys, kit: Kit, *, district: UUID, by: UUID | None, now: datetime
) -> list[Imported]:
    """Register a kit and its devices, at no bed yet; raise Conflict when the serial is known."""
    index = _index(keys, district, kit.claim_code)
    identity = await conn.fetchval(SQL.create_kit, new_id(), district, kit.serial, index, by, now)
    if identity is None:
        raise Conflict(f"kit {kit.serial} is registered already", code="kit_exists", serial=kit.serial)
    hub: UUID | None = None
    made = []
    for part in sorted(kit.parts, key=lambda one: one.thing_model != thing_models.HUB):
        is_child = part.address is not None
        credentials = await registry.add(
            conn,
            district=district,
            thing_model=part.thing_model,
            now=now,
            name=part.name,
            room=part.room,
            hub=hub if is_child else None,
            ecosystem=part.ecosystem,
            address=part.address,
        )
        if part.thing_model == thing_models.HUB:
            hub = credentials.device_id
        await conn.execute(SQL.put_into_kit, credentials.device_id, identity)
        made.append(Imported(kit.serial, part.name or "", part.thing_model, credentials))
    return made


async def add_all(
    conn: Conn, keys: Keys, kits: Sequence[Kit], *, district: UUID, by: UUID | None, now: datetime
) -> tuple[list[Imported], list[Wrong]]:
    """Register a whole list, or nothing of it: then return what is wrong, by row."""
    known = [kit for kit in kits if await conn.fetchrow(SQL.find_kit, kit.serial) is not None]
    if known:
        return [], [Wrong(kit.row, "kit", "kit_exists") for kit in known]
    made: list[Imported] = []
    for kit in kits:
        made += await add(conn, keys, kit, district=district, by=by, now=now)
    return made, []


async def claim(conn: Conn, keys: Keys, serial: str, code: str) -> Row:
    """Return the kit whose serial and claim code somebody holds; NotFound does not say which is wrong."""
    row = await conn.fetchrow(SQL.find_kit, serial.strip().upper())
    given = _index(keys, row["district_id"], code) if row else b""
    if row is None or not hmac.compare_digest(given, bytes(row["claim_index"])):
        raise NotFound("no kit with this number and claim code", code="kit_unknown")
    return row


async def bind(conn: Conn, kit: Row, care_bed: UUID, by: UUID | None, now: datetime) -> None:
    """Put a kit with all its devices at a bed; a kit that is at another must be taken from there first."""
    if kit["care_bed_id"] == care_bed:
        return
    bed = await care_beds.find(conn, care_bed)
    if bed["ended_on"] is not None:
        raise Conflict(f"care bed {care_bed} is not open", code="care_bed_ended")
    if await conn.fetchrow(SQL.bind_kit, kit["id"], care_bed, by, now) is None:
        raise Conflict("this kit is at another bed", code="kit_bound")
    for device in await devices(conn, kit["id"]):
        await registry.bind(conn, device["id"], care_bed, device["room"], now)


async def devices(conn: Conn, kit: UUID) -> list[Row]:
    """Return what is in a kit."""
    return await conn.fetch(SQL.list_kit_devices, kit)


async def list_(conn: Conn, after: UUID | None = None, limit: int = 50) -> list[Row]:
    """Return the district's kits, the newest first."""
    return await conn.fetch(SQL.list_kits, after, limit)


async def opens(conn: Conn, keys: Keys, district: UUID, hub: UUID, code: str) -> bool:
    """Say whether a claim code is that of the kit which a hub came in."""
    index = await conn.fetchval(SQL.find_hub_kit, hub)
    return index is not None and hmac.compare_digest(_index(keys, district, code), bytes(index))
