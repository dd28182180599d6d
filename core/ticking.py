"""A role that only calls ticks: a doorbell wakes one, a clock the others; correctness depends on neither."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import asyncpg
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from core import doorbell, heartbeats, log
from core.db import Pool
from core.doorbell import Doorbell
from core.settings import Settings

Tick = Callable[[Pool, datetime], Awaitable[object]]


@dataclass(frozen=True)
class Job:
    """A tick and how often the clock calls it, in seconds."""

    name: str
    tick: Tick
    seconds: float


@dataclass(frozen=True)
class Role:
    """What a role does: the doorbell of `channel` wakes the job `bell`, its seconds are the longest wait."""

    name: str
    channel: str
    bell: Job
    jobs: Sequence[Job]

    async def run(self, settings: Settings, stop: asyncio.Event) -> None:
        """Serve until told to stop; raise Failure when the database does not answer."""
        dsn = settings.require_database()
        pool = await Pool.open(dsn, size=settings.pool_size, name=f"yinling {self.name}")
        clock = AsyncIOScheduler(timezone=UTC)
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a tick that takes its time is no warning
        jobs = [Job("beat", self._beat, heartbeats.EVERY), *self.jobs]
        for job in jobs:
            timing = {"seconds": job.seconds, "coalesce": True, "max_instances": 1}
            clock.add_job(self._guarded, "interval", (job, pool), **timing)
        try:
            for job in jobs:
                await self._guarded(job, pool)
            clock.start()
            async with doorbell.listen(dsn, self.channel, name=f"yinling {self.name} doorbell") as bell:
                await self._answer(pool, bell, stop)
            await self._guarded(Job("leave", self._leave, 0), pool)
        finally:
            if clock.running:
                clock.shutdown(wait=False)
            await pool.close()

    async def _answer(self, pool: Pool, bell: Doorbell, stop: asyncio.Event) -> None:
        ending = asyncio.create_task(_wake(bell, stop))
        try:
            while not stop.is_set():
                await self._guarded(self.bell, pool)
                await bell.wait(self.bell.seconds)
        finally:
            ending.cancel()

    async def _guarded(self, job: Job, pool: Pool) -> None:
        """Run a tick; what fails is logged and done by the next one."""
        try:
            await job.tick(pool, datetime.now(UTC))
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            log.get().warning("tick.failed", tick=job.name, error=type(error).__name__)
        except Exception as error:  # noqa: BLE001 - a mistake of ours in one tick must not end the others
            log.get().error("tick.broke", tick=job.name, error=type(error).__name__, exc_info=True)

    async def _beat(self, pool: Pool, now: datetime) -> None:
        await heartbeats.beat(pool, self.name, now)

    async def _leave(self, pool: Pool, _: datetime) -> None:
        await heartbeats.leave(pool, self.name)


async def _wake(bell: Doorbell, stop: asyncio.Event) -> None:
    await stop.wait()
    bell.ring()
