"""Brokers that keep a copy of the credentials (Mosquitto's files), and how far they have read.

The embedded broker and EMQX ask the registry itself and have no row here.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from core.db import Conn, Pool
from core.errors import Failure
from core.sql import load

SQL = load(__file__)
ALIVE = timedelta(minutes=1)
_LOOK_S = 0.03


async def what_is_seen(conn: Conn) -> str:
    """Say what is committed, before the credentials are read."""
    return str(await conn.fetchval(SQL.what_is_seen))


async def record_copy(conn: Conn, broker: str, seen: str, now: datetime) -> None:
    """Note that a broker works with the credentials as they were then."""
    await conn.execute(SQL.record_copy, broker, seen, now)


async def transaction_of(conn: Conn) -> str:
    """Return by which name the caller's transaction can be waited for."""
    return str(await conn.fetchval(SQL.which_transaction))


async def behind(conn: Conn, transaction: str, now: datetime) -> list[str]:
    """Return the brokers that live and have not read what a committed transaction changed."""
    return [row["broker"] for row in await conn.fetch(SQL.list_behind, transaction, now - ALIVE)]


async def until_read(
    pool: Pool, transaction: str, clock: Callable[[], datetime], seconds: float = 10
) -> None:
    """Wait until every broker has read what a transaction changed, or raise Failure."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while True:
        async with pool.transaction() as conn:
            late = await behind(conn, transaction, clock())
        if not late:
            return
        if loop.time() > until:
            raise Failure(
                f"it is registered, but the broker {', '.join(late)} has not read it after {seconds:.0f} s:"
                " look at the service that keeps its files (`python -m deploy.mosquitto`)"
            )
        await asyncio.sleep(_LOOK_S)
