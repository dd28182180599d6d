"""Alarms: one signal each, stored once, told to who waits in the same transaction."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core import db, events
from core.db import Conn, Row
from core.errors import NotFound
from core.ids import new_id
from core.sql import load
from devices import thing_models
from gateway.known import Known

SQL = load(__file__)
ECHO = timedelta(seconds=30)
"""Within this, the same alarm of a sender that numbers nothing is the same press."""


@dataclass(slots=True)
class Signal:
    """An alarm to raise."""

    device: Known
    message_id: str
    type: str
    observed_at: datetime
    received_at: datetime
    evidence: dict[str, Any] = field(default_factory=dict)
    rule: str | None = None
    severity: int | None = None
    is_historical: bool = False
    is_skewed: bool = False
    is_id_derived: bool = False
    raw: bytes | None = None


async def raise_(conn: Conn, signal: Signal) -> tuple[UUID, bool]:
    """Store an alarm and its event in the district of its device; return its id and whether it is new."""
    device, kind = signal.device, thing_models.alarm_types()[signal.type]
    await db.enter(conn, device.district)
    if signal.is_id_derived:
        near = await conn.fetchval(SQL.find_near, device.id, signal.type, signal.received_at - ECHO)
        if near is not None:
            return near, False
    row = await conn.fetchrow(
        SQL.insert_alarm,
        new_id(),
        device.district,
        device.id,
        signal.message_id,
        signal.type,
        kind.class_,
        signal.severity or kind.severity,
        signal.observed_at,
        signal.received_at,
        signal.is_historical,
        signal.is_skewed,
        signal.rule,
        signal.evidence,
        signal.raw,
    )
    if row is None:
        return await conn.fetchval(SQL.find_by_message, device.id, signal.message_id), False
    if not signal.is_historical:
        await _tell(conn, "alarm.raised", row["id"], device.district, row["elder_id"], signal.received_at)
    return row["id"], True


async def cancel(
    conn: Conn, device: Known, message_id: str, cancels: str, at: datetime
) -> tuple[UUID | None, bool]:
    """Keep the elder's own cancel beside the alarm; return that (None: no such) and whether it is new."""
    await db.enter(conn, device.district)
    row = await conn.fetchrow(SQL.cancel, device.id, cancels, at, message_id)
    if row is None:
        return None, True
    if row["is_new"]:
        await _tell(conn, "alarm.cancelled", row["id"], device.district, row["elder_id"], at)
    return row["id"], row["is_new"]


async def _tell(conn: Conn, kind: str, alarm: UUID, district: UUID, elder: UUID | None, at: datetime) -> None:
    await events.write(
        conn, district=district, kind=kind, subject=alarm, roles=events.OPERATORS, at=at, elder=elder
    )


async def find(conn: Conn, alarm: UUID) -> Row:
    """Return an alarm of the current district or raise NotFound."""
    row = await conn.fetchrow(SQL.find_alarm, alarm)
    if row is None:
        raise NotFound(f"no alarm {alarm}")
    return row


async def list_(
    conn: Conn,
    device_id: UUID | None = None,
    elder_id: UUID | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Row]:
    """Return the current district's alarms, the newest first, in pages."""
    return await conn.fetch(SQL.list_alarms, device_id, elder_id, after, limit)
