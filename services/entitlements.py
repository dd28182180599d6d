"""Enrolments in schemes, and what a person may use in a month."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from core import districts
from core.clock import ZONE, local_date, month_of
from core.db import Conn, Pool, Row
from core.errors import Conflict
from core.ids import new_id
from core.sql import load
from services import months, policy, schemes, subjects
from services.months import Span
from services.policy import Past, Quota
from services.schemes import InForce, Scheme

SQL = load(__file__)
_PAGE = 200


@dataclass(frozen=True, slots=True)
class Month:
    """A person's locked entitlement under one scheme."""

    id: UUID
    district: UUID
    elder: UUID
    used: Decimal
    scheme: InForce
    month: date
    spans: tuple[Span, ...]


async def enrol(
    conn: Conn,
    *,
    district: UUID,
    elder: UUID,
    scheme_code: str,
    valid_from: date,
    valid_to: date | None = None,
) -> UUID:
    """Enter a person into a scheme; raise Conflict when the person is in it already."""
    identity = new_id()
    try:
        async with conn.transaction():
            await conn.execute(SQL.enrol, identity, district, elder, scheme_code, valid_from, valid_to)
    except asyncpg.ExclusionViolationError as error:
        raise Conflict("the person is enrolled in this scheme already", code="enrolled") from error
    return identity


async def enrolments(conn: Conn, elder: UUID) -> list[Row]:
    """Return a person's enrolments, newest first."""
    return await conn.fetch(SQL.list_enrolments, elder)


async def open_(
    conn: Conn, *, district: UUID, elder: UUID, scheme: InForce, month: date, fallback: Mapping[str, str]
) -> Month | None:
    """Open, or renew from the month's grades, and lock an entitlement; None when no grade has a rate."""
    wanted = await quota(conn, elder, scheme.rules, month, fallback)
    if wanted is None:
        return None
    values = (
        wanted.grade,
        wanted.quota,
        wanted.ceiling,
        list(wanted.explanation),
        wanted.own,
        wanted.carried,
    )
    row = await conn.fetchrow(SQL.open_entitlement, new_id(), district, elder, scheme.id, month, *values)
    assert row is not None  # noqa: S101 - an upsert always gives a row
    return Month(row["id"], district, elder, row["used"], scheme, month, wanted.spans)


async def quota(
    conn: Conn, elder: UUID, rules: Scheme, month: date, fallback: Mapping[str, str]
) -> Quota | None:
    """Return what a person may use in a month under a scheme; None when none of its days has a rate."""
    if rules.is_plain:
        return months.quota(await spans(conn, elder, rules, month, fallback))
    if rules.looks_back:
        await conn.execute(SQL.lock_quota, str(elder), rules.code)
    subject = await subjects.find(conn, elder)
    carried = policy.carried_into(rules, month, await past(conn, elder, rules.code, month))
    return policy.quota_of(rules, subject, month, fallback=fallback, carried=carried)


async def past(conn: Conn, elder: UUID, code: str, month: date) -> list[Past]:
    """Return earlier months under a scheme, two years back at most."""
    rows = await conn.fetch(SQL.list_past, elder, code, month)
    return [Past(row["month"], row["own"], row["used"]) for row in rows]


async def locked_after(conn: Conn, elder: UUID, code: str, month: date) -> list[Row]:
    """Lock and return a person's months after one, under any version of a scheme: {id, scheme_id, month}."""
    return await conn.fetch(SQL.list_later, elder, code, month)


async def spans(
    conn: Conn, elder: UUID, scheme: Scheme, month: date, fallback: Mapping[str, str]
) -> tuple[Span, ...]:
    """Return the grades of a month with their rates, of a plain scheme."""
    rows = await conn.fetch(SQL.list_grades_of_month, elder, scheme.scale, month, months.last_day(month))
    grades = ((row["grade"], row["valid_from"], row["valid_to"]) for row in rows)
    return months.spans(scheme, month, grades, fallback)


async def set_used(conn: Conn, entitlement: UUID, used: Decimal) -> None:
    """Record what a month's claims have used."""
    await conn.execute(SQL.set_used, entitlement, used)


async def of_month(conn: Conn, elder: UUID, month: date) -> list[Row]:
    """Return what a person may use in a month: grade, quota, used, rest, scheme, explanation."""
    return await conn.fetch(SQL.list_of_month, elder, month)


async def list_(conn: Conn, month: date, after: UUID | None = None, limit: int = 50) -> list[Row]:
    """Return everybody's entitlements of a month, by id."""
    return await conn.fetch(SQL.list_months, month, after, limit)


async def locked_from(conn: Conn, elder: UUID, month: date) -> list[Row]:
    """Lock and return a person's entitlements of a month and later: {id, scheme_id, month}."""
    return await conn.fetch(SQL.list_from_month, elder, month)


async def tick(pool: Pool, now: datetime, zone: ZoneInfo = ZONE) -> int:
    """Open this month's entitlement of everybody enrolled and graded; return how many persons there were."""
    today, count = local_date(now, zone), 0
    async with pool.transaction() as conn:
        every = await districts.ids(conn)
    for district in every:
        after: UUID | None = None
        while True:
            async with pool.transaction(district) as conn:
                page = await _open_page(conn, district, today, after)
            count += len(page)
            if len(page) < _PAGE:
                break
            after = page[-1]
    return count


async def _open_page(conn: Conn, district: UUID, today: date, after: UUID | None) -> list[UUID]:
    fallback = (await districts.settings(conn, district)).grade_fallback
    month = month_of(today)
    rows = await conn.fetch(SQL.list_unopened, today, month, after, _PAGE)
    elders: list[UUID] = [row["elder_id"] for row in rows]
    for elder in elders:
        await open_all(conn, district=district, elder=elder, on=today, fallback=fallback)
    return elders


async def open_all(
    conn: Conn, *, district: UUID, elder: UUID, on: date, fallback: Mapping[str, str]
) -> list[Month]:
    """Open the entitlements of a day's month under every scheme that the person is in."""
    opened = [
        await open_(conn, district=district, elder=elder, scheme=one, month=month_of(on), fallback=fallback)
        for one in await schemes.in_force(conn, elder, on)
    ]
    return [month for month in opened if month is not None]
