"""Listening to a device: for some minutes its messages are kept word for word, encrypted, for a day."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from core.crypto import Keys
from core.db import Conn
from core.ids import new_id
from core.sql import load
from gateway.heard import Heard
from gateway.known import Registry
from gateway.sorting import Batch

SQL = load(__file__)
LASTS = timedelta(minutes=10)
RETENTION = timedelta(hours=24)
KEPT = timedelta(days=365)
_MOST, _LONGEST = 200, 300


async def start(conn: Conn, *, district: UUID, device: UUID, by: UUID, now: datetime) -> UUID:
    """Listen to a device for ten minutes; the gateway begins within a second."""
    identity = new_id()
    await conn.execute(SQL.start_trace, identity, district, device, by, now, now + LASTS)
    return identity


async def stop(conn: Conn, device: UUID, now: datetime) -> None:
    """Listen no longer."""
    await conn.execute(SQL.stop_traces, device, now)


async def keep(conn: Conn, registry: Registry, keys: Keys, batch: Batch, now: datetime) -> None:
    """Keep what devices said that somebody listens to; nearly always there is none."""
    if not registry.traced:
        return
    said = batch.said + batch.alarms + batch.statuses + batch.results
    kept = [one for one in said if registry.traced.get(one.device.no, now) > now][:_MOST]
    if kept:
        await conn.execute(
            SQL.keep_messages,
            [new_id() for _ in kept],
            [one.device.no for one in kept],
            [one.uplink.received_at for one in kept],
            [one.uplink.topic.replace("\0", "\ufffd")[:_LONGEST] for one in kept],
            [one.message.kind for one in kept],
            [len(one.uplink.payload) for one in kept],
            [keys.seal_raw(one.uplink.payload) for one in kept],
            [keys.seal_raw(msgspec.json.encode(_decoded(one))) for one in kept],
        )


def _decoded(heard: Heard) -> dict[str, Any]:
    message = heard.message
    found: dict[str, Any] = {
        "id": message.id,
        "observed_at": heard.observed_at,
        "values": message.values,
        "alarm": heard.alarm,
        "cancels": message.cancels,
        "online": message.is_online,
        "historical": message.is_historical or None,
        "skewed": heard.is_skewed or None,
    }
    return {name: value for name, value in found.items() if value not in (None, {})}


async def messages(conn: Conn, keys: Keys, device: UUID, most: int = 50) -> list[dict[str, Any]]:
    """Return what a device of the current district said while listened to, the newest first, in clear."""
    rows = await conn.fetch(SQL.list_messages, device, most)
    return [
        {
            **row,
            "payload": keys.open_raw(row["payload_sealed"]).decode("utf-8", "backslashreplace"),
            "decoded": msgspec.json.decode(keys.open_raw(row["decoded_sealed"])),
        }
        for row in rows
    ]


async def forget(conn: Conn, now: datetime) -> None:
    """Delete what is past its retention."""
    await conn.execute(SQL.drop_messages, now - RETENTION)
    await conn.execute(SQL.drop_traces, now - KEPT)
