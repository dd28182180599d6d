import asyncio
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from core.crypto import Keys
from core.errors import Failure
from core.settings import Settings
from dashboards.run import run
from deploy.embedded.postgres import HOST, free_port
from tests.databases import Database
from tests.dispatch.worlds import World, make_operator
from tests.makers import PASSWORD


@pytest.fixture
def settings_of(database: Database, keys: Keys, tmp_path: Path) -> Any:
    keys.save(tmp_path / "keys.json")

    def make(**given: Any) -> Settings:
        return Settings.load(home=tmp_path, database_url=database.web, **given)

    return make


async def _answers(client: httpx.AsyncClient, url: str) -> httpx.Response:
    async with asyncio.timeout(10):
        while True:
            with suppress(httpx.ConnectError):
                return await client.get(url)
            await asyncio.sleep(0.02)


async def test_it_stops_within_seconds_though_a_stream_is_open(settings_of: Any, world: World) -> None:
    port, metrics, stop = free_port(), free_port(), asyncio.Event()
    task = asyncio.create_task(run(settings_of(http_port=port, metrics_port=metrics), stop))
    operator = await make_operator(world)
    async with httpx.AsyncClient(base_url=f"http://{HOST}:{port}") as client:
        assert (await _answers(client, "/healthz")).status_code == 200
        assert "yinling_streams" in (await client.get(f"http://{HOST}:{metrics}/metrics")).text
        given = {"login": operator.name, "password": PASSWORD}
        await client.post("/api/v1/session", json=given)
        async with client.stream("GET", "/api/v1/events") as stream:
            assert stream.status_code == 200
            stop.set()
            async with asyncio.timeout(4):
                await stream.aread()
                await task


async def test_a_taken_port_is_one_clear_line(settings_of: Any) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Failure, match=f"web cannot listen on {HOST}:{port}"):
            await run(settings_of(http_port=port), asyncio.Event())


async def test_a_demonstration_is_never_shown_beyond_this_machine(
    settings_of: Any, database: Database, world: World
) -> None:
    conn = await asyncpg.connect(database.owner)
    await conn.execute("UPDATE district SET is_demo = true WHERE id = $1", world.district)
    await conn.close()
    with pytest.raises(Failure, match="loopback only"):
        await run(settings_of(http_host="0.0.0.0", http_port=free_port()), asyncio.Event())  # noqa: S104 - what is refused


async def test_missing_keys_are_one_clear_line(settings_of: Any, tmp_path: Path) -> None:
    (tmp_path / "keys.json").unlink()
    with pytest.raises(Failure, match="cannot read"):
        await run(settings_of(), asyncio.Event())
