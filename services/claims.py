"""Claims: every verified visit priced, once, and priced again while its statement is a draft."""

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from core import districts, log
from core.clock import ZONE, month_of
from core.db import Conn, Pool, Row
from core.errors import NotFound, Problem
from core.sql import load
from services import claiming, entitlements, reweighing, spending
from services.claiming import Unpriced

SQL = load(__file__)
_POISON = (
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    Problem,
    ArithmeticError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
)
RETRY = timedelta(minutes=10)
"""How long a visit that cannot be priced waits; what was missing may come at any time."""


async def list_(
    conn: Conn,
    *,
    visit_id: UUID | None = None,
    month: date | None = None,
    elder_id: UUID | None = None,
    statement_id: UUID | None = None,
    provider_id: UUID | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Row]:
    """Return claims by id, with names, scheme, explanation and flags."""
    filters = (visit_id, month, elder_id, statement_id, provider_id)
    return await conn.fetch(SQL.list_claims, *filters, after, limit)


async def find(conn: Conn, claim: UUID) -> Row:
    """Return a claim; raise NotFound."""
    row = await conn.fetchrow(SQL.find_claim, claim)
    if row is None:
        raise NotFound(f"no claim {claim}")
    return row


async def unpriced(conn: Conn, after: UUID | None = None, limit: int = 50) -> list[Row]:
    """Return verified visits that could not be priced: code, detail, when it is tried again."""
    return await conn.fetch(SQL.list_unpriced, after, limit)


async def retry(conn: Conn) -> None:
    """Try the district's unpriced visits at the next tick: a price, grade, scheme or enrolment has come."""
    await conn.execute(SQL.retry_all)


async def tick(pool: Pool, now: datetime, zone: ZoneInfo = ZONE) -> int:
    """Make a claim of every verified visit that has none; return how many.

    One transaction a visit: two ticks at once never double, and one that cannot be priced stops nobody.
    """
    async with pool.transaction() as conn:
        every = await districts.ids(conn)
    made = 0
    for district in every:
        while (found := await _next(pool, district, now, zone)) is not None:
            made += found
    return made


async def _next(pool: Pool, district: UUID, now: datetime, zone: ZoneInfo) -> int | None:
    """Price one visit of the district; None when none is due."""
    return await _guarded(pool, district, (SQL.take_due, now), now, zone)


async def price(pool: Pool, district: UUID, visit: UUID, now: datetime, zone: ZoneInfo = ZONE) -> int:
    """Price one visit that waits; 0 when it cannot be, has its claim, or another worker has it."""
    return await _guarded(pool, district, (SQL.take_one, visit), now, zone) or 0


async def _guarded(
    pool: Pool, district: UUID, take: tuple[str, object], now: datetime, zone: ZoneInfo
) -> int | None:
    visit: UUID | None = None
    try:
        async with pool.transaction(district) as conn:
            visit = await conn.fetchval(*take)
            return None if visit is None else await _price(conn, visit, now, zone)
    except _POISON as error:
        if visit is None:
            raise
        log.get().error("claim_failed", visit=str(visit), error=type(error).__name__)
        async with pool.transaction(district) as conn:
            detail: dict[str, object] = {"error": type(error).__name__}
            await conn.execute(SQL.postpone, visit, "error", detail, now + RETRY)
        return 0


async def _price(conn: Conn, visit: UUID, now: datetime, zone: ZoneInfo) -> int:
    try:
        async with conn.transaction():
            made = await claiming.claim(conn, visit, now, zone)
            if made is None:
                await reweighing.renew(conn, visit, now, zone)
    except Unpriced as missing:
        await conn.execute(SQL.postpone, visit, missing.code, missing.detail, now + RETRY)
        return 0
    if made is None:
        await conn.execute(SQL.drop_waiting, visit)
    return int(made is not None)


async def reprice(conn: Conn, *, district: UUID, elder: UUID, since: date) -> None:
    """Renew a person's entitlements and open claims from a day's month on: a grade of theirs has changed."""
    settings = await districts.settings(conn, district)
    for row in await entitlements.locked_from(conn, elder, month_of(since)):
        await spending.renew(conn, row, district, settings)
    await retry(conn)
