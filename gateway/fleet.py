"""The fleet: every device of a district by any filter, and a device's day in slots; for pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core.db import Conn, Row
from core.sql import load

SQL = load(__file__)
LOW = 20
"""Per cent of battery that want a visit."""
TESTED_WITHIN = timedelta(days=30)
CONDITIONS = ("attention", "online", "offline", "silent", "never", "low_battery", "untested")
SORTS = ("kit", "seen", "battery", "newest")


@dataclass(frozen=True, slots=True)
class Filter:
    """Which devices are wanted and in which order; None: whichever."""

    model: str | None = None
    region: str | None = None
    condition: str | None = None
    text: str | None = None
    sort: str = SORTS[0]


@dataclass(frozen=True, slots=True)
class Place:
    """Where in its order a device stands: the next page begins after it."""

    rank: float
    label: str
    no: int


async def found(
    conn: Conn, wanted: Filter, now: datetime, after: Place | None = None, limit: int = 50
) -> list[tuple[UUID, Place]]:
    """Return the ids of a page of the current district's fleet, each with its place."""
    start = (after.rank, after.label, after.no) if after else (None, None, None)
    rows = await conn.fetch(
        SQL.list_found,
        wanted.model,
        wanted.region,
        wanted.condition,
        LOW,
        now - TESTED_WITHIN,
        _needle(wanted.text),
        wanted.sort,
        *start,
        limit,
    )
    return [(row["device_id"], Place(row["rank"], row["label"], row["device_no"])) for row in rows]


def _needle(text: str | None) -> str | None:
    """Return a text to look for as it stands: no letter of it is a pattern."""
    if not text:
        return None
    return text.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


async def counted(conn: Conn) -> Mapping[str, Any]:
    """Return {all, offline, silent, never, low_battery} of the current district."""
    row = await conn.fetchrow(SQL.count_fleet, LOW)
    assert row is not None  # noqa: S101 - counts always give a row
    return row


async def regions(conn: Conn) -> list[Row]:
    """Return the communities {code, name} that have devices."""
    return await conn.fetch(SQL.list_regions)


async def binned(conn: Conn, device: UUID, since: datetime, until: datetime, step: timedelta) -> list[Row]:
    """Return a device's values {metric, at, low, mean, high, times} in slots of time."""
    return await conn.fetch(SQL.list_binned, device, since, until, step)
