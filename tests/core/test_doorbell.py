import asyncio

import asyncpg

from core.db import Pool
from core.doorbell import listen
from tests.databases import Database


async def test_a_ring_wakes_and_silence_ends_in_time(pool_web: Pool, database: Database) -> None:
    async with listen(database.web, "event") as bell:
        assert await bell.wait(5)  # connecting counts as a ring: look first
        assert not await bell.wait(0.05)
        waiting = asyncio.create_task(bell.wait(5))
        async with pool_web.transaction() as conn:
            await conn.execute("SELECT pg_notify('event', '')")
        assert await waiting


async def test_a_lost_connection_comes_back_and_rings(pool_web: Pool, database: Database) -> None:
    async with listen(database.web, "event", name="lost bell") as bell:
        await bell.wait(5)
        superuser = await asyncpg.connect(database.superuser)
        await superuser.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE application_name = 'lost bell'"
        )
        await superuser.close()
        while not await bell.wait(0.05):
            pass
        assert not await bell.wait(0.05)
        async with pool_web.transaction() as conn:
            await conn.execute("SELECT pg_notify('event', '')")
        assert await bell.wait(5)


async def test_a_database_that_is_away_is_waited_for() -> None:
    async with listen("postgresql://nobody@127.0.0.1:1/none", "event") as bell:
        assert not await bell.wait(0.05)
