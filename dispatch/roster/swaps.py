"""Swaps: one caregiver offers a shift, another takes it, a manager approves; only then it changes hands."""

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from core.accounts import Person
from core.db import Conn, Row
from core.errors import Conflict, NotFound
from core.ids import new_id
from core.sql import load
from dispatch import fields
from dispatch.roster import editing, telling
from dispatch.roster.weeks import Laid
from dispatch.roster.working_time import Breach

SQL = load(__file__)
VERBS = {
    "take": (("offered",), "taken"),
    "decline": (("offered",), "declined"),
    "withdraw": (("offered", "taken"), "withdrawn"),
    "refuse": (("taken",), "refused"),
    "approve": (("taken",), "approved"),
}
"""What leads a swap from which states to which; a manager approves or refuses."""


async def offer(conn: Conn, shift_id: UUID, taker_id: UUID, now: datetime) -> UUID:
    """Offer a shift to a colleague of the same provider; raise Conflict when it is offered already."""
    shift = await editing.find(conn, shift_id)
    if taker_id == shift["caregiver_id"]:
        raise fields.wrong("taker_id", "same_person", "the shift is theirs already")
    if shift["ends_at"] <= now:
        raise Conflict("the shift is over", code="shift_over", until=shift["ends_at"].isoformat())
    whose = await editing.lock_all(conn, shift["caregiver_id"], taker_id)
    taker = whose[taker_id]
    if taker["provider_id"] != shift["provider_id"]:
        raise fields.wrong("taker_id", "other_provider", "works for another provider")
    await _possible(conn, taker, shift)
    identity = new_id()
    parties = (identity, shift["district_id"], shift_id, shift["caregiver_id"], taker_id)
    try:
        async with conn.transaction():
            await conn.execute(SQL.offer_swap, *parties, shift["starts_at"], shift["ends_at"], now)
    except asyncpg.UniqueViolationError as error:
        raise Conflict("this shift is offered to somebody already", code="swap_open") from error
    for one in whose.values():
        await telling.changed(conn, one, now)
    return identity


async def answer(conn: Conn, swap_id: UUID, verb: str, now: datetime) -> Row:
    """Take, decline or withdraw: what the two do by themselves."""
    row = await find(conn, swap_id)
    whose = await editing.lock_all(conn, row["giver_id"], row["taker_id"])
    await _move(conn, row, verb, None, now)
    for one in whose.values():
        await telling.changed(conn, one, now)
    return await find(conn, swap_id)


async def decide(
    conn: Conn,
    swap_id: UUID,
    verb: str,
    by: Person,
    now: datetime,
    *,
    is_agreed: bool = False,
    is_confirmed: bool = False,
) -> Row:
    """Approve or refuse what both want; an approval checks the taker's rules and the giver's visits."""
    row = await find(conn, swap_id)
    await editing.lock_all(conn, row["giver_id"], row["taker_id"])
    await _move(conn, row, verb, by, now)
    if verb == "approve":
        shift = await editing.find(conn, row["shift_id"])
        whose = (shift["caregiver_id"], shift["starts_at"], shift["ends_at"])
        if whose != (row["giver_id"], row["starts_at"], row["ends_at"]):
            raise Conflict("the shift has changed since it was offered", code="swap_stale")
        wanted = _as_taken(shift, row["taker_id"])
        flags = {"is_agreed": is_agreed, "is_confirmed": is_confirmed}
        await editing.move(conn, row["shift_id"], wanted, by, now, **flags)
    return await find(conn, swap_id)


async def _move(conn: Conn, row: Row, verb: str, by: Person | None, now: datetime) -> None:
    sources, to = VERBS[verb]
    account = by.account_id if by else None
    if await conn.fetchval(SQL.move_swap, row["id"], list(sources), to, account, now) is None:
        told: dict[str, Any] = {"state": (await find(conn, row["id"]))["state"], "verb": verb}
        raise Conflict(f"cannot {verb} a swap that is {told['state']}", code="wrong_state", **told)


async def _possible(conn: Conn, taker: Row, shift: Row) -> list[Breach]:
    return await editing.check(conn, taker, _as_taken(shift, taker["id"]))


def _as_taken(shift: Row, taker: UUID) -> Laid:
    rest = (shift["break_from"], shift["break_to"], shift["break_minutes"])
    return Laid(taker, shift["starts_at"], shift["ends_at"], *rest)


async def find(conn: Conn, swap_id: UUID) -> Row:
    """Return a swap or raise NotFound."""
    row = await conn.fetchrow(SQL.find_swap, swap_id)
    if row is None:
        raise NotFound(f"no swap {swap_id}")
    return row


async def list_(
    conn: Conn,
    *,
    provider_id: UUID | None = None,
    caregiver_id: UUID | None = None,
    is_open: bool = False,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Row]:
    """Return swaps, the latest first."""
    return await conn.fetch(SQL.list_swaps, provider_id, caregiver_id, is_open, after, limit)
