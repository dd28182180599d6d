"""Ends the connection of who is revoked, at once: EMQX itself asks only at CONNECT."""

import asyncio
from datetime import UTC, datetime, timedelta

import asyncpg

from core import log
from core.errors import Failure
from core.sql import load
from deploy.emqx.api import Emqx

SQL = load(__file__)
_RETRY_S, _BEFORE = 1.0, timedelta(hours=1)


async def follow(dsn: str, emqx: Emqx, stop: asyncio.Event) -> None:
    """Hear of revoked credentials until told to stop; whom the API could not end is tried again."""
    owed: asyncio.Queue[str] = asyncio.Queue()
    tasks = [asyncio.create_task(_hear(dsn, owed)), asyncio.create_task(_end(emqx, owed))]
    try:
        await stop.wait()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _hear(dsn: str, owed: asyncio.Queue[str]) -> None:
    """Listen; what changed while nobody listened is ended too (who is let in comes back at once)."""
    since = datetime.now(UTC) - _BEFORE
    while True:
        try:
            conn = await asyncpg.connect(dsn, timeout=5, server_settings={"application_name": "emqx"})
            try:
                await _listen(conn, owed, since)
            finally:
                conn.terminate()
                since = datetime.now(UTC) - timedelta(minutes=1)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            log.get().warning("emqx.not_listening", error=type(error).__name__)
        await asyncio.sleep(_RETRY_S)


async def _listen(conn: asyncpg.Connection, owed: asyncio.Queue[str], since: datetime) -> None:
    lost = asyncio.Event()
    conn.add_termination_listener(lambda *_: lost.set())
    await conn.add_listener("credential_revoked", lambda *heard: owed.put_nowait(str(heard[3])))
    for row in await conn.fetch(SQL.list_changed, since):
        owed.put_nowait(row["username"])
    log.get().info("emqx.listening")
    await lost.wait()


async def _end(emqx: Emqx, owed: asyncio.Queue[str]) -> None:
    while True:
        await _end_one(emqx, await owed.get())


async def _end_one(emqx: Emqx, name: str) -> None:
    while True:
        try:
            await emqx.end(name)
        except Failure as error:
            log.get().warning("emqx.not_ended", error=str(error))
            await asyncio.sleep(_RETRY_S)
        else:
            return
