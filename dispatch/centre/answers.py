"""How fast alarms are answered: facts of each case out of its timeline, sums of each hour, the worst ones.

A trigger notes the cases whose timeline has grown; a tick makes their facts anew and the sums of the hours in
which they came, so that a page of a month reads some thousand rows however many alarms there have been.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from core.db import Conn, Pool, Row
from core.sql import load
from dispatch.centre import measures
from dispatch.centre.measures import Sums, sums, together

SQL = load(__file__)
BATCH = 2000
FEW = 20


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour's sums."""

    hour: datetime
    sums: Sums


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator's sums; without an account: what nobody answered."""

    account_id: UUID | None
    name: str | None
    sums: Sums


async def run(pool: Pool, district: UUID, now: datetime) -> int:
    """Bring facts and sums up to date, a batch per transaction; return how many cases were looked at."""
    done = 0
    while True:
        async with pool.transaction(district) as conn:
            count = await catch_up(conn, district, now)
        done += count
        if count == 0:
            return done


async def catch_up(conn: Conn, district: UUID, now: datetime, most: int = BATCH) -> int:
    """Make anew what some touched cases have changed; return how many cases."""
    await conn.execute(SQL.lock_answers, str(district))
    touched: list[UUID] = await conn.fetchval(SQL.take_touched, most) or []
    if not touched:
        return 0
    rows = await conn.fetch(SQL.make_facts, touched, now)
    hours = sorted({row["hour"] for row in rows})
    await conn.execute(SQL.drop_sums, hours)
    await conn.execute(SQL.make_sums, hours)
    return len(touched)


@dataclass(frozen=True, slots=True)
class Span:
    """The sums between two instants as they are at a third, by hour and operator (nobody's last)."""

    hours: list[Hour]
    operators: list[Operator]


async def between(conn: Conn, since: datetime, until: datetime, now: datetime) -> Span:
    """Return the hours in which something came, and each operator's sums."""
    young = await conn.fetch(SQL.list_young, since, until, now)
    hours = await conn.fetch(SQL.per_hour, since, until)
    people = await conn.fetch(SQL.per_operator, since, until)
    return Span(
        [Hour(row["hour"], _with(row, young, "hour")) for row in hours],
        [Operator(row["account_id"], row["name"], _with(row, young, "account_id")) for row in people],
    )


def _with(row: Row, young: list[Row], key: str) -> Sums:
    """Put what is not late yet to the sums of its hour or operator."""
    own = [sums(one) for one in young if one[key] == row[key]]
    return together([sums(row), *own]) if own else sums(row)


async def slowest(conn: Conn, since: datetime, until: datetime, now: datetime, most: int = FEW) -> list[Row]:
    """Return the cases answered after more than 60 s or not at all, the worst first."""
    late = now - timedelta(seconds=measures.SLOW)
    return await conn.fetch(SQL.list_slowest, since, until, late, most)


async def latest(conn: Conn, since: datetime, until: datetime, now: datetime, most: int = FEW) -> list[Row]:
    """Return the cases with somebody on scene after more than 45 min or not yet, the worst first."""
    late = now - timedelta(seconds=measures.LATE)
    return await conn.fetch(SQL.list_latest, since, until, late, most)


async def falses(conn: Conn, since: datetime, until: datetime, most: int = 50) -> dict[str, list[Row]]:
    """Return what alarms for nothing have cost, by `model`, `type`, `device` and `home`, the worst first."""
    return {
        "model": await conn.fetch(SQL.falses_by_model, since, until),
        "type": await conn.fetch(SQL.falses_by_type, since, until),
        "device": await conn.fetch(SQL.falses_by_device, since, until, most),
        "home": await conn.fetch(SQL.falses_by_home, since, until, most),
    }


async def is_stale(conn: Conn) -> bool:
    """Say whether sums wait for the tick."""
    return bool(await conn.fetchval(SQL.are_stale))


@dataclass(frozen=True, slots=True)
class History:
    """What hours of the week brought in whole past weeks, and how long a case keeps an operator."""

    since: datetime | None
    weeks: int
    counts: dict[int, list[int]]
    seconds_each: float | None


async def history(
    conn: Conn, monday: datetime, most: int, hour_of_week: Callable[[datetime], int]
) -> History:
    """Return the counts of each hour of the week in up to `most` whole weeks before a Monday."""
    first: datetime | None = await conn.fetchval(SQL.first_hour)
    week = timedelta(days=7)
    weeks = min(most, max(0, (monday - first) // week)) if first else 0
    rows = await conn.fetch(SQL.history, monday - weeks * week, monday)
    counts = {hour: [0] * weeks for hour in range(168)}
    for row in rows:
        counts[hour_of_week(row["hour"])][(row["hour"] - (monday - weeks * week)) // week] = row["cases"]
    answered = sum(row["answered"] for row in rows)
    busy = sum(row["busy_seconds"] for row in rows)
    return History(first, weeks, counts, busy / answered if answered else None)
