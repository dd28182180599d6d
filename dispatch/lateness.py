"""Who has not come, or not left, is noticed: the caregiver is told, then their manager, then the family.

Each level is one row, once for a visit and its planned time; whoever turns up clears them, also a phone that
was without network: it then says whether anybody was late at all.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from core import districts
from core.db import Conn, Row
from core.events import OPERATORS
from core.ids import new_id
from core.sql import load
from dispatch import journal
from dispatch.planning import repair

SQL = load(__file__)
LATE, OVERDUE = "late", "overdue"
TOLD: dict[int, tuple[str, ...]] = {
    1: ("caregiver",),
    2: (*OPERATORS, "provider_manager"),
    3: (*OPERATORS, "provider_manager", "caregiver"),
}
"""Whom each level tells; a visit that has nobody yet is told to the second from the start."""
MOST = 500


async def notice_due(conn: Conn, district: UUID, now: datetime) -> int:
    """Notice who is late or stays too long, tell it once, ask for a repair; return how many were told."""
    settings = await districts.settings(conn, district)
    levels = [settings.late_minutes, settings.late_manager_minutes, settings.late_repair_minutes]
    await conn.execute(SQL.clear_changed, now)
    told = 0
    for row in await conn.fetch(SQL.list_due, now, levels, MOST):
        whose = (new_id(), row["district_id"], row["id"], row["caregiver_id"])
        what = (row["kind"], row["level"], row["due_at"], row["late_minutes"], now)
        if await conn.fetchval(SQL.create_notice, *whose, *what):
            await _tell(conn, row, now)
            told += 1
    return told


async def came(conn: Conn, visit: Row, began: datetime, now: datetime) -> None:
    """Clear what was noticed of a visit that has begun; `began` may lie before all of it."""
    await _over(conn, visit, LATE, began, now)


async def left(conn: Conn, visit: Row, ended: datetime, now: datetime) -> None:
    """Clear what was noticed of a visit that has ended."""
    await _over(conn, visit, OVERDUE, ended, now)


async def list_open(conn: Conn, provider: UUID | None = None) -> list[Row]:
    """Return what is not cleared, the highest level of each visit, the longest wait first."""
    return await conn.fetch(SQL.list_open, provider, MOST)


async def _over(conn: Conn, visit: Row, kind: str, at: datetime, now: datetime) -> None:
    cleared = await conn.fetch(SQL.clear, visit["id"], kind, at, now)
    if cleared:
        in_time = all(row["cleared_by"].endswith("_in_time") for row in cleared)
        data = {"at": at.isoformat(), "in_time": in_time}
        await journal.visit(conn, visit, f"{kind}_over", now, data=data, family=kind == LATE)


async def _tell(conn: Conn, row: Row, now: datetime) -> None:
    level = row["level"] if row["caregiver_id"] else max(row["level"], 2)
    data: dict[str, Any] = {"level": row["level"], "minutes": row["late_minutes"]}
    is_last = row["kind"] == LATE and row["level"] == max(TOLD)
    if is_last:
        data["repairs"] = [str(one) for one in await _repair(conn, row, now)]
    roles = (*TOLD[level], *(("family",) if is_last else ()))
    await journal.visit(conn, row, row["kind"], now, data=data, roles=roles)


async def _repair(conn: Conn, row: Row, now: datetime) -> list[UUID]:
    """Ask for the repair of the day of who has not come, unless one waits for their manager already."""
    who = row["caregiver_id"]
    if who is None or await conn.fetchval(SQL.is_repaired, str(who)):
        return []
    late = {"kind": "late", "caregiver_id": str(who), "minutes": row["late_minutes"]}
    return await repair.trigger(conn, late, now)
