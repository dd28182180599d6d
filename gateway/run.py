"""The gateway: lanes (the alarms' in a child process), the sweep, the housekeeping, and a heartbeat."""

import asyncio
import gc
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import asyncpg
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from core import heartbeats, log
from core.crypto import Keys
from core.db import Pool
from core.settings import Settings
from gateway import deafness, delivery, fresh, http_uplinks, muting, retained, rollups, sweep, unheard, upkeep
from gateway.alarm_process import AlarmProcess
from gateway.known import Registry
from gateway.listener import LANES, Gateway, Listener
from gateway.noise import Noise

ROLE = "gateway"
_SWEEP_S, _RETRY_S, _UNHEARD_S, _ROLL_S, _UPKEEP_S = 1, 5, 60, 60, 3600
_BLINK_S = 0.1
_AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError)
_Work = Callable[[datetime], Awaitable[object]]


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Serve until told to stop."""
    dsn = settings.require_database()
    pool = await Pool.open(dsn, size=settings.pool_size, name=ROLE, is_reset=False)
    registry = Registry(ZoneInfo(settings.time_zone))
    keys = Keys.load_or_create(settings.keys_path)
    url = settings.require_mqtt()
    gateway = Gateway(
        pool,
        registry,
        keys,
        url,
        settings.gateway_name,
        settings.batch_size,
        settings.shared_group,
        noise=Noise(settings.noise_rate, settings.noise_depth),
    )
    listeners: list[Listener | AlarmProcess] = [
        AlarmProcess() if lane.is_alarms else Listener(gateway, lane) for lane in LANES
    ]
    await registry.refresh(pool, datetime.now(UTC))
    gc.freeze()  # the registry stays: a collection that walks it would be a pause for an alarm
    async with asyncio.TaskGroup() as group:
        work = [one.run() for one in listeners]
        mixed = [one for one in listeners if isinstance(one, Listener) and one.lane.is_mixed]
        work += [one.note_seen() for one in mixed]
        if settings.shared_group:
            work += [retained.recall(gateway, one) for one in mixed]
        work += [delivery.run(gateway, dsn), http_uplinks.run(gateway, dsn)]
        work += [fresh.follow(dsn, pool, registry), fresh.recollect(dsn, registry)]
        tasks = [group.create_task(one) for one in (*work, _beat(pool, listeners))]
        scheduler = _schedule(gateway)
        await stop.wait()
        scheduler.shutdown(wait=False)
        for task in tasks:
            task.cancel()
    await _leave(pool)
    await pool.close()


def _schedule(gateway: Gateway) -> AsyncIOScheduler:
    """Let a clock call the ticks; each holds no state, so that it does not matter how often it fires."""
    scheduler = AsyncIOScheduler(timezone="UTC")

    def every(seconds: int, name: str, work: _Work, *, at_once: bool = True) -> None:
        first = {"next_run_time": datetime.now(UTC)} if at_once else {}
        scheduler.add_job(
            _quietly,
            "interval",
            (name, work),
            seconds=seconds,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
            **first,
        )

    pool, registry = gateway.pool, gateway.registry
    every(_SWEEP_S, "sweep", lambda now: sweep.tick(pool, registry, now))
    every(_UNHEARD_S, "unheard", lambda now: unheard.enlist(pool, now))
    every(_RETRY_S, "noise", lambda now: muting.tick(pool, registry, gateway.keys, gateway.noise, now))
    every(_RETRY_S, "letters", lambda now: upkeep.retry_letters(pool, registry, gateway.keys, now))
    every(_ROLL_S, "rollups", lambda now: rollups.tick(pool, registry.zone, now))
    every(_UPKEEP_S, "upkeep", lambda now: upkeep.tick(pool, now))
    scheduler.start()
    return scheduler


async def _quietly(name: str, work: _Work) -> None:
    """Run a tick; a database that is away is tried again at the next."""
    try:
        await work(datetime.now(UTC))
    except _AWAY as error:
        log.get().warning("gateway.tick_failed", tick=name, error=f"{type(error).__name__}: {error}")


async def _beat(pool: Pool, listeners: Sequence[Listener | AlarmProcess]) -> None:
    """Say every few seconds, and at every change, whether all lanes are subscribed."""
    while True:
        lanes = _lanes(listeners)
        try:
            if all(one.has_caught_up for one in listeners):
                async with pool.transaction() as conn:
                    await deafness.listen(conn, datetime.now(UTC))
            await heartbeats.beat(pool, ROLE, datetime.now(UTC), ready=all(lanes.values()), detail=lanes)
        except _AWAY as error:
            log.get().warning("gateway.no_heartbeat", error=type(error).__name__)
        for _ in range(int(heartbeats.EVERY / _BLINK_S)):
            await asyncio.sleep(_BLINK_S)
            if lanes != _lanes(listeners):
                break


def _lanes(listeners: Sequence[Listener | AlarmProcess]) -> dict[str, bool]:
    return {one.lane.name: one.is_subscribed for one in listeners}


async def _leave(pool: Pool) -> None:
    try:
        async with asyncio.timeout(2):
            await heartbeats.leave(pool, ROLE)
    except _AWAY as error:
        log.get().warning("gateway.no_farewell", error=type(error).__name__)
