"""Weekly patterns: laid ahead by the clock, each day once, so that what is removed by hand stays removed."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from uuid import UUID

from core import districts
from core.accounts import Person
from core.clock import local_date
from core.db import Conn, Row
from core.errors import Conflict, NotFound
from core.ids import new_id
from core.sql import load
from dispatch import fields
from dispatch.roster import editing
from dispatch.roster.weeks import Pattern, lay
from dispatch.roster.working_time import Duty, breaches, monday_of

SQL = load(__file__)
_LONGEST = 2880


async def create(
    conn: Conn,
    caregiver_id: UUID,
    weekdays: Collection[int],
    starts: time,
    minutes: int,
    valid_from: date,
    valid_to: date | None,
    by: Person | None,
    now: datetime,
    *,
    rest: tuple[int, int, int] | None = None,
    is_agreed: bool = False,
) -> UUID:
    """Make a weekly pattern and lay its first days; `rest` is (after, before, minutes) of its break."""
    caregiver = await editing.lock(conn, caregiver_id)
    one = Pattern(
        new_id(),
        caregiver_id,
        frozenset(weekdays),
        starts,
        minutes,
        valid_from,
        valid_to,
        *(rest or (None, None, 0)),
    )
    _check(one)
    monday = monday_of(valid_from) + timedelta(days=7)
    shifts = lay([_always(one)], monday, monday + timedelta(days=13))
    duties = [Duty(None, laid.starts_at, laid.ends_at, laid.break_minutes) for laid in shifts]
    broken = breaches(await editing.limits(conn, caregiver), duties)
    editing.refuse_breaches(broken, is_agreed=is_agreed)
    how = (sorted(one.weekdays), starts, minutes, one.break_after, one.break_before, one.break_minutes)
    who = (caregiver["district_id"], caregiver_id)
    author = by.account_id if by else None
    await conn.execute(SQL.create_pattern, one.pattern_id, *who, *how, valid_from, valid_to, author, now)
    await lay_due(conn, caregiver["district_id"], now)
    return one.pattern_id


def _always(one: Pattern) -> Pattern:
    return Pattern(
        one.pattern_id, one.caregiver_id, one.weekdays, one.starts, one.minutes, date.min, None, None, None, 0
    )


def _check(one: Pattern) -> None:
    if not one.weekdays or not one.weekdays <= set(range(1, 8)):
        raise fields.wrong("weekdays", "missing", "at least one of 1 (Monday) to 7")
    if not 0 < one.minutes <= _LONGEST:
        raise fields.wrong("minutes", "shift_too_long", "from 1 to 2880")
    if one.valid_to is not None and one.valid_to < one.valid_from:
        raise fields.wrong("valid_to", "before_start", "before valid_from")
    for laid in lay([_once(one)], one.valid_from, one.valid_from):
        editing.check_fields(laid)


def _once(one: Pattern) -> Pattern:
    rest = (one.break_after, one.break_before, one.break_minutes)
    days = frozenset(range(1, 8))
    return Pattern(
        one.pattern_id, one.caregiver_id, days, one.starts, one.minutes, one.valid_from, None, *rest
    )


async def lay_due(conn: Conn, district: UUID, now: datetime) -> int:
    """Lay what the district's patterns owe from today to the days ahead; return how many shifts.

    A day on which a shift or leave stands in the way is passed over, and not looked at again.
    """
    today = local_date(now)
    ahead = (await districts.settings(conn, district)).roster_ahead_days
    last = today + timedelta(days=ahead)
    count = 0
    for row in await conn.fetch(SQL.list_due, last):
        caregiver = await editing.lock(conn, row["caregiver_id"])
        first = max(today, row["valid_from"], (row["laid_to"] or date.min) + timedelta(days=1))
        if await conn.fetchval(SQL.mark_laid, row["id"], row["laid_to"], last) is None:
            continue  # somebody else has just laid it
        for wanted in lay([_pattern(row)], first, last):
            if await editing.is_free(conn, wanted):
                await editing.insert(conn, caregiver, wanted, None)
                count += 1
    return count


async def end(conn: Conn, pattern_id: UUID, on: date, now: datetime, *, is_confirmed: bool = False) -> Row:
    """End a pattern with a day, its last; the shifts that it has laid after that day go."""
    row = await find(conn, pattern_id)
    await editing.lock(conn, row["caregiver_id"])
    last = max(on, row["valid_from"])
    if await conn.fetchval(SQL.end_pattern, pattern_id, last) is None:
        raise Conflict(f"pattern {pattern_id} has ended", code="pattern_ended")
    for shift in await conn.fetch(SQL.list_laid, f"pattern:{pattern_id}", now):
        if local_date(shift["starts_at"]) > last:
            await editing.remove(conn, shift["id"], now, is_confirmed=is_confirmed)
    return await find(conn, pattern_id)


async def find(conn: Conn, pattern_id: UUID) -> Row:
    """Return a pattern or raise NotFound."""
    row = await conn.fetchrow(SQL.find_pattern, pattern_id)
    if row is None:
        raise NotFound(f"no shift pattern {pattern_id}")
    return row


async def list_(
    conn: Conn,
    *,
    provider_id: UUID | None = None,
    caregiver_id: UUID | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Row]:
    """Return patterns, the latest first."""
    return await conn.fetch(SQL.list_patterns, provider_id, caregiver_id, after, limit)


def _pattern(row: Row) -> Pattern:
    rest = (row["break_after"], row["break_before"], row["break_minutes"])
    term = (row["valid_from"], row["valid_to"])
    days = frozenset(row["weekdays"])
    return Pattern(row["id"], row["caregiver_id"], days, row["starts"], row["minutes"], *term, *rest)
