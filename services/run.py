"""The services role: a doorbell and a clock that only call ticks; correctness never depends on either."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import asyncpg
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from core import doorbell, heartbeats, log
from core.db import Pool
from core.doorbell import Doorbell
from core.settings import Settings
from services import claims, entitlements

POLL = 1.0
"""Seconds after which claims are looked for even if nobody rang."""
ENTITLE = 300.0
Tick = Callable[[Pool, datetime], Awaitable[object]]


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Serve until told to stop; raise Failure when the database does not answer."""
    dsn, zone = settings.require_database(), ZoneInfo(settings.time_zone)
    pool = await Pool.open(dsn, size=settings.pool_size, name="yinling services")
    clock = AsyncIOScheduler(timezone=UTC)

    async def entitle(pool: Pool, now: datetime) -> None:
        await entitlements.tick(pool, now, zone)

    async def claim(pool: Pool, now: datetime) -> None:
        await claims.tick(pool, now, zone)

    for seconds, name, tick in ((ENTITLE, "entitle", entitle), (heartbeats.EVERY, "beat", _beat)):
        job = (name, tick, pool)
        clock.add_job(_guarded, "interval", job, seconds=seconds, coalesce=True, max_instances=1)
    try:
        await _guarded("entitle", entitle, pool)
        await _guarded("beat", _beat, pool)
        clock.start()
        async with doorbell.listen(dsn, "visit", name="yinling services doorbell") as bell:
            await _claim_all(pool, claim, bell, stop)
        await _guarded("leave", _leave, pool)
    finally:
        if clock.running:
            clock.shutdown(wait=False)
        await pool.close()


async def _claim_all(pool: Pool, claim: Tick, bell: Doorbell, stop: asyncio.Event) -> None:
    ending = asyncio.create_task(_wake(bell, stop))
    try:
        while not stop.is_set():
            await _guarded("claim", claim, pool)
            await bell.wait(POLL)
    finally:
        ending.cancel()


async def _wake(bell: Doorbell, stop: asyncio.Event) -> None:
    await stop.wait()
    bell.ring()


async def _guarded(name: str, tick: Tick, pool: Pool) -> None:
    """Run a tick; what fails is logged and done by the next one."""
    try:
        await tick(pool, datetime.now(UTC))
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        log.get().warning("services.tick_failed", tick=name, error=type(error).__name__)
    except Exception as error:  # noqa: BLE001 - a mistake of ours in one tick must not end the others
        log.get().error("services.tick_broke", tick=name, error=type(error).__name__, exc_info=True)


async def _beat(pool: Pool, now: datetime) -> None:
    await heartbeats.beat(pool, "services", now)


async def _leave(pool: Pool, _: datetime) -> None:
    await heartbeats.leave(pool, "services")
