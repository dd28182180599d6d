"""The call centre's rota: shifts laid, moved and taken away, weekly patterns, who sits in instead, swaps.

What cannot be (two shifts at once) is refused by name; what breaks a rule of working time needs a word, which
is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

import asyncpg

from core import audit, districts, events
from core.accounts import Person
from core.clock import local_date
from core.db import Conn, Row
from core.districts import DistrictSettings
from core.errors import Conflict, NotFound
from core.events import OPERATORS
from core.ids import new_id
from core.sql import load
from dispatch import duty, fields
from dispatch.roster.weeks import Pattern, lay
from dispatch.roster.working_time import Breach, Duty, Limits, monday_of, new_breaches

SQL = load(__file__)
SHORTEST, LONGEST = timedelta(minutes=30), timedelta(hours=24)
NEAR = timedelta(days=40)
"""Rules of working time look so far to both sides."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A shift to lay: who, in which role, from when to when."""

    account_id: UUID
    role: str
    starts_at: datetime
    ends_at: datetime


async def add(conn: Conn, wanted: Wanted, by: Person, now: datetime, *, is_agreed: bool = False) -> UUID:
    """Lay a shift; what breaks a rule of working time needs `is_agreed`, and keeps who agreed."""
    broken = await check(conn, wanted)
    refuse(broken, is_agreed=is_agreed)
    identity = await _insert(conn, wanted, by.district_id, by, by if broken else None, None)
    await note(conn, "duty.add", identity, by, now, {"account_id": str(wanted.account_id)})
    await changed(conn, by.district_id, identity, now)
    return identity


async def move(
    conn: Conn, shift_id: UUID, wanted: Wanted, by: Person, now: datetime, *, is_agreed: bool = False
) -> Row:
    """Change a shift that is not over: its time, its role, whose it is."""
    await _lockable(conn, shift_id, now)
    broken = await check(conn, wanted, instead_of=shift_id)
    refuse(broken, is_agreed=is_agreed)
    what = (wanted.account_id, wanted.role, wanted.starts_at, wanted.ends_at)
    try:
        async with conn.transaction():
            await conn.execute(SQL.move_shift, shift_id, *what, by.account_id if broken else None)
    except asyncpg.ExclusionViolationError as error:
        raise Conflict("there is a shift at that time", code="shift_overlap") from error
    await note(conn, "duty.move", shift_id, by, now, {"account_id": str(wanted.account_id)})
    await changed(conn, by.district_id, shift_id, now)
    return await find(conn, shift_id)


async def remove(conn: Conn, shift_id: UUID, by: Person, now: datetime) -> Row:
    """Take a shift away that is not over; return it as it was."""
    row = await _lockable(conn, shift_id, now)
    await conn.execute(SQL.remove_shift, shift_id)
    await note(conn, "duty.remove", shift_id, by, now, {"account_id": str(row["account_id"])})
    await changed(conn, by.district_id, shift_id, now)
    return row


async def _lockable(conn: Conn, shift_id: UUID, now: datetime) -> Row:
    row = await conn.fetchrow(SQL.lock_shift, shift_id)
    if row is None:
        raise NotFound(f"no duty shift {shift_id}")
    if row["ends_at"] <= now:
        raise Conflict("the shift is over", code="shift_over", until=row["ends_at"].isoformat())
    return row


async def find(conn: Conn, shift_id: UUID) -> Row:
    """Return a shift or raise NotFound."""
    row = await conn.fetchrow(SQL.find_shift, shift_id)
    if row is None:
        raise NotFound(f"no duty shift {shift_id}")
    return row


async def list_(conn: Conn, since: datetime, until: datetime, account: UUID | None = None) -> list[Row]:
    """Return the shifts between two instants as they were laid, by start; of one person if named."""
    return await conn.fetch(SQL.list_shifts, since, until, account)


async def people(conn: Conn) -> list[Row]:
    """Return {account_id, name, role, has_phone} of everybody who may be on duty, managers first."""
    return await conn.fetch(SQL.list_people)


async def person(conn: Conn, account_id: UUID) -> Row:
    """Return an operator or duty manager locked, whose shifts nobody else changes meanwhile, or raise."""
    row = await conn.fetchrow(SQL.lock_person, account_id)
    if row is None:
        raise NotFound(f"no account {account_id} of the call centre")
    if row["disabled_at"] is not None:
        raise Conflict("the account is disabled", code="account_disabled")
    return row


async def set_phone(conn: Conn, account_id: UUID, sealed: bytes | None, by: Person, now: datetime) -> None:
    """Keep by which number somebody is reached on duty (sealed), or that there is none."""
    await person(conn, account_id)
    await conn.execute(SQL.set_phone, account_id, sealed)
    await note(conn, "duty.phone", account_id, by, now, {"has_phone": sealed is not None})


async def check(conn: Conn, wanted: Wanted, *, instead_of: UUID | None = None) -> list[Breach]:
    """Refuse a shift that cannot be; return the rules of working time that it would break."""
    fields.one_of("role", wanted.role, duty.ROLES)
    if wanted.ends_at <= wanted.starts_at:
        raise fields.wrong("ends_at", "before_start", "before starts_at")
    if wanted.ends_at - wanted.starts_at > LONGEST:
        raise fields.wrong("ends_at", "duty_too_long", "more than 24 hours after starts_at")
    who = await person(conn, wanted.account_id)
    span = (wanted.account_id, wanted.starts_at, wanted.ends_at)
    there = await conn.fetchrow(SQL.find_overlap, *span, instead_of)
    if there is not None:
        times = {"from": there["starts_at"].isoformat(), "until": there["ends_at"].isoformat()}
        raise Conflict("there is a shift at that time", code="shift_overlap", **times)
    if await conn.fetchval(SQL.is_absent, *span, instead_of):
        raise Conflict("they are absent at that time", code="absent_then")
    near = await duty.held(conn, wanted.starts_at - NEAR, wanted.ends_at + NEAR, wanted.account_id)
    before = duties(near)
    kept = [one for one in before if one.shift_id != instead_of or instead_of is None]
    new = Duty(None, wanted.starts_at, wanted.ends_at)
    settings = await districts.settings(conn, who["district_id"])
    return new_breaches(limits(settings), before, [*kept, new])


def limits(settings: DistrictSettings) -> Limits:
    """Return the limits of working time of the call centre."""
    hours = (settings.duty_day_hours, settings.work_week_hours, settings.shift_rest_hours)
    return Limits(*hours, settings.work_days_in_a_row)


def duties(held: Sequence[Row]) -> list[Duty]:
    """Return what one person holds as working time; what touches is one piece of work."""
    found: list[Duty] = []
    for row in held:
        if found and found[-1].ends_at == row["starts_at"] and found[-1].shift_id == row["duty_shift_id"]:
            found[-1] = replace(found[-1], ends_at=row["ends_at"])
        else:
            found.append(Duty(row["duty_shift_id"], row["starts_at"], row["ends_at"]))
    return found


def refuse(broken: Sequence[Breach], *, is_agreed: bool) -> None:
    """Raise Conflict that names every rule of working time that is broken, unless that is agreed to."""
    if broken and not is_agreed:
        raise Conflict("this breaks rules of working time", code="working_time", breaches=list(broken))


async def _insert(
    conn: Conn, wanted: Wanted, district: UUID, by: Person | None, agreed: Person | None, origin: str | None
) -> UUID:
    identity = new_id()
    what = (wanted.account_id, wanted.role, wanted.starts_at, wanted.ends_at, origin)
    who = (by.account_id if by else None, agreed.account_id if agreed else None)
    await conn.execute(SQL.add_shift, identity, district, *what, *who)
    return identity


async def create_pattern(
    conn: Conn,
    account_id: UUID,
    role: str,
    weekdays: Sequence[int],
    starts: time,
    minutes: int,
    valid_from: date,
    valid_to: date | None,
    by: Person,
    now: datetime,
    *,
    is_agreed: bool = False,
) -> UUID:
    """Make a weekly pattern and lay its first days; what it breaks by itself needs a word."""
    fields.one_of("role", role, duty.ROLES)
    if not weekdays or not set(weekdays) <= set(range(1, 8)):
        raise fields.wrong("weekdays", "missing", "at least one of 1 (Monday) to 7")
    if not SHORTEST <= timedelta(minutes=minutes) <= LONGEST:
        raise fields.wrong("minutes", "duty_too_long", "from 30 minutes to 24 hours")
    if valid_to is not None and valid_to < valid_from:
        raise fields.wrong("valid_to", "before_start", "before valid_from")
    await person(conn, account_id)
    identity = new_id()
    one = Pattern(identity, account_id, frozenset(weekdays), starts, minutes, date.min)
    monday = monday_of(valid_from) + timedelta(days=7)
    whole = [Duty(None, laid.starts_at, laid.ends_at) for laid in lay([one], monday, monday + timedelta(13))]
    settings = await districts.settings(conn, by.district_id)
    refuse(new_breaches(limits(settings), [], whole), is_agreed=is_agreed)
    what = (account_id, role, sorted(one.weekdays), starts, minutes, valid_from, valid_to)
    await conn.execute(SQL.create_pattern, identity, by.district_id, *what, by.account_id, now)
    await note(conn, "duty.pattern", identity, by, now, {"account_id": str(account_id)})
    await lay_due(conn, by.district_id, now)
    return identity


async def end_pattern(conn: Conn, pattern_id: UUID, on: date, by: Person, now: datetime) -> Row:
    """End a pattern with a day; the shifts that it has laid after that day go, all if it had not begun."""
    row = await find_pattern(conn, pattern_id)
    last = max(on, row["valid_from"])
    if await conn.fetchval(SQL.end_pattern, pattern_id, last, on) is None:
        raise Conflict(f"pattern {pattern_id} has ended", code="pattern_ended")
    for shift in await conn.fetch(SQL.list_laid, f"pattern:{pattern_id}", now):
        if local_date(shift["starts_at"]) > on:
            await conn.execute(SQL.remove_shift, shift["id"])
    await note(conn, "duty.pattern_end", pattern_id, by, now, {"on": last.isoformat()})
    await changed(conn, row["district_id"], pattern_id, now)
    return await find_pattern(conn, pattern_id)


async def find_pattern(conn: Conn, pattern_id: UUID) -> Row:
    """Return a pattern or raise NotFound."""
    row = await conn.fetchrow(SQL.find_pattern, pattern_id)
    if row is None:
        raise NotFound(f"no duty pattern {pattern_id}")
    return row


async def patterns(conn: Conn, today: date) -> list[Row]:
    """Return the patterns that have not ended, by person."""
    return await conn.fetch(SQL.list_patterns, today)


async def lay_due(conn: Conn, district: UUID, now: datetime) -> int:
    """Lay what patterns owe up to the days ahead; a day on which a shift stands in the way is passed over."""
    today = local_date(now)
    last = today + timedelta(days=(await districts.settings(conn, district)).roster_ahead_days)
    count = 0
    for row in await conn.fetch(SQL.list_due, last):
        first = max(today, row["valid_from"], (row["laid_to"] or date.min) + timedelta(days=1))
        if await conn.fetchval(SQL.mark_laid, row["id"], row["laid_to"], last) is None:
            continue  # somebody else has just laid it
        await conn.execute(SQL.lock_person, row["account_id"])
        who = (row["account_id"], frozenset(row["weekdays"]), row["starts"], row["minutes"])
        one = Pattern(row["id"], *who, row["valid_from"], row["valid_to"])
        for laid in lay([one], first, last):
            wanted = Wanted(row["account_id"], row["role"], laid.starts_at, laid.ends_at)
            if await conn.fetchrow(SQL.find_overlap, wanted.account_id, laid.starts_at, laid.ends_at, None):
                continue
            await _insert(conn, wanted, district, None, None, laid.origin)
            count += 1
    return count


async def note(
    conn: Conn, action: str, subject: UUID, by: Person, now: datetime, detail: dict[str, object]
) -> None:
    """Write what a person has done to the rota on the audit log."""
    kind = "account" if action == "duty.phone" else "duty"
    about = {"district": by.district_id, "at": now, "account": by.account_id}
    await audit.record(conn, **about, action=action, subject_kind=kind, subject=subject, detail=detail)  # type: ignore[arg-type]


async def changed(conn: Conn, district: UUID, subject: UUID, now: datetime) -> None:
    """Tell the call centre that the rota has changed."""
    await events.write(conn, district=district, kind="duty.changed", subject=subject, roles=OPERATORS, at=now)
