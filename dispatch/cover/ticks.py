"""What the clock calls: a look for gaps every few minutes, which is also the sweep before the night."""

from datetime import datetime, timedelta
from uuid import UUID

from core.db import Pool
from core.ticking import Job
from dispatch import portraits
from dispatch.cover import gaps
from dispatch.everywhere import everywhere

EVERY = 300
"""Seconds between two looks: a gap of the night is on the list before the night, whenever it begins."""
KEPT = timedelta(days=730)


async def look(pool: Pool, now: datetime) -> int:
    """Look for gaps in every district; return how many were opened or closed."""

    async def one(district: UUID) -> int:
        async with pool.transaction(district) as conn:
            change = await gaps.look(conn, district, now)
            return len(change.opened) + change.closed

    return await everywhere(pool, one)


async def forget(pool: Pool, now: datetime) -> int:
    """Drop gaps past their retention, and photos whose consent was withdrawn; return how many photos."""

    async def one(district: UUID) -> int:
        async with pool.transaction(district) as conn:
            await gaps.forget_old(conn, now - KEPT)
            return await portraits.drop_withdrawn(conn)

    return await everywhere(pool, one)


def jobs() -> tuple[Job, ...]:
    """Return what the dispatch role runs for the cover."""
    return (Job("cover", look, EVERY), Job("forget_cover", forget, 3600))
