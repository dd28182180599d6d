"""What the home's devices saw: the traces a visitor leaves, read from the gateway as plain data."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from core.db import Conn, Row
from core.sql import load
from devices import thing_models
from dispatch.home_witness import TRACES, Home, Reading, Sensor
from gateway import deafness, readings, states

SQL = load(__file__)
MOST = 100_000
"""Readings looked at for one visit: a bed that speaks every second for six hours."""
ENTRANCES = (None, "entrance", "hall")
"""Where a door is the home's own; that of a cupboard or a room lets nobody in."""


async def sensors(conn: Conn, elder_id: UUID, care_bed_id: UUID | None) -> list[Sensor]:
    """Return the sensors of an elder's home in which a visitor leaves a trace."""
    rows = await conn.fetch(SQL.list_devices, elder_id, care_bed_id)
    measured = [(row, metric) for row in rows for metric in _traces(row)]
    if not measured:
        return []
    seen = await states.of(conn, sorted({row["id"] for row, _ in measured}))
    last = {row["device_id"]: row["last_seen_at"] for row in seen}
    return [
        Sensor(row["id"], metric, last.get(row["id"]), _interval(row), row["room"] in ENTRANCES)
        for row, metric in measured
    ]


async def between(conn: Conn, found: Sequence[Sensor], since: datetime, until: datetime) -> list[Reading]:
    """Return what those sensors said in a span, and what they had said last before it, if that is known."""
    if not found:
        return []
    ids = sorted({s.device_id for s in found})
    rows = await readings.between(conn, ids, since, until, MOST)
    said = [Reading(row["device_id"], row["metric"], row["observed_at"], bool(row["value"])) for row in rows]
    return _before(await states.of(conn, ids), since) + said


async def home(
    conn: Conn, elder_id: UUID, care_bed_id: UUID | None, since: datetime, until: datetime, now: datetime
) -> Home:
    """Return all that a home can say about a span of time."""
    found = await sensors(conn, elder_id, care_bed_id)
    if not found:
        return Home()
    said = await between(conn, found, since, until)
    return Home(found, said, await deafness.between(conn, since, until, now), now)


def _before(rows: Sequence[Row], since: datetime) -> list[Reading]:
    """Return what stands since before a span: a door that was shut yesterday is shut."""
    return [
        Reading(row["device_id"], metric, at, bool(value))
        for row in rows
        for metric, (value, said) in (row["values"] or {}).items()
        if metric in TRACES and (at := datetime.fromisoformat(said)) < since
    ]


def _traces(row: Row) -> list[str]:
    model = thing_models.all_().get(row["thing_model"])
    return [metric for metric in TRACES if model and metric in model.metrics]


def _interval(row: Row) -> timedelta:
    """Return the longest that a device on mains is silent; one on a battery speaks of changes only."""
    model = thing_models.all_()[row["thing_model"]]
    return timedelta(seconds=model.silent_after_s) if model.is_mains else timedelta()
