"""The dispatch role: a doorbell and a clock that only call ticks; correctness never depends on either."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import asyncpg
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from core import doorbell, heartbeats, log, upkeep
from core.db import Pool
from core.doorbell import Doorbell
from core.settings import Settings
from dispatch import ticks

POLL = 0.5
"""Seconds after which intake looks even if nobody rang: a case must be there within a second."""
ESCALATE = 2.0
LATE = 60.0
UPKEEP = 60.0
"""The audit chain and the retention of what core owns; several processes may do it at once."""
Tick = Callable[[Pool, datetime], Awaitable[object]]


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Serve until told to stop; raise Failure when the database does not answer."""
    dsn = settings.require_database()
    pool = await Pool.open(dsn, size=settings.pool_size, name="yinling dispatch")
    clock = AsyncIOScheduler(timezone=UTC)
    for seconds, name, tick in (
        (ESCALATE, "escalate", ticks.escalate),
        (LATE, "late", ticks.late),
        (UPKEEP, "upkeep", upkeep.tick),
        (heartbeats.EVERY, "beat", _beat),
    ):
        clock.add_job(
            _guarded, "interval", (name, tick, pool), seconds=seconds, coalesce=True, max_instances=1
        )
    try:
        await _guarded("beat", _beat, pool)
        clock.start()
        async with doorbell.listen(dsn, "alarm", name="yinling dispatch doorbell") as bell:
            await _take_in(pool, bell, stop)
        await _guarded("leave", _leave, pool)
    finally:
        if clock.running:
            clock.shutdown(wait=False)
        await pool.close()


async def _take_in(pool: Pool, bell: Doorbell, stop: asyncio.Event) -> None:
    ending = asyncio.create_task(_wake(bell, stop))
    try:
        while not stop.is_set():
            await _guarded("intake", ticks.intake, pool)
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
        log.get().warning("dispatch.tick_failed", tick=name, error=type(error).__name__)
    except Exception as error:  # noqa: BLE001 - a mistake of ours in one tick must not end the others
        log.get().error("dispatch.tick_broke", tick=name, error=type(error).__name__, exc_info=True)


async def _beat(pool: Pool, now: datetime) -> None:
    await heartbeats.beat(pool, "dispatch", now)


async def _leave(pool: Pool, _: datetime) -> None:
    await heartbeats.leave(pool, "dispatch")
