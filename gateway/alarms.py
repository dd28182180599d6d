"""Alarms: one signal each, stored once, told to who waits in the same transaction."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core import db, events
from core.db import Conn, Pool, Row
from core.errors import NotFound
from core.ids import new_id
from core.sql import load
from devices import thing_models
from gateway.heard import Heard
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


def signal_of(heard: Heard) -> Signal:
    """Return the alarm that a device raises itself, with the values it says."""
    assert heard.alarm is not None  # noqa: S101 - only alarms come here
    at = heard.observed_at.isoformat()
    found = [
        {"metric": name, "value": value, "observed_at": at, "device_id": heard.device.text}
        for name, value in heard.judged.items()
    ]
    return Signal(
        heard.device,
        heard.message.id,
        heard.alarm,
        heard.observed_at,
        heard.uplink.received_at,
        {"readings": found},
        is_historical=heard.message.is_historical,
        is_skewed=heard.is_skewed,
        is_id_derived=heard.message.is_id_derived,
        raw=heard.uplink.payload,
    )


async def raise_(conn: Conn, signals: Sequence[Signal]) -> list[tuple[UUID, bool]]:
    """Store alarms and their events, each in its device's district; return ids and whether they are new."""
    if not signals:
        return []
    return _raised(await conn.fetch(SQL.raise_alarms, *_columns(signals)))


async def raise_at_once(pool: Pool, signals: Sequence[Signal]) -> list[tuple[UUID, bool]]:
    """Do the same in a transaction of its own, which is one round trip."""
    return _raised(await pool.fetch(SQL.raise_alarms, *_columns(signals)))


def _raised(rows: Sequence[Row]) -> list[tuple[UUID, bool]]:
    """Return ids and whether they are new; an alarm that found no row must never be called stored."""
    if any(row["alarm_id"] is None for row in rows):
        raise LookupError("an alarm's device is not in its district")
    return [(row["alarm_id"], row["is_new"]) for row in rows]


def _columns(signals: Sequence[Signal]) -> list[list[Any]]:
    kinds = [thing_models.alarm_types()[one.type] for one in signals]
    return [
        [new_id() for _ in signals],
        [one.device.district for one in signals],
        [one.device.id for one in signals],
        [one.message_id for one in signals],
        [one.type for one in signals],
        [kind.class_ for kind in kinds],
        [one.severity or kind.severity for one, kind in zip(signals, kinds, strict=True)],
        [one.observed_at for one in signals],
        [one.received_at for one in signals],
        [one.is_historical for one in signals],
        [one.is_skewed for one in signals],
        [one.rule for one in signals],
        [json.dumps(one.evidence) for one in signals],
        [one.raw for one in signals],
        [one.received_at - ECHO if one.is_id_derived else None for one in signals],
        list(events.OPERATORS),
    ]


async def cancel(
    conn: Conn, device: Known, message_id: str, cancels: str, at: datetime
) -> tuple[UUID | None, bool]:
    """Keep the elder's own cancel beside the alarm; return that (None: no such) and whether it is new."""
    await db.enter(conn, device.district)
    row = await conn.fetchrow(SQL.cancel, device.id, cancels, at, message_id)
    if row is None:
        return None, True
    if row["is_new"]:
        await events.write(
            conn,
            district=device.district,
            kind="alarm.cancelled",
            subject=row["id"],
            roles=events.OPERATORS,
            at=at,
            elder=row["elder_id"],
        )
    return row["id"], row["is_new"]


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
