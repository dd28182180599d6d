"""The figures counted from rows: six statements, two periods at once."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.clock import ZONE, at_local
from core.db import Conn
from core.sql import load
from services.indicators import definitions
from services.indicators.definitions import Count, Period

SQL = load(__file__)


def bounds(one: Period, zone: ZoneInfo = ZONE) -> tuple[Any, Any, Any, Any]:
    """Return a period's first and last day, and the instants at which it begins and is over."""
    after = one.last + timedelta(days=1)
    return one.first, one.last, at_local(one.first, "00:00", zone), at_local(after, "00:00", zone)


async def count(conn: Conn, periods: Sequence[Period], zone: ZoneInfo = ZONE) -> list[list[Count]]:
    """Return the figures of each period, as they are at this moment."""
    asked = [list(column) for column in zip(*(bounds(one, zone) for one in periods), strict=True)]
    found: list[list[Count]] = [[] for _ in periods]
    for block in (SQL.bought, SQL.people, SQL.quality, SQL.response, SQL.staff, SQL.places):
        for row in await conn.fetch(block, *asked):
            one = Count(row["code"], row["split"], row["value"], row["of"])
            found[row["period"] - 1].append(one)
    return found


async def rows(conn: Conn, period: Period, zone: ZoneInfo = ZONE) -> list[dict[str, Any]]:
    """Return a period's report with the last period beside it: {code, split, shown, value, of, before}."""
    now, before = await count(conn, (period, period.before), zone)
    return definitions.rows(now, before)
