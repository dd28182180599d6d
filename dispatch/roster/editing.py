"""Shifts laid, moved, taken away: overlap and leave are refused by name, broken rules ask for a word."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from core import districts
from core.accounts import Person
from core.clock import at_local
from core.db import Conn, Row
from core.errors import Conflict, NotFound
from core.ids import new_id
from core.sql import load
from dispatch import fields
from dispatch.roster import effects, telling
from dispatch.roster.effects import Absence
from dispatch.roster.weeks import Laid, again
from dispatch.roster.working_time import Breach, Duty, Limits, new_breaches
from dispatch.shifts import LONGEST

SQL = load(__file__)
NEAR = timedelta(days=40)
"""Rules of working time look so far to both sides."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What copying a week laid, and what stood in the way: [{caregiver_id, name, on, code, …}]."""

    laid: int
    left_out: list[dict[str, Any]]


async def add(conn: Conn, wanted: Laid, by: Person | None, now: datetime, *, is_agreed: bool = False) -> UUID:
    """Lay a shift; what breaks a rule of working time needs `is_agreed`, and keeps who agreed."""
    caregiver = await lock(conn, wanted.caregiver_id)
    broken = await check(conn, caregiver, wanted)
    refuse_breaches(broken, is_agreed=is_agreed)
    identity = await insert(conn, caregiver, wanted, by, by if broken else None)
    await telling.changed(conn, caregiver, now)
    return identity


async def move(
    conn: Conn,
    shift_id: UUID,
    wanted: Laid,
    by: Person,
    now: datetime,
    *,
    is_agreed: bool = False,
    is_confirmed: bool = False,
) -> Row:
    """Change a shift's time or whose it is; visits that lose their caregiver must have been confirmed."""
    was = await find(conn, shift_id)
    whose = await lock_all(conn, was["caregiver_id"], wanted.caregiver_id)
    taker = whose[wanted.caregiver_id]
    was = await _locked(conn, shift_id, now)
    broken = await check(conn, taker, wanted, instead_of=shift_id)
    refuse_breaches(broken, is_agreed=is_agreed)
    gone = _gone(was, wanted)
    lost = [row for one in gone for row in await effects.of_absence(conn, one, now)]
    effects.refuse(lost, is_confirmed=is_confirmed)
    await conn.execute(SQL.change_shift, shift_id, *_values(wanted), by.account_id if broken else None)
    await effects.mend(conn, gone, lost, now)
    for one in whose.values():
        await telling.changed(conn, one, now)
    return await find(conn, shift_id)


async def remove(conn: Conn, shift_id: UUID, now: datetime, *, is_confirmed: bool = False) -> Row:
    """Take a shift away; return it as it was."""
    was = await find(conn, shift_id)
    caregiver = await lock(conn, was["caregiver_id"])
    was = await _locked(conn, shift_id, now)
    gone = Absence("shift", was["caregiver_id"], was["starts_at"], was["ends_at"])
    lost = await effects.of_absence(conn, gone, now)
    effects.refuse(lost, is_confirmed=is_confirmed)
    await conn.execute(SQL.remove_shift, shift_id)
    await effects.mend(conn, [gone], lost, now)
    await telling.changed(conn, caregiver, now)
    return was


async def copy_week(
    conn: Conn, provider_id: UUID, monday: date, to: date, by: Person, now: datetime
) -> Copied:
    """Lay a provider's shifts of one week again in another; what cannot be laid is named and left out.

    Nobody agrees to a broken rule of working time here: those are left out as well.
    """
    rows = await conn.fetch(
        SQL.list_week, provider_id, at_local(monday, "00:00"), at_local(_next(monday), "00:00")
    )
    laid, left_out = 0, []
    for wanted in again([as_laid(row) for row in rows], to - monday):
        caregiver = await lock(conn, wanted.caregiver_id)
        reason = await against(conn, caregiver, wanted)
        if reason is None:
            await insert(conn, caregiver, wanted, by)
            await telling.changed(conn, caregiver, now)
            laid += 1
        elif reason["code"] != "same_shift":
            whose = {"caregiver_id": str(caregiver["id"]), "name": caregiver["name"]}
            left_out.append({**whose, **reason, "at": wanted.starts_at.isoformat()})
    return Copied(laid, left_out)


def _next(monday: date) -> date:
    return monday + timedelta(days=7)


async def against(conn: Conn, caregiver: Row, wanted: Laid) -> dict[str, Any] | None:
    """Return why a shift cannot be laid without anybody's word, None if it can."""
    try:
        broken = await check(conn, caregiver, wanted)
    except Conflict as problem:
        return {"code": problem.code, **problem.extra}
    return broken[0] if broken else None


async def is_free(conn: Conn, wanted: Laid) -> bool:
    """Say whether neither a shift nor approved leave stands in the way."""
    span = (wanted.caregiver_id, wanted.starts_at, wanted.ends_at)
    there = await conn.fetchrow(SQL.find_overlap, *span, None) or await conn.fetchrow(SQL.find_leave, *span)
    return there is None


async def find(conn: Conn, shift_id: UUID) -> Row:
    """Return a shift or raise NotFound."""
    row = await conn.fetchrow(SQL.find_shift, shift_id)
    if row is None:
        raise NotFound(f"no shift {shift_id}")
    return row


async def lock(conn: Conn, caregiver_id: UUID) -> Row:
    """Return a caregiver whose roster nobody else changes meanwhile; raise NotFound, or Conflict if gone."""
    row = await conn.fetchrow(SQL.lock_caregiver, caregiver_id)
    if row is None:
        raise NotFound(f"no caregiver {caregiver_id}")
    if row["ended_at"] is not None:
        raise Conflict(f"caregiver {caregiver_id} has left", code="caregiver_ended")
    return row


async def lock_all(conn: Conn, *caregivers: UUID) -> dict[UUID, Row]:
    """Lock several people's rosters, always in one order, so that no two wait for each other."""
    return {one: await lock(conn, one) for one in sorted(set(caregivers))}


async def limits(conn: Conn, caregiver: Row) -> Limits:
    """Return a caregiver's limits: the district's, their own in their place."""
    return limits_of(await districts.settings(conn, caregiver["district_id"]), caregiver["working_time"])


def limits_of(settings: districts.DistrictSettings, own: dict[str, Any]) -> Limits:
    """Return the limits of settings with a caregiver's own in their place."""
    hours = (settings.work_day_hours, settings.work_week_hours, settings.shift_rest_hours)
    return Limits(*hours, settings.work_days_in_a_row).with_own(own)


async def check(conn: Conn, caregiver: Row, wanted: Laid, *, instead_of: UUID | None = None) -> list[Breach]:
    """Refuse a shift that cannot be; return the rules of working time that it would break."""
    check_fields(wanted)
    span = (caregiver["id"], wanted.starts_at, wanted.ends_at)
    there = await conn.fetchrow(SQL.find_overlap, *span, instead_of)
    if there is not None:
        raise Conflict("there is a shift at that time", **_there(there, wanted))
    away = await conn.fetchrow(SQL.find_leave, *span)
    if away is not None:
        times = {"from": away["starts_at"].isoformat(), "until": away["ends_at"].isoformat()}
        raise Conflict("on leave at that time", code="shift_on_leave", leave=away["kind"], **times)
    near = (caregiver["id"], wanted.starts_at - NEAR, wanted.ends_at + NEAR)
    before = [duty(row) for row in await conn.fetch(SQL.list_near, *near)]
    kept = [one for one in before if one.shift_id != instead_of or instead_of is None]
    new = Duty(None, wanted.starts_at, wanted.ends_at, wanted.break_minutes)
    return new_breaches(await limits(conn, caregiver), before, [*kept, new])


def _there(there: Row, wanted: Laid) -> dict[str, Any]:
    same = (there["starts_at"], there["ends_at"]) == (wanted.starts_at, wanted.ends_at)
    times = {"from": there["starts_at"].isoformat(), "until": there["ends_at"].isoformat()}
    return {"code": "same_shift" if same else "shift_overlap", "shift_id": str(there["id"]), **times}


def check_fields(wanted: Laid) -> None:
    """Raise Invalid for times that are none."""
    if wanted.ends_at <= wanted.starts_at:
        raise fields.wrong("ends_at", "before_start", "before starts_at")
    if wanted.ends_at - wanted.starts_at > LONGEST:
        raise fields.wrong("ends_at", "shift_too_long", "more than 48 hours after starts_at")
    if wanted.break_from is None and wanted.break_to is None and wanted.break_minutes == 0:
        return
    if wanted.break_from is None or wanted.break_to is None or wanted.break_minutes <= 0:
        raise fields.wrong("break_minutes", "break_incomplete", "a break has a from, a to and minutes")
    long = timedelta(minutes=wanted.break_minutes)
    if wanted.break_from < wanted.starts_at or wanted.break_to > wanted.ends_at:
        raise fields.wrong("break_from", "break_outside", "the break lies outside of the shift")
    if wanted.break_to - wanted.break_from < long:
        raise fields.wrong("break_minutes", "break_too_long", "longer than from break_from to break_to")


def refuse_breaches(broken: Sequence[Breach], *, is_agreed: bool) -> None:
    """Raise Conflict that names every rule of working time that is broken, unless that is agreed to."""
    if broken and not is_agreed:
        raise Conflict("this breaks rules of working time", code="working_time", breaches=list(broken))


async def _locked(conn: Conn, shift_id: UUID, now: datetime) -> Row:
    row = await conn.fetchrow(SQL.lock_shift, shift_id)
    if row is None:
        raise NotFound(f"no shift {shift_id}")
    if row["ends_at"] <= now:
        raise Conflict("the shift is over", code="shift_over", until=row["ends_at"].isoformat())
    return row


async def insert(
    conn: Conn, caregiver: Row, wanted: Laid, by: Person | None, agreed: Person | None = None
) -> UUID:
    """Lay a shift that has been checked."""
    identity = new_id()
    who = (by.account_id if by else None, agreed.account_id if agreed else None)
    await conn.execute(
        SQL.add_shift, identity, caregiver["district_id"], *_values(wanted), wanted.origin, *who
    )
    return identity


def _values(wanted: Laid) -> tuple[object, ...]:
    times = (wanted.starts_at, wanted.ends_at, wanted.break_from, wanted.break_to)
    return (wanted.caregiver_id, *times, wanted.break_minutes)


def _gone(was: Row, wanted: Laid) -> list[Absence]:
    """Return the time of the former shift that its caregiver no longer works."""
    whole = Absence("shift", was["caregiver_id"], was["starts_at"], was["ends_at"])
    if was["caregiver_id"] != wanted.caregiver_id:
        return [whole]
    parts = [
        replace(whole, ends_at=min(wanted.starts_at, whole.ends_at)),
        replace(whole, starts_at=max(wanted.ends_at, whole.starts_at)),
    ]
    return [part for part in parts if part.starts_at < part.ends_at]


def as_laid(row: Row) -> Laid:
    """Return a row as a shift to lay."""
    rest = (row["break_from"], row["break_to"], row["break_minutes"])
    return Laid(row["caregiver_id"], row["starts_at"], row["ends_at"], *rest)


def duty(row: Row) -> Duty:
    """Return a row as working time."""
    return Duty(row["id"], row["starts_at"], row["ends_at"], row["break_minutes"])
