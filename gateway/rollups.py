"""Readings by the hour and by the day, kept by our own job: the same on every storage lane.

Each hour is a function of its readings and of what was true when it began. The job works on a list of hours:
the clock puts the hour that is over on it, whoever stores a reading of another hour puts that hour on it, and
an hour whose end has changed puts the next on it. It may be killed anywhere and run twice: an hour is taken
from the list in the transaction that rolls it.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from core.db import Conn, Pool, Row
from core.sql import load
from devices import thing_models

SQL = load(__file__)
HOURS_KEPT, DAYS_KEPT = timedelta(days=5 * 366), timedelta(days=10 * 366)
_HOUR = timedelta(hours=1)
_LAG = timedelta(minutes=15)
"""After an hour is over, so long is waited for the transactions that store its last readings."""
_MOST = 500
_OFTEN = 2_000


def hour_of(at: datetime) -> datetime:
    """Return the beginning of the hour."""
    return at.replace(minute=0, second=0, microsecond=0)


async def mark_late(conn: Conn, said: Iterable[tuple[int, datetime]], now: datetime) -> None:
    """List the hours that readings (device number, observed at) belong to, but for the running one."""
    running = hour_of(now)
    over = running + _HOUR
    late = {(no, hour_of(at)) for no, at in said if not running <= at < over}
    if late:
        await conn.execute(SQL.mark_due, [no for no, _ in late], [hour for _, hour in late])


async def tick(pool: Pool, zone: ZoneInfo, now: datetime) -> int:
    """Roll what is on the list; return how many hours of devices were rolled."""
    until = hour_of(now - _LAG)
    async with pool.transaction() as conn:
        if not await conn.fetchval(SQL.lock):
            return 0
        await _list(conn, until)
    rolled = 0
    for _ in range(_OFTEN):
        async with pool.transaction() as conn:
            count = await _roll(conn, zone, until) if await conn.fetchval(SQL.lock) else 0
        rolled += count
        if not count:
            break
    return rolled


async def _list(conn: Conn, until: datetime) -> None:
    """Put the hours that are over on the list; the first time, all that are stored."""
    mark = await conn.fetchval(SQL.find_mark)
    if mark is None:
        await conn.execute(SQL.begin, until)
    while mark is not None and mark < until:
        await conn.execute(SQL.list_hour, mark)
        mark += _HOUR
    await conn.execute(SQL.set_mark, until)


async def _roll(conn: Conn, zone: ZoneInfo, until: datetime) -> int:
    """Roll some devices of the earliest hour on the list, and their day; return how many were taken."""
    hour = await conn.fetchval(SQL.find_due_hour, until)
    if hour is None:
        return 0
    taken = await conn.fetch(SQL.take_due, hour, _MOST)
    devices = sorted({row["device_no"] for row in taken})
    bools = [metric.id for metric in thing_models.metrics().values() if metric.is_bool]
    await conn.execute(SQL.roll_hour, devices, hour, bools)
    day = hour.astimezone(zone).date()
    since, till = _span(day, zone), _span(day + timedelta(days=1), zone)
    await conn.execute(SQL.roll_days, devices, day, since, till)
    return len(taken)


def _span(day: date, zone: ZoneInfo) -> datetime:
    """Return the hour in which a local day begins."""
    return datetime.combine(day, time(), zone)


async def forget(conn: Conn, now: datetime) -> None:
    """Drop what is past its retention."""
    await conn.execute(SQL.drop_hours, now - HOURS_KEPT)
    await conn.execute(SQL.drop_days, (now - DAYS_KEPT).date())


async def hourly(
    conn: Conn, devices: Sequence[UUID], since: datetime, until: datetime, limit: int = 5_000
) -> list[Row]:
    """Return hours of devices of the current district, oldest first."""
    return await conn.fetch(SQL.list_hourly, list(devices), since, until, limit)


async def daily(
    conn: Conn, devices: Sequence[UUID], since: date, until: date, limit: int = 5_000
) -> list[Row]:
    """Return days of devices of the current district, oldest first."""
    return await conn.fetch(SQL.list_daily, list(devices), since, until, limit)
