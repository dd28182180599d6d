"""How devices have spoken lately, asked for when one is silent for longer than its model may be."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from core.db import Conn
from core.sql import load
from devices import thing_models
from gateway.known import Known
from gateway.rules import silence
from gateway.rules.silence import Habit

SQL = load(__file__)
LOOK_BACK = timedelta(days=60)
_MOST = 300


async def of(conn: Conn, devices: Iterable[Known], now: datetime) -> dict[int, Habit]:
    """Return the habit of each device for which it matters."""
    numbers = [device.no for device in devices if silence.is_of_changes(device.model)]
    if not numbers:
        return {}
    metrics = thing_models.metrics().values()
    moves = [metric.id for metric in metrics if metric.is_activity]
    others = [metric.id for metric in metrics if not metric.is_activity]
    rows = await conn.fetch(SQL.list_habits, numbers, moves, others, now - LOOK_BACK, _MOST)
    return {row["device_no"]: Habit(row["gaps"], row["longest_s"], row["has_pulse"]) for row in rows}
