"""Live state of devices: latest values, last seen, online, silent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from core.db import Conn, Row
from core.sql import load
from gateway.known import Known

SQL = load(__file__)
_encode = msgspec.json.encode


@dataclass(slots=True)
class Said:
    """What one device said in a batch, merged."""

    device: Known
    seen_at: datetime
    observed_at: datetime
    values: dict[str, tuple[Any, datetime]]
    silent_at: datetime
    skewed_at: datetime | None = None

    def add(self, seen_at: datetime, observed_at: datetime, values: Mapping[str, Any]) -> None:
        """Merge another message; a value that is newer wins."""
        self.seen_at = max(self.seen_at, seen_at)
        self.observed_at = max(self.observed_at, observed_at)
        mine = self.values
        for name, value in values.items():
            if name not in mine or mine[name][1] <= observed_at:
                mine[name] = (value, observed_at)


def silent_at(device: Known, now: datetime) -> datetime:
    """Return when this device's silence must be looked at."""
    return now + timedelta(seconds=device.model.silent_after_s)


async def apply(conn: Conn, said: Sequence[Said]) -> None:
    """Write what devices said, in the order of their numbers so that two gateways do not deadlock."""
    rows = sorted(said, key=lambda one: one.device.no)
    await conn.execute(
        SQL.apply_states,
        [one.device.no for one in rows],
        [one.seen_at for one in rows],
        [one.observed_at for one in rows],
        [_encode(one.values).decode() for one in rows],
        [one.silent_at for one in rows],
        [one.skewed_at for one in rows],
    )


async def mark_seen(conn: Conn, devices: Sequence[Known], now: datetime) -> None:
    """Note, in the order of their numbers, that devices spoke; their silence is watched from now."""
    ordered = sorted(devices, key=lambda one: one.no)
    await conn.execute(
        SQL.mark_seen, [one.no for one in ordered], now, [silent_at(one, now) for one in ordered]
    )


async def mark_status(conn: Conn, device: Known, now: datetime, *, is_online: bool) -> None:
    """Note a birth or a last will."""
    await conn.execute(SQL.mark_status, device.no, is_online, now, silent_at(device, now))


async def of(conn: Conn, devices: Sequence[UUID]) -> list[Row]:
    """Return {device_id, last_seen_at, is_online, silent_since, skewed_at, values {name: [value, at]}}."""
    return await conn.fetch(SQL.list_of, list(devices))
