"""Who is there instead: overrides for a span, and shifts that change hands by offer, taking and approval."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from core import districts
from core.accounts import Person
from core.db import Conn, Row
from core.errors import Conflict, Forbidden, NotFound
from core.ids import new_id
from core.sql import load
from dispatch import duty, fields
from dispatch.centre import rota
from dispatch.centre.rota import Wanted
from dispatch.roster.working_time import Breach, Duty, new_breaches

SQL = load(__file__)
REASONS = ("sick", "leave", "training", "exchange", "other")
LONGEST = timedelta(days=60)
VERBS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "take": (("offered",), "taken"),
    "decline": (("offered",), "declined"),
    "withdraw": (("offered", "taken"), "withdrawn"),
    "approve": (("taken",), "approved"),
    "refuse": (("offered", "taken"), "refused"),
}
"""What each verb asks for and where it leads; the duty manager's are approve and refuse."""
MANAGERS_VERBS = ("approve", "refuse")


async def override(
    conn: Conn,
    absent: UUID,
    instead: UUID | None,
    reason: str,
    starts_at: datetime,
    ends_at: datetime,
    by: Person,
    now: datetime,
    *,
    is_agreed: bool = False,
) -> UUID:
    """Let somebody sit in for another's shifts of a span (None: nobody, and the gap shows)."""
    await _check(conn, absent, instead, reason, starts_at, ends_at, now)
    broken = await _broken(conn, absent, instead, starts_at, ends_at, by) if instead else []
    rota.refuse(broken, is_agreed=is_agreed)
    identity = new_id()
    what = (
        absent,
        instead,
        reason,
        starts_at,
        ends_at,
        by.account_id,
        now,
        by.account_id if broken else None,
    )
    try:
        async with conn.transaction():
            await conn.execute(SQL.add_override, identity, by.district_id, *what)
    except asyncpg.ExclusionViolationError as error:
        raise Conflict("an absence at that time is noted already", code="override_overlap") from error
    await rota.note(conn, "duty.override", identity, by, now, {"absent_id": str(absent), "reason": reason})
    await rota.changed(conn, by.district_id, identity, now)
    return identity


async def _check(
    conn: Conn,
    absent: UUID,
    instead: UUID | None,
    reason: str,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
) -> None:
    """Refuse a span that cannot be, people who are none, and an absence of who sits in for another."""
    fields.one_of("reason", reason, REASONS)
    if ends_at <= max(starts_at, now):
        raise fields.wrong("ends_at", "past", "must lie in the future, after the beginning")
    if ends_at - starts_at > LONGEST:
        raise fields.wrong("ends_at", "override_too_long", "at most 60 days")
    for one in sorted({absent, instead} - {None}, key=str):
        await rota.person(conn, one)  # type: ignore[arg-type]
    if await conn.fetchval(SQL.stands_in, absent, starts_at, ends_at):
        raise Conflict("who is absent sits in for somebody else at that time", code="stands_in")


async def _broken(
    conn: Conn, absent: UUID, instead: UUID, starts_at: datetime, ends_at: datetime, by: Person
) -> list[Breach]:
    """Refuse who is on duty or absent themselves; return the rules of working time that sitting in breaks."""
    if await conn.fetchval(SQL.is_absent, instead, starts_at, ends_at):
        raise Conflict("who should sit in is absent at that time", code="also_absent")
    shifts = [
        (max(row["starts_at"], starts_at), min(row["ends_at"], ends_at))
        for row in await rota.list_(conn, starts_at, ends_at, absent)
    ]
    own = rota.duties(await duty.held(conn, starts_at - rota.NEAR, ends_at + rota.NEAR, instead))
    for starts, ends in shifts:
        there = next((one for one in own if one.starts_at < ends and one.ends_at > starts), None)
        if there is not None:
            times = {"from": there.starts_at.isoformat(), "until": there.ends_at.isoformat()}
            raise Conflict("who should sit in is on duty at that time", code="shift_overlap", **times)
    settings = await districts.settings(conn, by.district_id)
    return new_breaches(rota.limits(settings), own, [*own, *(Duty(None, *one) for one in shifts)])


async def withdraw_override(conn: Conn, override_id: UUID, by: Person, now: datetime) -> None:
    """Take an override back; raise Conflict when it is over or was taken back."""
    if await conn.fetchval(SQL.withdraw_override, override_id, now, by.account_id) is None:
        await find_override(conn, override_id)
        raise Conflict("the override is over", code="override_over")
    await rota.note(conn, "duty.override_end", override_id, by, now, {})
    await rota.changed(conn, by.district_id, override_id, now)


async def find_override(conn: Conn, override_id: UUID) -> Row:
    """Return an override or raise NotFound."""
    row = await conn.fetchrow(SQL.find_override, override_id)
    if row is None:
        raise NotFound(f"no duty override {override_id}")
    return row


async def overrides(conn: Conn, since: datetime, until: datetime) -> list[Row]:
    """Return the overrides that touch a span and were not taken back, by start."""
    return await conn.fetch(SQL.list_overrides, since, until)


async def offer(conn: Conn, shift_id: UUID, taker: UUID | None, by: Person, now: datetime) -> UUID:
    """Offer one's own shift that has not begun to somebody, or to everybody (None)."""
    row = await rota.find(conn, shift_id)
    if row["account_id"] != by.account_id:
        raise Forbidden("this is not your shift", code="not_your_shift")
    if row["starts_at"] <= now:
        raise Conflict("the shift has begun", code="shift_over", until=row["ends_at"].isoformat())
    if taker is not None:
        if taker == by.account_id:
            raise fields.wrong("taker", "unknown", "somebody else")
        await rota.person(conn, taker)
    identity = new_id()
    times = (row["starts_at"], row["ends_at"])
    try:
        async with conn.transaction():
            what = (identity, by.district_id, shift_id, by.account_id, taker, *times, now)
            await conn.execute(SQL.offer_swap, *what)
    except asyncpg.UniqueViolationError as error:
        raise Conflict("this shift is offered already", code="swap_open") from error
    await rota.note(conn, "duty_swap.offer", identity, by, now, {})
    await rota.changed(conn, by.district_id, identity, now)
    return identity


async def answer(conn: Conn, swap_id: UUID, verb: str, by: Person, now: datetime) -> Row:
    """Take, decline or withdraw an offer: who was offered it, or who offered."""
    row = await find_swap(conn, swap_id)
    is_giver = by.account_id == row["giver_id"]
    may = is_giver if verb == "withdraw" else not is_giver and row["taker_id"] in {None, by.account_id}
    if verb not in VERBS or verb in MANAGERS_VERBS or not may:
        raise Forbidden("this is not yours to answer", code="not_your_swap")
    if verb == "decline" and row["taker_id"] is None:
        return row  # offered to everybody: nobody need say no
    if verb == "take":
        await _still(conn, row, now)
        await rota.check(conn, await _as_taken(conn, row, by.account_id), instead_of=row["duty_shift_id"])
    await _move(conn, row, verb, by, now, taker=by.account_id if verb == "take" else None)
    return await find_swap(conn, swap_id)


async def decide(
    conn: Conn, swap_id: UUID, verb: str, by: Person, now: datetime, *, is_agreed: bool = False
) -> Row:
    """Approve or refuse a swap as the duty manager; approving gives the shift to its taker."""
    if verb not in MANAGERS_VERBS:
        raise fields.wrong("verb", "unknown", "approve or refuse")
    row = await find_swap(conn, swap_id)
    await _move(conn, row, verb, by, now, taker=None)
    if verb == "approve":
        await _still(conn, row, now)
        wanted = await _as_taken(conn, row, row["taker_id"])
        await rota.move(conn, row["duty_shift_id"], wanted, by, now, is_agreed=is_agreed)
    return await find_swap(conn, swap_id)


async def _still(conn: Conn, row: Row, now: datetime) -> None:
    shift = await conn.fetchrow(rota.SQL.find_shift, row["duty_shift_id"])
    whose = (shift["account_id"], shift["starts_at"], shift["ends_at"]) if shift else None
    if whose != (row["giver_id"], row["starts_at"], row["ends_at"]) or row["starts_at"] <= now:
        raise Conflict("the shift has changed since it was offered", code="swap_stale")


async def _as_taken(conn: Conn, row: Row, taker: UUID) -> Wanted:
    shift = await rota.find(conn, row["duty_shift_id"])
    return Wanted(taker, shift["role"], shift["starts_at"], shift["ends_at"])


async def _move(conn: Conn, row: Row, verb: str, by: Person, now: datetime, taker: UUID | None) -> None:
    sources, to = VERBS[verb]
    manager = by.account_id if verb in MANAGERS_VERBS else None
    if await conn.fetchval(SQL.move_swap, row["id"], list(sources), to, taker, manager, now) is None:
        told: dict[str, Any] = {"state": (await find_swap(conn, row["id"]))["state"], "verb": verb}
        raise Conflict(f"cannot {verb} a swap that is {told['state']}", code="wrong_state", **told)
    await rota.note(conn, f"duty_swap.{verb}", row["id"], by, now, {})
    await rota.changed(conn, by.district_id, row["id"], now)


async def find_swap(conn: Conn, swap_id: UUID) -> Row:
    """Return a swap or raise NotFound."""
    row = await conn.fetchrow(SQL.find_swap, swap_id)
    if row is None:
        raise NotFound(f"no duty swap {swap_id}")
    return row


async def swaps(conn: Conn, account: UUID | None, now: datetime, *, is_open: bool = False) -> list[Row]:
    """Return swaps, the latest first: all, or those that one gave, took or may take."""
    return await conn.fetch(SQL.list_swaps, account, is_open, now)
