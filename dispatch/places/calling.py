"""Calling on people without money: who calls, on whom, how often, and who has waited too long.

Callers are grid workers, officials, village doctors and volunteers. They are no caregivers: a caregiver
belongs to a provider, is certified, planned, proven and paid, and none of that is theirs. So a call is a row
of its own and no visit; there is nothing that a claim could be made of.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from core import districts, events, people
from core.accounts import Person
from core.clock import local_date
from core.crypto import Keys
from core.db import Conn, Row
from core.errors import Conflict, NotFound
from core.ids import new_id
from core.sql import load
from dispatch.fields import one_of, wrong
from dispatch.places import overdue
from dispatch.places.overdue import Standing

SQL = load(__file__)
ROLES = ("grid_worker", "official", "village_doctor", "volunteer")
CATEGORIES = ("left_behind", "alone", "high_age", "hardship")
HOWS = ("in_person", "phone")
OUTCOMES = ("well", "needs_help", "not_met", "away", "refused")
HEARERS = ("operator", "duty_manager", "clerk", "admin")
"""Who hears that somebody who was called on needs help."""
_OLDEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Duty:
    """Somebody who is called on, and when the next call is due."""

    row: Row
    standing: Standing


async def create_caller(
    conn: Conn,
    keys: Keys,
    *,
    district: UUID,
    name: str,
    role: str,
    now: datetime,
    grid: str = "",
    region_code: str | None = None,
    phone: str | None = None,
) -> UUID:
    """Make a caller; raise Invalid naming the field."""
    one_of("role", role, ROLES)
    if not name.strip():
        raise wrong("name", "missing", "who calls")
    sealed = keys.seal(district, phone) if phone else None
    identity = new_id()
    await conn.execute(
        SQL.create_caller, identity, district, name.strip(), role, grid, region_code, sealed, now
    )
    return identity


async def callers(conn: Conn, after: UUID | None = None, limit: int = 50) -> list[Row]:
    """Return callers who are active, with how many people are theirs."""
    return await conn.fetch(SQL.list_callers, after, limit)


async def end_caller(conn: Conn, caller: UUID, now: datetime) -> None:
    """Let a caller go, once; whoever was theirs is nobody's until another is named."""
    if await conn.fetchval(SQL.end_caller, caller, now) is None:
        raise NotFound(f"no caller {caller}")
    await conn.execute(SQL.leave_duties, caller)


async def assign(
    conn: Conn,
    *,
    district: UUID,
    elder: UUID,
    category: str,
    since: date,
    caller: UUID | None = None,
    every_days: int | None = None,
) -> None:
    """Have somebody called on, or change by whom, why and how often."""
    one_of("category", category, CATEGORIES)
    if every_days is not None and not 0 < every_days <= _OLDEST.days:
        raise wrong("every_days", "count", f"1 to {_OLDEST.days}")
    await people.find_elder(conn, elder)
    if caller and await conn.fetchval(SQL.find_caller, caller) is None:
        raise wrong("caller_id", "unknown", "no such caller")
    await conn.execute(SQL.assign, elder, district, category, caller, every_days, since)


async def end(conn: Conn, elder: UUID, on: date) -> None:
    """Call on somebody no more; raise NotFound when nobody did."""
    if await conn.fetchval(SQL.end_duty, elder, on) is None:
        raise NotFound(f"nobody calls on elder {elder}")


async def record(
    conn: Conn,
    *,
    district: UUID,
    elder: UUID,
    caller: UUID,
    at: datetime,
    how: str,
    outcome: str,
    note: str,
    by: Person,
    now: datetime,
) -> UUID:
    """Record a call; raise Conflict when it is recorded already, Invalid when it lies ahead or long ago."""
    one_of("how", how, HOWS)
    one_of("outcome", outcome, OUTCOMES)
    await people.find_elder(conn, elder)
    if await conn.fetchval(SQL.find_caller, caller) is None:
        raise wrong("caller_id", "unknown", "no such caller")
    if at > now or at < now - _OLDEST:
        raise wrong("at", "future" if at > now else "too_old", "within the last year")
    identity = new_id()
    values = (identity, district, elder, caller, at, how, outcome, note, by.account_id, now)
    try:
        async with conn.transaction():
            await conn.execute(SQL.record, *values)
    except asyncpg.UniqueViolationError as error:
        raise Conflict("this call is recorded already", code="call_recorded") from error
    kind = "call_on.needs_help" if outcome == "needs_help" else "call_on.recorded"
    await events.write(
        conn, district=district, kind=kind, subject=identity, roles=HEARERS, at=now, elder=elder
    )
    return identity


async def history(
    conn: Conn,
    *,
    elder_id: UUID | None = None,
    caller_id: UUID | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Row]:
    """Return calls, the latest recorded first."""
    return await conn.fetch(SQL.list_calls, elder_id, caller_id, after, limit)


async def duties(
    conn: Conn, district: UUID, now: datetime, *, only_overdue: bool = False, caller_id: UUID | None = None
) -> list[Duty]:
    """Return who is called on, whoever has waited longest first."""
    settings = (await districts.settings(conn, district)).call_on_days
    today = local_date(now)
    found = [
        Duty(row, overdue.standing(today, row["since"], last, row["category"], row["every_days"], settings))
        for row in await conn.fetch(SQL.list_duties, caller_id, list(overdue.MET), today)
        for last in [local_date(row["last_at"]) if row["last_at"] else None]
    ]
    shown = [one for one in found if one.standing.is_overdue or not only_overdue]
    return sorted(shown, key=lambda one: (-one.standing.days, str(one.row["elder_id"])))


async def candidates(conn: Conn, district: UUID, now: datetime) -> list[dict[str, Any]]:
    """Return rural elders of high age or living alone on whom nobody calls yet, with the category."""
    settings, today = await districts.settings(conn, district), local_date(now)
    rows: Sequence[Row] = await conn.fetch(SQL.list_uncalled, today)
    found = []
    for row in rows:
        kind = overdue.category(
            lives_alone=row["lives_alone"],
            age=people.age_on(row["born_on"], today),
            is_rural=overdue.is_rural(row["region_code"]),
            from_age=settings.call_on_age,
        )
        if kind:
            found.append({**row, "category": kind})
    return found
