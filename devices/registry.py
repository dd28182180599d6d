"""The registry: which devices there are, at which bed, and with which password they speak to the broker."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.crypto import device_password_hash
from core.db import Conn, Row
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from core.sql import load
from devices import care_beds, codecs, thing_models

SQL = load(__file__)
NATIVE = "native"
_BYTES = 24


@dataclass(frozen=True)
class Credentials:
    """What a device needs to speak; shown once. A hub's sub-device has none: its hub speaks for it."""

    device_id: UUID
    username: str | None
    password: str | None


def called(device: UUID) -> str:
    """Say how a device is called to which nobody gave a name."""
    return str(device)[-4:]


async def add(
    conn: Conn,
    *,
    district: UUID,
    thing_model: str,
    now: datetime,
    care_bed: UUID | None = None,
    name: str | None = None,
    room: str | None = None,
    hub: UUID | None = None,
    ecosystem: str = NATIVE,
    address: str | None = None,
) -> Credentials:
    """Register a device; its credentials work as soon as the caller's transaction is committed."""
    model = thing_models.get(thing_model)
    if care_bed is not None:
        await care_beds.find(conn, care_bed)
    if hub is not None:
        await _check_hub(conn, hub, ecosystem, address)
    elif ecosystem != NATIVE:
        raise Invalid("only a hub's device has an ecosystem", [{"field": "hub_id", "code": "missing"}])
    device = new_id()
    label = name or called(device)
    await conn.execute(
        SQL.create_device, device, district, care_bed, model.code, label, room, hub, ecosystem, address, now
    )
    if care_bed is not None:
        await _place(conn, district, device, care_bed, room, now)
    if hub is not None:
        return Credentials(device, None, None)
    return await _admit(conn, district, device, is_hub=model.code == thing_models.HUB, now=now)


async def _check_hub(conn: Conn, hub: UUID, ecosystem: str, address: str | None) -> None:
    if (await find(conn, hub))["thing_model"] != thing_models.HUB:
        raise Invalid(f"device {hub} is not a hub", [{"field": "hub", "code": "not_a_hub"}])
    if ecosystem == NATIVE or not address:
        raise Invalid(
            "a hub's device needs its ecosystem and address", [{"field": "address", "code": "missing"}]
        )
    if ecosystem not in codecs.ECOSYSTEMS:
        raise Invalid(
            f"no ecosystem {ecosystem}: one of {', '.join(sorted(codecs.ECOSYSTEMS))}",
            [{"field": "ecosystem", "code": "unknown"}],
        )
    if await conn.fetchrow(SQL.find_twin, hub, ecosystem, address) is not None:
        raise Conflict(f"{address} is already registered at this hub", code="device_exists")


async def _admit(conn: Conn, district: UUID, device: UUID, *, is_hub: bool, now: datetime) -> Credentials:
    password = secrets.token_hex(_BYTES)
    username = str(device)
    hashed = device_password_hash(username, password)
    await conn.execute(SQL.create_credential, username, district, device, is_hub, hashed, now)
    return Credentials(device, username, password)


async def rotate(conn: Conn, device: UUID, now: datetime) -> Credentials:
    """Give a device a new password; the old one stops."""
    row = await find(conn, device)
    if row["hub_id"] is not None or row["retired_at"] is not None:
        raise Conflict(f"device {device} has no password of its own", code="no_credential")
    is_hub = row["thing_model"] == thing_models.HUB
    return await _admit(conn, row["district_id"], device, is_hub=is_hub, now=now)


async def revoke(conn: Conn, device: UUID, now: datetime) -> None:
    """Shut a device out; the broker drops it within a second."""
    if await conn.fetchrow(SQL.revoke_credential, device, now) is None:
        raise Conflict(f"device {device} has no valid credential", code="no_credential")


async def retire(conn: Conn, device: UUID, now: datetime) -> None:
    """Take a device out of use: no bed, no password; its readings and alarms stay."""
    if await conn.fetchrow(SQL.retire_device, device, now) is None:
        raise NotFound(f"no device {device} in use")
    await conn.execute(SQL.end_binding, device, now)
    await conn.fetchrow(SQL.revoke_credential, device, now)


async def bind(conn: Conn, device: UUID, care_bed: UUID | None, room: str | None, now: datetime) -> None:
    """Move a device to another bed, or to none; the history keeps where it was."""
    if care_bed is not None:
        await care_beds.find(conn, care_bed)
    await conn.execute(SQL.end_binding, device, now)
    district = await conn.fetchval(SQL.bind_device, device, care_bed, room)
    if district is None:
        raise Conflict(f"device {device} is out of use", code="device_retired")
    if care_bed is not None:
        await _place(conn, district, device, care_bed, room, now)


async def _place(
    conn: Conn, district: UUID, device: UUID, care_bed: UUID, room: str | None, now: datetime
) -> None:
    """Begin a device's time at a bed; it takes part in a test that is under way there."""
    await conn.execute(SQL.create_binding, new_id(), district, device, care_bed, room, now)
    await conn.execute(SQL.join_test, care_bed, device)


async def find(conn: Conn, device: UUID) -> Row:
    """Return a device or raise NotFound."""
    row = await conn.fetchrow(SQL.find_device, device)
    if row is None:
        raise NotFound(f"no device {device}")
    return row


async def list_(
    conn: Conn,
    care_bed: UUID | None = None,
    elder: UUID | None = None,
    hub: UUID | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Row]:
    """Return the devices in use, by bed, elder or hub, in pages."""
    return await conn.fetch(SQL.list_devices, care_bed, elder, hub, after, limit)
