"""Strangers: devices that speak and are not registered; listed by hub, adopted by a person."""

from datetime import datetime, timedelta
from uuid import UUID

from core import db, events
from core.db import Conn, Row
from core.errors import Conflict, NotFound
from core.ids import new_id, parse_id
from core.sql import load
from devices import registry
from devices.messages import Message
from devices.registry import Credentials
from gateway.known import Known

SQL = load(__file__)
RETENTION = timedelta(days=30)
MOST_OF_A_HUB = 1_000
"""A hostile hub that makes up names fills its own list and no more."""
_LONGEST = 300


async def meet(conn: Conn, message: Message, hub: Known | None, now: datetime, times: int = 1) -> UUID | None:
    """Note a stranger if its hub has room; its first appearance is an event of the hub's district."""
    row = await conn.fetchrow(
        SQL.meet,
        new_id(),
        parse_id(message.hub) if message.hub else None,
        hub.district if hub else None,
        message.ecosystem,
        message.addresses[0].replace("\0", "\ufffd")[:_LONGEST],
        message.model,
        now,
        times,
        MOST_OF_A_HUB,
    )
    if row is None:
        return None
    identity: UUID = row["id"]
    if row["is_new"] and hub is not None:
        await db.enter(conn, hub.district)
        roles = ("admin", "installer")
        await events.write(
            conn, district=hub.district, kind="device.unknown", subject=identity, roles=roles, at=now
        )
    return identity


async def list_(conn: Conn, after: UUID | None = None, limit: int = 50) -> list[Row]:
    """Return the strangers at the current district's hubs: id, hub, address, model and times only."""
    return await conn.fetch(SQL.list_unknown, after, limit)


async def adopt(
    conn: Conn,
    unknown: UUID,
    *,
    district: UUID,
    thing_model: str,
    now: datetime,
    care_bed: UUID | None = None,
    name: str | None = None,
    room: str | None = None,
) -> Credentials:
    """Register a stranger as a device of its hub; what it said meanwhile is tried again."""
    found = next((row for row in await list_(conn, None, 10_000) if row["id"] == unknown), None)
    if found is None:
        raise NotFound(f"no unknown device {unknown}")
    made = await registry.add(
        conn,
        district=district,
        thing_model=thing_model,
        now=now,
        care_bed=care_bed,
        name=name,
        room=room,
        hub=found["hub_id"],
        ecosystem=found["ecosystem"],
        address=found["address"],
    )
    if not await conn.fetchval(SQL.adopt, unknown, made.device_id, now):
        raise Conflict(f"unknown device {unknown} was adopted by somebody else", code="device_adopted")
    return made


async def settle(conn: Conn, device: UUID, now: datetime) -> None:
    """Take off the list a stranger whose address a registered device has got; what it said is tried again."""
    one = await registry.find(conn, device)
    for row in await list_(conn, None, 10_000):
        if (row["hub_id"], row["ecosystem"], row["address"]) == (
            one["hub_id"],
            one["ecosystem"],
            one["address"],
        ):
            await conn.fetchval(SQL.adopt, row["id"], device, now)


async def forget(conn: Conn, now: datetime) -> None:
    """Delete strangers that have not been seen for long."""
    await conn.execute(SQL.drop_unknown, now - RETENTION)
