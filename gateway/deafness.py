"""When no gateway listened, as the one row says that they keep while they do."""

from datetime import datetime, timedelta

from core.db import Conn
from core.sql import load
from gateway.rules.silence import Span

SQL = load(__file__)
LEAST = timedelta(seconds=60)
"""A shorter time makes nobody silent."""
RETENTION = timedelta(days=35)


async def listen(conn: Conn, now: datetime) -> None:
    """Note that every lane is heard; a time before it in which none was is remembered."""
    last = await conn.fetchval(SQL.find_last)
    if last is not None and now - last > LEAST:
        await conn.execute(SQL.add_span, last, now)
    await conn.execute(SQL.listen, now)


async def spans(conn: Conn, now: datetime) -> list[Span]:
    """Return when nobody listened, earliest first; the last may last until now."""
    rows = await conn.fetch(SQL.list_spans, now, LEAST)
    return [(row["from_at"], row["to_at"]) for row in rows]


async def between(conn: Conn, since: datetime, until: datetime, now: datetime) -> list[Span]:
    """Return when nobody listened within a span, for other roles than the gateway's."""
    rows = await conn.fetch(SQL.list_between, since, until, now, LEAST)
    return [(row["from_at"], row["to_at"]) for row in rows]


async def forget(conn: Conn, now: datetime) -> None:
    """Delete what is past its retention."""
    await conn.execute(SQL.drop_spans, now - RETENTION)
