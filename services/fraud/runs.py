"""A run of the checks over a district's month: by the clock when it is closed, and by hand; idempotent."""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from core import districts, log
from core.clock import ZONE, at_local, local_date, month_after, month_of
from core.db import Conn, Pool, Row
from core.errors import Problem
from core.ids import new_id
from core.sql import load
from services.fraud import findings, judging, loading, thresholds

SQL = load(__file__)
CLOSED_AFTER = timedelta(hours=24)
"""Records of the last day are locked a day after it (DOMAIN §5): then a month is looked at by the clock."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a run looked at and found."""

    id: UUID
    month: date
    visits: int
    found: int


async def run(
    conn: Conn, district: UUID, month: date, now: datetime, *, by: UUID | None = None, zone: ZoneInfo = ZONE
) -> Done:
    """Check a month; store its findings. A second run renews what is open and keeps what people decided."""
    settings = await districts.settings(conn, district)
    figures = thresholds.merged(settings.fraud)
    await conn.execute(SQL.lock_month, f"fraud {district} {month}")
    identity = new_id()
    plain = {table: dict(named) for table, named in figures.items()}
    await conn.execute(SQL.begin_run, identity, district, month, now, by, plain)
    records = await loading.month(conn, month, settings.geofence_m, zone)
    found = await asyncio.to_thread(judging.judge, records, figures)
    await findings.keep(conn, district, records, found, now)
    await conn.execute(SQL.end_run, identity, now, len(records.visits), len(found))
    await findings.tell(conn, district, identity, now)
    return Done(identity, month, len(records.visits), len(found))


async def last(conn: Conn, month: date) -> Row | None:
    """Return the newest finished run of a month, or None."""
    return await conn.fetchrow(SQL.find_run, month)


async def tick(pool: Pool, now: datetime, zone: ZoneInfo = ZONE) -> int:
    """Check the month before in every district where that has not been done since it closed."""
    month = month_of(month_of(local_date(now, zone)) - timedelta(days=1))
    closed = at_local(month_after(month), "00:00", zone) + CLOSED_AFTER
    if now < closed:
        return 0
    async with pool.transaction() as conn:
        every = await districts.ids(conn)
    made = 0
    for district in every:
        try:
            async with pool.transaction(district) as conn:
                held = await last(conn, month)
                if held is None or held["started_at"] < closed:
                    await run(conn, district, month, now, zone=zone)
                    made += 1
        except (
            Problem
        ) as error:  # one district's own figures may be wrong: the others are checked all the same
            log.get().error("fraud.failed", district=str(district), error=type(error).__name__)
    return made
