"""What the clock calls: each tick looks at every district, holds no state, may be killed or run twice."""

from datetime import datetime, timedelta
from uuid import UUID

from core import districts
from core.db import Pool
from devices import commands, installs
from dispatch import escalation, evidence, forgetting, lateness, passing, recovery, visits
from dispatch import intake as intake_
from dispatch.everywhere import everywhere as _everywhere
from dispatch.online import feed
from dispatch.phone import alerts, lone, pictures
from dispatch.roster import patterns
from dispatch.seats import transfers
from dispatch.travel import cache


async def intake(pool: Pool, now: datetime) -> int:
    """Give every alarm that waits its case; return how many."""
    return await _everywhere(pool, lambda district: intake_.run(pool, district, now))


async def escalate(pool: Pool, now: datetime) -> int:
    """Tell the next of every case that nobody answered; return how many."""

    async def one(district: UUID) -> int:
        count, batch = 0, escalation.BATCH
        while batch == escalation.BATCH:
            async with pool.transaction(district) as conn:
                batch = await escalation.escalate_due(conn, district, now)
            count += batch
        return count

    return await _everywhere(pool, one)


async def offers(pool: Pool, now: datetime) -> int:
    """Pass on emergencies that were not answered, try again what nobody could take; return how many."""
    return await _everywhere(pool, lambda district: passing.run(pool, district, now))


async def recover(pool: Pool, now: datetime) -> int:
    """Note which faults are over, and close by rule what they were about; return how many changed."""
    return await _everywhere(pool, lambda district: recovery.run(pool, district, now))


async def late(pool: Pool, now: datetime) -> int:
    """Notice who is late, mark planned visits that nobody came to as missed; return how many."""

    async def one(district: UUID) -> int:
        async with pool.transaction(district) as conn:
            grace = timedelta(minutes=(await districts.settings(conn, district)).grace_minutes)
            missed = await visits.miss_due(conn, now, grace)
            return missed + await lateness.notice_due(conn, district, now)

    return await _everywhere(pool, one)


async def settle_proofs(pool: Pool, now: datetime) -> int:
    """Weigh again what was weighed before the home had told everything; return how many."""

    async def one(district: UUID) -> int:
        async with pool.transaction(district) as conn:
            return await evidence.settle_due(conn, now)

    return await _everywhere(pool, one)


async def safety(pool: Pool, now: datetime) -> int:
    """Ask caregivers who stay away, and tell again of alerts that nobody has taken; return how many."""

    async def one(district: UUID) -> int:
        async with pool.transaction(district) as conn:
            return await lone.run(conn, district, now) + await alerts.escalate_due(conn, now)

    return await _everywhere(pool, one)


async def seats(pool: Pool, now: datetime) -> int:
    """Give back cases that nobody took, tell of those whose owner has left the console; return how many."""

    async def one(district: UUID) -> int:
        async with pool.transaction(district) as conn:
            return await transfers.return_due(conn, now) + await transfers.tell_left_due(conn, now)

    return await _everywhere(pool, one)


async def lay_rosters(pool: Pool, now: datetime) -> int:
    """Lay the shifts that weekly patterns owe; return how many."""

    async def one(district: UUID) -> int:
        async with pool.transaction(district) as conn:
            return await patterns.lay_due(conn, district, now)

    return await _everywhere(pool, one)


async def forget(pool: Pool, now: datetime) -> int:
    """Drop what has passed its retention: photos of installations, commands, ways, notices, calls."""

    async def one(district: UUID) -> int:
        async with pool.transaction(district) as conn:
            await installs.forget_old(conn, now)
            await commands.forget_old(conn, now)
            await pictures.forget_old(conn, now)
            await cache.forget_old(conn, now)
            await feed.forget_old(conn, now)
            return await forgetting.run(conn, now)

    return await _everywhere(pool, one)
