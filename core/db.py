"""The database door: a pool that hands out transactions only (DESIGN §2, guards)."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol, Self
from uuid import UUID

import asyncpg

from core.errors import Failure

Row = Mapping[str, Any]
"""A row of a result."""


class Conn(Protocol):
    """A connection inside a transaction (asyncpg's, of which these are used); who takes one never commits."""

    async def execute(self, query: str, *args: object) -> str:
        """Run a statement; return its command tag."""

    async def executemany(self, query: str, args: Iterable[tuple[object, ...]]) -> None:
        """Run a statement for each tuple of arguments."""

    async def fetch(self, query: str, *args: object) -> list[Row]:
        """Return all rows."""

    async def fetchrow(self, query: str, *args: object) -> Row | None:
        """Return the first row, or None."""

    async def fetchval(self, query: str, *args: object) -> Any:  # noqa: ANN401 - a column of any type
        """Return the first column of the first row, or None."""

    async def copy_records_to_table(
        self, table_name: str, *, records: Iterable[tuple[object, ...]], columns: list[str], schema_name: str
    ) -> str:
        """COPY rows into a table that has no row-level security."""

    def transaction(self) -> AbstractAsyncContextManager[object]:
        """Open a savepoint."""


_KEEPALIVE = {"TCP_KEEPIDLE": 10, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 4, "TCP_USER_TIMEOUT": 30_000}
DISTRICT = "SELECT set_config('yinling.district', $1, true)"


async def prepare(conn: asyncpg.Connection) -> None:
    """Give a fresh connection our types: jsonb as Python objects, UTC as its zone."""
    transport = conn._transport  # noqa: SLF001 - asyncpg sets no keepalive: a host that vanishes would be waited for
    _watch_over(transport.get_extra_info("socket"))
    await conn.set_type_codec("jsonb", encoder=json.dumps, decoder=json.loads, schema="pg_catalog")


def _watch_over(sock: Any) -> None:  # noqa: ANN401 - a socket, or uvloop's likeness of one
    """Let the system end a connection whose other side has been gone for half a minute."""
    if sock is None or sock.family not in {socket.AF_INET, socket.AF_INET6}:
        return
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _KEEPALIVE.items():
        if hasattr(socket, name):
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


async def _leave(conn: asyncpg.Connection) -> None:
    """Leave a connection as it is."""


class Pool:
    """Connections of one role; every use is a transaction, and a district is set inside it or not at all."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    @classmethod
    async def open(cls, dsn: str, *, size: int = 8, name: str = "yinling", is_reset: bool = True) -> Self:
        """Connect, or raise Failure with one clear line.

        A connection that comes back is reset, which costs a round trip; a process that sets nothing but
        transaction-local settings, and has no time to lose, may do without.
        """
        try:
            pool = await asyncpg.create_pool(
                dsn,
                min_size=1,
                max_size=size,
                init=prepare,
                reset=None if is_reset else _leave,
                server_settings={"application_name": name, "timezone": "UTC"},
            )
        except (OSError, asyncpg.PostgresError) as error:
            raise Failure(f"the database does not answer: {error}") from error
        return cls(pool)

    async def close(self) -> None:
        """Close every connection; what still runs is cut after five seconds."""
        try:
            async with asyncio.timeout(5):
                await self._pool.close()
        except TimeoutError:
            self._pool.terminate()

    @asynccontextmanager
    async def transaction(self, district: UUID | None = None) -> AsyncIterator[Conn]:
        """Open a transaction; with a district its rows are visible, without one no guarded row is."""
        async with self._pool.acquire() as conn, conn.transaction():
            if district is not None:
                await conn.execute(DISTRICT, str(district))
            yield conn

    async def fetch(self, query: str, *args: object) -> list[Row]:
        """Run one statement as a transaction of its own: one round trip, the commit included."""
        rows: list[Row] = await self._pool.fetch(query, *args)
        return rows


async def enter(conn: Conn, district: UUID) -> None:
    """Set the district of a running transaction (for the gateway and workers, who serve them all in turn)."""
    await conn.execute(DISTRICT, str(district))
