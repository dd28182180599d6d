"""What a provider's desk shows of today: who is late, what was missed, how far the day is."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core.clock import at_local, local_date
from core.db import Conn, Row
from core.sql import load

SQL = load(__file__)
MOST = 100


async def today(conn: Conn, provider: UUID | None, now: datetime) -> dict[str, Any]:
    """Return the late board and the figures of today."""
    since = at_local(local_date(now), "00:00")
    return {
        "provider": provider,
        "late": await conn.fetch(SQL.list_late, provider, now, since, MOST),
        "sums": await conn.fetchrow(SQL.sum_today, provider, since, since + timedelta(days=1)),
    }


async def providers(conn: Conn) -> list[Row]:
    """Return the district's providers and how their visits find somebody."""
    return await conn.fetch(SQL.list_providers)
