"""The services role by itself: a verified visit rings, and its claim is there."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import SecretStr

from core import heartbeats
from core.settings import Settings
from services import claims, run
from tests.databases import Database
from tests.services.worlds import World
from tests.waiting import until_true


async def test_the_role_claims_what_is_verified_and_leaves_in_order(
    world: World, database: Database, tmp_path: Path
) -> None:
    stop = asyncio.Event()
    settings = Settings(home=tmp_path, database_url=SecretStr(database.worker))
    elder = await world.elder("mild")

    async def is_ready() -> bool:
        async with world.worker.transaction() as conn:
            return (await heartbeats.ready(conn, datetime.now(UTC)))["services"]

    async with asyncio.TaskGroup() as group:
        group.create_task(run.run(settings, stop))
        try:
            await until_true(is_ready, 30)
            visit = await world.visit(elder, "bath", datetime.now(UTC) - timedelta(hours=2))

            async def claimed() -> int:
                async with world.worker.transaction(world.district) as conn:
                    return len(await claims.list_(conn, visit_id=visit))

            await until_true(claimed, 30)
            assert await claimed() == 1
        finally:
            stop.set()
    assert not await is_ready()
