"""Keep a process's copies fresh: the registry, and what hubs have taught other processes."""

import asyncio
from datetime import UTC, datetime

import asyncpg

from core import log
from core.db import Pool
from core.doorbell import listen
from gateway.known import Registry

_LOOK_S = 60.0
_CALM_S = 0.5  # at most so often is the registry read again
_AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError)


async def follow(dsn: str, pool: Pool, registry: Registry) -> None:
    """Keep the copy of the registry fresh."""
    async with listen(dsn, "registry", name="gateway registry") as bell:
        while True:
            await bell.wait(_LOOK_S)
            registry.forget_strangers()
            try:
                await registry.refresh(pool, datetime.now(UTC))
            except _AWAY as error:
                log.get().warning("gateway.registry_away", error=type(error).__name__)
            except Exception as error:  # noqa: BLE001 - the copy of before still knows nearly everybody
                log.get().error("gateway.registry_unread", error=type(error).__name__)
            await asyncio.sleep(_CALM_S)


async def recollect(dsn: str, registry: Registry) -> None:
    """Read again what hubs have taught other processes."""
    async with listen(dsn, "hub_memory", name="gateway memory") as bell:
        while True:
            await bell.wait(_LOOK_S)
            registry.memory.clear()
            await asyncio.sleep(_CALM_S)
