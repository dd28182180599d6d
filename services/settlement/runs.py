"""A month's run: pieces done one by one, each in a transaction; a killed run goes on with the next piece.

`start` writes the run's row, `work` does its pieces (any number of processes at once) and `show` says
how far it is. The services role works on whatever run it finds; `yinling settle` does the same in the
foreground.
"""

import asyncio
from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from core import audit, districts, log
from core.clock import ZONE
from core.db import Conn, Pool, Row
from core.errors import NotFound, Problem
from core.ids import new_id
from core.sql import load
from services import claims, statements
from services.settlement import bulk, checking

SQL = load(__file__)
VISITS = 12_000
"""About so many visits make a piece: some seconds of work."""
Clock = Callable[[], datetime]


async def start(
    conn: Conn,
    *,
    district: UUID,
    month: date,
    step: str,
    now: datetime,
    provider: UUID | None = None,
    account: UUID | None = None,
) -> UUID:
    """Begin a month's run (`step`: draft prices, check prices and checks); one under way is returned.

    Raises Conflict when a month that is to be checked is not over.
    """
    if step == "check":
        checking.require_over(month, now)
    identity = new_id()
    values = (identity, district, month, provider, step, account, now)
    if await conn.fetchval(SQL.start_run, *values) is None:
        found = await conn.fetchrow(SQL.find_running, month)
        assert found is not None  # noqa: S101 - the index said that it is there
        running: UUID = found["id"]
        return running
    detail: dict[str, object] = {"month": f"{month:%Y-%m}", "step": step}
    await audit.record(
        conn,
        district=district,
        at=now,
        account=account,
        action="settlement.start",
        subject_kind="settlement_run",
        subject=identity,
        detail=detail,
    )
    return identity


async def show(conn: Conn, run: UUID) -> Row:
    """Return a run and how far it is: pieces, visits, claims made, priced one by one, unpriced, rejected."""
    row = await conn.fetchrow(SQL.find_runs, run, None, 1)
    if row is None:
        raise NotFound(f"no settlement run {run}")
    return row


async def list_(conn: Conn, month: date | None = None, limit: int = 10) -> list[Row]:
    """Return the newest runs."""
    return await conn.fetch(SQL.find_runs, None, month, limit)


async def tick(pool: Pool, clock: Clock, zone: ZoneInfo = ZONE) -> int:
    """Work on every run under way, of every district; return how many were ended."""
    async with pool.transaction() as conn:
        every = await districts.ids(conn)
    ended = 0
    for district in every:
        async with pool.transaction(district) as conn:
            running = [row["id"] for row in await conn.fetch(SQL.list_running)]
        for run in running:
            ended += await _one(pool, district, run, clock, zone)
    return ended


async def _one(pool: Pool, district: UUID, run: UUID, clock: Clock, zone: ZoneInfo) -> bool:
    """Work on a run; one that can never be done says so in its row, and holds nobody up."""
    try:
        return await work(pool, district, run, clock, zone=zone)
    except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError, Problem, LookupError) as error:
        log.get().error("settlement.failed", run=str(run), error=type(error).__name__)
        async with pool.transaction(district) as conn:
            code = error.code if isinstance(error, Problem) else type(error).__name__
            await conn.execute(SQL.end_run, run, "failed", code, clock())
        return True


async def work(
    pool: Pool, district: UUID, run: UUID, clock: Clock, *, workers: int = 2, zone: ZoneInfo = ZONE
) -> bool:
    """Do what is left of a run; say whether this call ended it. May run anywhere, many at once."""
    if not await _lay(pool, district, run, clock(), zone):
        return False
    await asyncio.gather(*(_all(pool, district, run, "price", clock, zone) for _ in range(workers)))
    if await _is_open(pool, district, run, "price"):
        return False
    await _lay_checks(pool, district, run)
    await asyncio.gather(*(_all(pool, district, run, "check", clock, zone) for _ in range(workers)))
    if await _is_open(pool, district, run, "check"):
        return False
    return await _end(pool, district, run, clock())


async def _lay(pool: Pool, district: UUID, run: UUID, now: datetime, zone: ZoneInfo) -> bool:
    async with pool.transaction(district) as conn:
        is_laid = await conn.fetchval(SQL.lock_run, run)
        if is_laid is False:
            month = await _month(conn, run, zone)
            await conn.execute(
                SQL.lay_prices, run, district, month.since, month.before, month.provider, VISITS
            )
            await conn.execute(SQL.mark_laid, run, now)
        return is_laid is not None


async def _lay_checks(pool: Pool, district: UUID, run: UUID) -> None:
    async with pool.transaction(district) as conn:
        row = await show(conn, run)
        await conn.fetchval(SQL.lock_run, run)
        if row["step"] == "check" and not await conn.fetchval(SQL.count_open, run, "check"):
            await conn.execute(SQL.lay_checks, run, district, row["month"], row["provider_id"])


async def _is_open(pool: Pool, district: UUID, run: UUID, kind: str) -> bool:
    async with pool.transaction(district) as conn:
        return bool(await conn.fetchval(SQL.count_open, run, kind))


async def _month(conn: Conn, run: UUID, zone: ZoneInfo) -> bulk.Month:
    row = await show(conn, run)
    return await bulk.read(conn, row["district_id"], row["month"], row["provider_id"], zone)


async def _all(pool: Pool, district: UUID, run: UUID, kind: str, clock: Clock, zone: ZoneInfo) -> None:
    do = {"price": _price, "check": _check}[kind]
    async with pool.transaction(district) as conn:
        month = await _month(conn, run, zone)
    while await do(pool, month, run, clock):
        pass


async def _price(pool: Pool, month: bulk.Month, run: UUID, clock: Clock) -> bool:
    """Do one piece: in bulk, then what is left one by one; the piece stays ours through both."""
    async with pool.transaction(month.district) as conn:
        mark = await conn.fetchrow(SQL.take_mark, run, "price")
        if mark is None:
            return False
        reach = (mark["first_elder"], mark["last_elder"])
        async with pool.transaction(month.district) as inner:
            made = await bulk.price(inner, month, *reach, clock())
            waiting = await bulk.left(inner, month, *reach)
        singly = 0
        for visit in waiting:
            singly += await claims.price(pool, month.district, visit, clock(), month.zone)
        counts = (made + singly, singly, len(waiting) - singly, 0)
        await conn.execute(SQL.note_mark, run, "price", mark["number"], *counts, clock())
    async with pool.transaction(month.district) as conn:
        await conn.execute(SQL.see_run, run, clock())
    return True


async def _check(pool: Pool, month: bulk.Month, run: UUID, clock: Clock) -> bool:
    """Check one draft."""
    async with pool.transaction(month.district) as conn:
        mark = await conn.fetchrow(SQL.take_mark, run, "check")
        if mark is None:
            return False
        row = await show(conn, run)
        rejected = await checking.check(
            conn, mark["statement_id"], by=row["started_by"], now=clock(), is_race=True
        )
        await conn.execute(SQL.note_mark, run, "check", mark["number"], 0, 0, 0, rejected, clock())
    return True


async def _end(pool: Pool, district: UUID, run: UUID, now: datetime) -> bool:
    async with pool.transaction(district) as conn:
        row = await show(conn, run)
        if await conn.fetchval(SQL.end_run, run, "done", None, now) is None:
            return False
        for one in await conn.fetch(SQL.list_drafts, row["month"], row["provider_id"]):
            await statements.tell_changed(conn, district, one["id"], now)
        return True
