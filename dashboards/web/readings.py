"""Readings for charts and for the words of the family page."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from core.db import Conn, Row
from gateway.readings import between as all_between

METRICS = ("heart_rate", "respiration_rate", "in_bed")


async def between(conn: Conn, devices: Iterable[UUID], since: datetime, until: datetime) -> list[Row]:
    """Return the vital signs of some devices, oldest first."""
    wanted = list(devices)
    if not wanted:
        return []
    rows = await all_between(conn, wanted, since, until)
    return [row for row in rows if row["metric"] in METRICS]
