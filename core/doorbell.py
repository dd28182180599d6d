"""Doorbells: LISTEN wakes, polling guarantees; the row is the message, NOTIFY says that one may be there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from core import log


class Doorbell:
    """One connection that listens; it comes back by itself after the database was away."""

    def __init__(self, dsn: str, channels: tuple[str, ...], name: str) -> None:
        self._dsn = dsn
        self._channels = channels
        self._name = name
        self._conn: asyncpg.Connection | None = None
        self._rung = asyncio.Event()

    async def wait(self, seconds: float) -> bool:
        """Return True as soon as somebody rings, False after `seconds`: then look all the same."""
        if self._conn is None or self._conn.is_closed():
            await self._connect()
        try:
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        except TimeoutError:
            return False
        self._rung.clear()
        return True

    def ring(self) -> None:
        """Wake the one who waits (also from within the process, to stop)."""
        self._rung.set()

    async def close(self) -> None:
        """Close the connection; what it still holds dies with it."""
        if self._conn is not None:
            self._conn.terminate()

    async def _connect(self) -> None:
        try:
            self._conn = await asyncpg.connect(
                self._dsn, timeout=5, server_settings={"application_name": self._name}
            )
            for channel in self._channels:
                await self._conn.add_listener(channel, lambda *_: self._rung.set())
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            log.get().warning("doorbell.away", channels=self._channels, error=type(error).__name__)
            return
        self._rung.set()


@asynccontextmanager
async def listen(dsn: str, *channels: str, name: str = "yinling doorbell") -> AsyncIterator[Doorbell]:
    """Open a doorbell on channels: `while not stop.is_set(): await tick(...); await bell.wait(1)`."""
    bell = Doorbell(dsn, channels, name)
    try:
        yield bell
    finally:
        await bell.close()
