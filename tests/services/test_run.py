"""The services role by itself: a verified visit rings, and its claim is there."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
from pydantic import SecretStr

from core import heartbeats
from core.settings import Settings
from services import claims, run
from tests.databases import Database
from tests.services.worlds import World


async def test_the_role_claims_what_is_verified_and_leaves_in_order(
    world: World, database: Database, tmp_path: Path
) -> None:
    stop, heard, told = asyncio.Event(), asyncio.Event(), asyncio.Event()
    settings = Settings(home=tmp_path, database_url=SecretStr(database.worker))
    listener = await asyncpg.connect(database.worker)
    await listener.add_listener("event", lambda *_: heard.set())
    role = asyncio.create_task(run.run(settings, stop))
    role.add_done_callback(lambda _: told.set())
    elder = await world.elder("mild")
    visit = await world.visit(elder, "bath", datetime.now(UTC) - timedelta(hours=2))
    async with asyncio.timeout(20):
        await heard.wait()
    async with world.worker.transaction(world.district) as conn:
        assert len(await claims.list_(conn, visit_id=visit)) == 1
        assert (await heartbeats.ready(conn, datetime.now(UTC)))["services"]
    stop.set()
    async with asyncio.timeout(20):
        await told.wait()
    await role
    await listener.close()
    async with world.worker.transaction() as conn:
        assert not (await heartbeats.ready(conn, datetime.now(UTC)))["services"]
