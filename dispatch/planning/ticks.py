"""What the clock calls for plans: nights ahead, days and repairs; each may be killed or run twice."""

from datetime import datetime
from functools import partial
from uuid import UUID

from core.db import Pool
from core.settings import Settings
from core.ticking import Job
from dispatch.everywhere import everywhere
from dispatch.planning import computing, nightly, plan_rows


def jobs(settings: Settings) -> tuple[Job, ...]:
    """Return the planner's ticks: repairs, which are short, do not wait behind whole days."""
    return (
        Job("plan_repairs", partial(_repairs, settings), 1),
        Job("plan_days", partial(_days, settings), 2),
        Job("plan_nights", _nights, 60),
        Job("plan_promises", _promises, 60),
        Job("plan_forget", _forget, 3600),
    )


async def _repairs(settings: Settings, pool: Pool, now: datetime) -> None:
    async def one(district: UUID) -> int:
        return len(await computing.run_waiting(pool, district, now, settings, repairs=True))

    await everywhere(pool, one)


async def _days(settings: Settings, pool: Pool, now: datetime) -> None:
    await everywhere(pool, lambda district: nightly.run(pool, district, now, settings))


async def _nights(pool: Pool, now: datetime) -> None:
    await everywhere(pool, lambda district: nightly.ask(pool, district, now))


async def _promises(pool: Pool, now: datetime) -> None:
    await everywhere(pool, lambda district: nightly.tell(pool, district, now))


async def _forget(pool: Pool, now: datetime) -> None:
    async def one(district: UUID) -> int:
        async with pool.transaction(district) as conn:
            await plan_rows.forget_old(conn, now)
            return 0

    await everywhere(pool, one)
