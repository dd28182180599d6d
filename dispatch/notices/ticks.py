"""What the clock calls for notices: each tick looks at every district and may be killed or run twice."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from core.crypto import Keys
from core.db import Pool
from core.settings import Settings
from core.ticking import Job
from dispatch.everywhere import everywhere
from dispatch.notices import advancing, drills, sending, steps
from dispatch.notices.sending import Doors


def jobs(settings: Settings) -> Sequence[Job]:
    """Return the ticks of a process; the keys are read at the first that needs them."""
    return (Job("notices", partial(_with_real_doors, settings), 1), Job("drills", hold_drills, 60))


async def _with_real_doors(settings: Settings, pool: Pool, now: datetime) -> int:
    return await notices(pool, Doors.of(settings, Keys.load_or_create(settings.keys_path)), now)


async def notices(pool: Pool, doors: Doors, now: datetime) -> int:
    """Make notices of steps, make their tries, send what waits; return how much was done."""
    clock = asyncio.get_running_loop()
    began = clock.time()

    async def one(district: UUID) -> int:
        late = timedelta(seconds=int(clock.time() - began))  # the districts before this one took so long
        return await one_district(pool, doors, district, now + late)

    return await everywhere(pool, one)


async def one_district(pool: Pool, doors: Doors, district: UUID, now: datetime) -> int:
    """Do it all in a district: what a failed send makes due at once is looked at again in the same tick.

    A tick takes tries for `sending.TAKING` at most: what it took with its `now` is never older than it says.
    """
    clock = asyncio.get_running_loop()
    until = clock.time() + sending.TAKING
    made = await make(pool, district, now)
    while True:
        looked = await advance(pool, district, now)
        sent = await sending.run(pool, doors, district, now, until)
        made += looked + sent
        if not sent or clock.time() >= until:
            return made


async def make(pool: Pool, district: UUID, now: datetime) -> int:
    """Make the notices of the steps that wait, a batch a transaction."""
    count, batch = 0, steps.BATCH
    while batch == steps.BATCH:
        async with pool.transaction(district) as conn:
            batch = await steps.make_due(conn, district, now)
        count += batch
    return count


async def advance(pool: Pool, district: UUID, now: datetime) -> int:
    """Look at the notices that are due, a batch a transaction."""
    count, batch = 0, advancing.BATCH
    while batch == advancing.BATCH:
        async with pool.transaction(district) as conn:
            batch = await advancing.advance(conn, district, now)
        count += batch
    return count


async def hold_drills(pool: Pool, now: datetime) -> int:
    """Begin and close the weekly drills; return how many."""

    async def one(district: UUID) -> int:
        async with pool.transaction(district) as conn:
            return await drills.tick(conn, district, now)

    return await everywhere(pool, one)
