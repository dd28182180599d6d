"""The database goes away and comes back: 503 with words in between, and nobody restarts anything."""

import asyncio
from contextlib import suppress
from urllib.parse import urlsplit, urlunsplit

from fastapi import FastAPI

from core.db import Pool
from deploy.embedded.postgres import HOST
from tests.dashboards.clients import client_of, make_app
from tests.databases import Database
from tests.dispatch.worlds import World, make_operator


class Line:
    """A line to the database that can be cut."""

    def __init__(self, host: str, port: int) -> None:
        self.target = (host, port)
        self.port = 0
        self.writers: set[asyncio.StreamWriter] = set()

    async def open(self) -> None:
        """Listen, on the same port as before."""
        self.server = await asyncio.start_server(self._connect, HOST, self.port)
        self.port = self.server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """Refuse new connections and break the old."""
        self.server.close()
        for writer in self.writers:
            writer.transport.abort()
        self.writers.clear()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(*self.target)
        self.writers |= {writer, back}
        await asyncio.gather(_pour(reader, back), _pour(there, writer))


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


async def test_a_database_that_is_away_is_said_and_comes_back(world: World, database: Database) -> None:
    parts = urlsplit(database.web)
    line = Line(parts.hostname or HOST, parts.port or 5432)
    await line.open()
    place = f"{parts.username}:{parts.password}@{HOST}:{line.port}"
    pool = await Pool.open(urlunsplit(parts._replace(netloc=place)), size=2)
    app: FastAPI = make_app(pool, world.keys)
    async with await client_of(app, await make_operator(world), "en") as client:
        assert (await client.get("/api/v1/cases")).status_code == 200
        await line.cut()
        for _ in range(3):
            answer = await client.get("/api/v1/cases")
            assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert (await client.get("/healthz")).status_code == 200
        await line.open()
        assert (await client.get("/api/v1/cases")).status_code == 200
    await pool.close()
    await line.cut()
