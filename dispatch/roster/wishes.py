"""Elders' wishes: who should come, who never, a gender, a language; what contradicts is refused with both."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from core.accounts import Person
from core.db import Conn, Row
from core.errors import Conflict, NotFound
from core.ids import new_id
from core.sql import load
from dispatch import fields
from dispatch.roster.wishing import Wish, clash

SQL = load(__file__)
KINDS = ("prefer", "never", "gender", "language")
BY = ("elder", "family", "staff")
GENDERS = ("female", "male")
LANGUAGE_LENGTH = 20


async def note(
    conn: Conn,
    elder_id: UUID,
    wish: Wish,
    *,
    wished_by: str,
    since: date,
    by: Person | None,
    now: datetime,
) -> UUID:
    """Keep a wish; raise Conflict that names it and the one in force which contradicts it."""
    _check(wish, wished_by)
    elder = await conn.fetchrow(SQL.lock_elder, elder_id)
    if elder is None:
        raise NotFound(f"no elder {elder_id}")
    rows = await conn.fetch(SQL.list_in_force, elder_id, since)
    named = [one for one in (wish.caregiver_id, *(row["caregiver_id"] for row in rows)) if one]
    genders = {row["id"]: row["gender"] for row in await conn.fetch(SQL.list_genders, named)}
    if wish.caregiver_id and wish.caregiver_id not in genders:
        raise NotFound(f"no caregiver {wish.caregiver_id}")
    found = clash(wish, [_wish(row) for row in rows], genders)
    if found is not None:
        raise Conflict(f"the wish {wish.kind} contradicts {found['with']}", **found)
    identity = new_id()
    what = (wish.kind, wish.caregiver_id, wish.value, wish.is_hard)
    who = (wished_by, by.account_id if by else None)
    await conn.execute(SQL.note_wish, identity, elder["district_id"], elder_id, *what, *who, since, now)
    return identity


def _check(wish: Wish, wished_by: str) -> None:
    fields.one_of("kind", wish.kind, KINDS)
    fields.one_of("wished_by", wished_by, BY)
    if wish.kind in {"prefer", "never"}:
        if wish.caregiver_id is None:
            raise fields.wrong("caregiver_id", "missing", "whom the wish is about")
        if wish.value is not None:
            raise fields.wrong("value", "invalid", "only of a gender or a language")
    elif wish.caregiver_id is not None:
        raise fields.wrong("caregiver_id", "invalid", "only of prefer and never")
    if wish.kind == "gender":
        fields.one_of("value", wish.value or "", GENDERS)
    if wish.kind == "language":
        fields.is_code("value", wish.value or "")


async def end(conn: Conn, wish_id: UUID, on: date) -> Row:
    """End a wish: from that day it holds no longer; raise Conflict when it has ended."""
    row = await find(conn, wish_id)
    if await conn.fetchval(SQL.end_wish, wish_id, max(on, row["since"])) is None:
        raise Conflict(f"wish {wish_id} has ended", code="wish_ended")
    return await find(conn, wish_id)


async def find(conn: Conn, wish_id: UUID) -> Row:
    """Return a wish or raise NotFound."""
    row = await conn.fetchrow(SQL.find_wish, wish_id)
    if row is None:
        raise NotFound(f"no wish {wish_id}")
    return row


async def list_(
    conn: Conn,
    *,
    elders: Collection[UUID] | None = None,
    provider_id: UUID | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Row]:
    """Return wishes in force, the latest first: of these elders, of those whom a provider visits."""
    named = list(elders) if elders is not None else None
    return await conn.fetch(SQL.list_wishes, named, after, limit, provider_id)


async def is_served(conn: Conn, elder_id: UUID, provider_id: UUID) -> bool:
    """Say whether a provider has ever been asked to visit an elder."""
    return bool(await conn.fetchval(SQL.is_served, elder_id, provider_id))


async def elders(conn: Conn, provider_id: UUID | None) -> list[Row]:
    """Return {id, name} of those whose wishes may be noted: whom a provider visits, or all."""
    return await conn.fetch(SQL.list_elders, provider_id)


def _wish(row: Row) -> Wish:
    return Wish(row["kind"], row["caregiver_id"], row["value"], row["is_hard"])
