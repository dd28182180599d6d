"""Care plans: versions of what is to be done for an elder and when, approved by a second person."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from core.accounts import Person
from core.db import Conn, Row
from core.errors import Conflict, NotFound
from core.ids import new_id
from core.sql import load
from dispatch.fields import wrong
from services import plan_items
from services.expecting import Item, Version
from services.plan_items import NewItem

SQL = load(__file__)
MOST_ITEMS = 40


async def draft(
    conn: Conn,
    *,
    district: UUID,
    elder: UUID,
    valid_from: date,
    valid_to: date | None,
    goals: str,
    items: Sequence[NewItem],
    by: Person,
    now: datetime,
    assessment: UUID | None = None,
) -> UUID:
    """Write the elder's next version, in place of a draft that is there; raise Invalid by field.

    An item that keeps another's id and says the same stays that item: its visits stand.
    """
    if not 0 < len(items) <= MOST_ITEMS:
        raise wrong("items", "count", f"1 to {MOST_ITEMS} items")
    if valid_to and valid_to < valid_from:
        raise wrong("valid_to", "before_start", "ends before it begins")
    await lock(conn, district, elder, now)
    await conn.execute(SQL.discard_draft, elder)
    plan = new_id()
    whose = (plan, district, elder, assessment, goals, valid_from, valid_to)
    await conn.execute(SQL.create_plan, *whose, by.account_id, now)
    known = {row["id"]: plan_items.read(row) for row in await conn.fetch(SQL.list_items_of_elder, elder)}
    lines = plan_items.resolve(items, known, valid_from)
    for position, (item, note) in enumerate(lines):
        if item.id not in known:
            values = plan_items.values(item)
            await conn.execute(SQL.create_item, item.id, district, elder, *values, now)
        await conn.execute(SQL.create_line, plan, item.id, district, position, note)
    return plan


async def lock(conn: Conn, district: UUID, elder: UUID, now: datetime) -> None:
    """Take the elder's plans for a change, until the end of the transaction; they are looked at after it."""
    await conn.execute(SQL.touch, elder, district, now.date())


async def find(conn: Conn, plan: UUID) -> Row:
    """Return a version with the people who wrote, agreed and approved; raise NotFound."""
    row = await conn.fetchrow(SQL.find_plan, plan)
    if row is None:
        raise NotFound(f"no care plan {plan}")
    return row


async def list_(
    conn: Conn,
    *,
    elder_id: UUID | None = None,
    provider_id: UUID | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Row]:
    """Return versions, newest first; with a provider those of elders whom it serves."""
    return await conn.fetch(SQL.list_plans, elder_id, provider_id, after, limit)


async def serves(conn: Conn, provider: UUID, elder: UUID) -> bool:
    """Say whether a provider has the elder's care bed or a line of a plan."""
    return bool(await conn.fetchval(SQL.serves, provider, elder))


async def items_of(conn: Conn, plan: UUID) -> list[tuple[Item, Row]]:
    """Return a version's items in their order, each with its row (note, provider's name)."""
    rows = await conn.fetch(SQL.list_items_of_plan, plan)
    return [(plan_items.read(row), row) for row in rows]


async def approve(
    conn: Conn, plan: UUID, by: Person, now: datetime, *, agreed_by: str, agreed_on: date
) -> Row:
    """Bring a draft into force from its first day; the version before it ends the day before.

    `agreed_by` is who signed for the elder. Raises Conflict when it is no draft, or by the one who wrote it.
    """
    row = await find(conn, plan)
    await lock(conn, row["district_id"], row["elder_id"], now)
    row = await find(conn, plan)
    if row["state"] != "draft":
        raise Conflict(f"the care plan is {row['state']}", code="care_plan_state", state=row["state"])
    if row["created_by"] == by.account_id:
        raise Conflict("a second person approves a care plan", code="same_person")
    if not agreed_by.strip():
        raise wrong("agreed_by", "missing", "who signed for the elder")
    first = row["valid_from"]
    await conn.execute(SQL.replace_later, row["elder_id"], first)
    await conn.execute(SQL.end_earlier, row["elder_id"], first, first - timedelta(days=1))
    values = (plan, by.account_id, now, agreed_by.strip(), agreed_on)
    try:
        async with conn.transaction():
            await conn.execute(SQL.approve_plan, *values)
    except asyncpg.ExclusionViolationError as error:
        raise Conflict("another version is in force in these days", code="care_plan_overlap") from error
    return await find(conn, plan)


async def discard(conn: Conn, plan: UUID) -> Row:
    """Throw a draft away; raise Conflict when it is none."""
    row = await find(conn, plan)
    if await conn.fetchval(SQL.discard_plan, plan) is None:
        raise Conflict(f"the care plan is {row['state']}", code="care_plan_state", state=row["state"])
    return await find(conn, plan)


async def end(conn: Conn, plan: UUID, last: date, reason: str, now: datetime) -> Row:
    """Break a version off after a day; its visits after that are taken back by the next tick."""
    row = await find(conn, plan)
    await lock(conn, row["district_id"], row["elder_id"], now)
    if last < row["valid_from"] or (row["valid_to"] and last > row["valid_to"]):
        raise wrong("last", "outside", "a day within the version")
    if await conn.fetchval(SQL.end_plan, plan, last, reason) is None:
        raise Conflict(f"the care plan is {row['state']}", code="care_plan_state", state=row["state"])
    return await find(conn, plan)


async def stop(conn: Conn, elder: UUID, last: date, reason: str) -> list[dict[str, Any]]:
    """Break off everything that is planned for an elder, drafts too; return what `resume` needs."""
    rows = await conn.fetch(SQL.stop_plans, elder, last, reason)
    return [
        {"id": str(row["id"]), "state": row["was"], "valid_to": row["was_to"] and row["was_to"].isoformat()}
        for row in rows
    ]


async def resume(conn: Conn, stopped: Sequence[Mapping[str, Any]]) -> None:
    """Bring versions that were stopped into the state in which they were."""
    for one in stopped:
        until = date.fromisoformat(one["valid_to"]) if one["valid_to"] else None
        await conn.execute(SQL.resume_plan, UUID(one["id"]), one["state"], until)


async def in_force(conn: Conn, elder: UUID, first: date, last: date) -> list[Version]:
    """Return the elder's versions that are in force on any of the days, with their items."""
    rows = await conn.fetch(SQL.list_in_force, elder, first, last)
    found: dict[UUID, tuple[Row, list[Item]]] = {}
    for row in rows:
        found.setdefault(row["plan_id"], (row, []))[1].append(plan_items.read(row))
    return [Version(row["valid_from"], row["valid_to"], tuple(items)) for row, items in found.values()]
