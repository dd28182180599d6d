"""What the home's devices saw: the traces a visitor leaves, read from the gateway as plain data."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from core.db import Conn, Row
from core.sql import load
from devices import thing_models
from dispatch.witnesses import TRACES, Reading, Sensor
from gateway import readings, states

SQL = load(__file__)
MOST = 100_000
"""Readings looked at for one visit: a bed that speaks every second for six hours."""


async def sensors(conn: Conn, elder_id: UUID, care_bed_id: UUID | None) -> list[Sensor]:
    """Return the sensors of an elder's home in which a visitor leaves a trace."""
    rows = await conn.fetch(SQL.list_devices, elder_id, care_bed_id)
    measured = [(row["id"], metric) for row in rows for metric in _traces(row)]
    if not measured:
        return []
    seen = await states.of(conn, [device for device, _ in measured])
    last = {row["device_id"]: row["last_seen_at"] for row in seen}
    return [Sensor(device, metric, last.get(device)) for device, metric in measured]


async def between(conn: Conn, found: Sequence[Sensor], since: datetime, until: datetime) -> list[Reading]:
    """Return what those sensors said in a span."""
    if not found:
        return []
    rows = await readings.between(conn, sorted({s.device_id for s in found}), since, until, MOST)
    return [
        Reading(row["device_id"], row["metric"], row["observed_at"], bool(row["value"]))
        for row in rows
        if row["metric"] in TRACES
    ]


def _traces(row: Row) -> list[str]:
    model = thing_models.all_().get(row["thing_model"])
    return [metric for metric in TRACES if model and metric in model.metrics]
