"""Every night the days ahead are planned; a plan that breaks no promise comes into force by itself."""

from datetime import datetime, timedelta
from uuid import UUID

from core import districts
from core.clock import at_local, local_date
from core.db import Conn, Pool
from core.districts import DistrictSettings
from core.settings import Settings
from core.sql import load
from dispatch.planning import applying, computing, plan_rows, plans

SQL = load(__file__)
PER_SECOND = 10
"""Visits for which the planner takes a second of its time, at the most what the district allows."""
SHORTEST = 2.0


async def ask(pool: Pool, district: UUID, now: datetime) -> int:
    """Ask for the plans of the days ahead that tonight has not asked for yet; return how many."""
    async with pool.transaction(district) as conn:
        settings = await districts.settings(conn, district)
        since = at_local(local_date(now), settings.plan_at)
        if now < since:
            since -= timedelta(days=1)
        today = local_date(since)
        wanted = [today + timedelta(days=nth + 1) for nth in range(settings.plan_days_ahead)]
        rows = await conn.fetch(SQL.list_unplanned, [day for day in wanted if day > local_date(now)], since)
        for row in rows:
            seconds = min(settings.plan_seconds, max(SHORTEST, row["visits"] / PER_SECOND))
            given = {"on": row["day"], "seconds": seconds, "cause": "nightly"}
            await plans.start(conn, district=district, now=now, **given)
        return len(rows)


async def tell(pool: Pool, district: UUID, now: datetime) -> int:
    """Tell those concerned of planned visits that have come near enough; return how many."""
    async with pool.transaction(district) as conn:
        return await applying.promise_due(conn, await districts.settings(conn, district), now)


async def run(pool: Pool, district: UUID, now: datetime, settings: Settings) -> int:
    """Compute the whole days that wait; what was planned at night is accepted by itself, if it may be."""
    ready = await computing.run_waiting(pool, district, now, settings, repairs=False)
    for plan_id in ready:
        async with pool.transaction(district) as conn:
            choices = await districts.settings(conn, district)
            await _accept(conn, plan_id, choices, now)
    return len(ready)


async def _accept(conn: Conn, plan_id: UUID, choices: DistrictSettings, now: datetime) -> None:
    """Bring a night's plan into force: the first of its day, or one that breaks no promise; others wait."""
    await plan_rows.lock(conn, plan_id)
    plan = await plan_rows.find(conn, plan_id)
    is_harmless = not plan["broken"] or not await plan_rows.has_accepted(conn, plan["on"])
    if choices.plan_accepts_itself and is_harmless and (plan["cause"], plan["state"]) == ("nightly", "ready"):
        await plans.accept(conn, plan_id, None, now)
