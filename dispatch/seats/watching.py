"""Who looks at a case, and whose console is open: rows that are said again every 15 seconds, or forgotten."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from core import events
from core.accounts import Person
from core.db import Conn, Row
from core.sql import load
from dispatch.seats.presence import FRESH, is_away

SQL = load(__file__)
KIND = "case.watched"
"""The event of somebody who begins or ceases to look; that they still do is none."""


async def beat(
    conn: Conn, by: Person, looking: Sequence[UUID], now: datetime, left: Sequence[UUID] = ()
) -> list[UUID]:
    """Say which cases are on somebody's screens, and which no longer; return those whose watchers changed."""
    await conn.execute(SQL.note_operator, by.account_id, by.district_id, now)
    changed = {row["case_id"] for row in await conn.fetch(SQL.forget_old, now - FRESH)}
    if left:
        changed |= {row["case_id"] for row in await conn.fetch(SQL.leave, by.account_id, list(left))}
    if looking:
        known = {row["case_id"] for row in await conn.fetch(SQL.list_known, by.account_id, list(looking))}
        noted = {r["case_id"] for r in await conn.fetch(SQL.note_watcher, by.account_id, list(looking), now)}
        changed |= noted - known
    for case in sorted(changed):
        await events.write(
            conn,
            district=by.district_id,
            kind=KIND,
            subject=case,
            roles=events.OPERATORS,
            at=now,
            case=case,
        )
    return sorted(changed)


async def watchers(conn: Conn, case: UUID, now: datetime) -> list[Row]:
    """Return {id, name, role} of everybody who looks at a case now."""
    return await conn.fetch(SQL.list_watchers, case, now - FRESH)


async def colleagues(conn: Conn, me: UUID, now: datetime) -> list[Row]:
    """Return {id, name, role, here, cases} of who could take a case, those at a console first."""
    return await conn.fetch(SQL.list_colleagues, me, now - FRESH)


async def has_left(conn: Conn, case: Row, now: datetime) -> bool:
    """Say whether who has a case (`claimed_by`, `claimed_at`) is at no console any more."""
    if case["claimed_by"] is None:
        return False
    row = await conn.fetchrow(SQL.find_owner, case["claimed_by"], now)
    assert row is not None  # noqa: S101 - a question without FROM has one row
    return is_away(row["seen_at"], case["claimed_at"], now, has_session=row["has_session"])
