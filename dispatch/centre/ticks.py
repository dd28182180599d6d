"""What the clock calls for the duty manager: each looks at every district and may be killed or run twice."""

from datetime import datetime, timedelta
from uuid import UUID

from core import districts, events
from core.db import Pool
from core.events import OPERATORS
from dispatch.centre import answers, pauses, rota
from dispatch.centre import week as week_
from dispatch.everywhere import everywhere


async def sums(pool: Pool, now: datetime) -> int:
    """Bring answer times up to date; return how many cases were looked at."""
    return await everywhere(pool, lambda district: answers.run(pool, district, now))


async def watch_pauses(pool: Pool, now: datetime) -> int:
    """End the pauses that are over, tell of those that end within a day; return how many."""

    async def one(district: UUID) -> int:
        async with pool.transaction(district) as conn:
            return await pauses.watch_due(conn, now)

    return await everywhere(pool, one)


async def lay_rota(pool: Pool, now: datetime) -> int:
    """Lay the shifts that the call centre's patterns owe; return how many."""

    async def one(district: UUID) -> int:
        async with pool.transaction(district) as conn:
            return await rota.lay_due(conn, district, now)

    return await everywhere(pool, one)


async def tell_soon(pool: Pool, now: datetime) -> int:
    """Tell the consoles who begins soon; return how many."""

    async def one(district: UUID) -> int:
        async with pool.transaction(district) as conn:
            minutes = (await districts.settings(conn, district)).duty_soon_minutes
            found = await week_.soon(conn, now, timedelta(minutes=minutes))
            for row in found:
                what = {"kind": "duty.soon", "subject": row["id"], "roles": OPERATORS, "at": now}
                await events.write(conn, district=district, **what)
            return len(found)

    return await everywhere(pool, one)
