"""Recovery: a fault that is over is noted, and its technical case closed by rule; so is an incident.

What is over is what the devices say (`endings`); nothing is remembered but `restored_at` on the case. May be
killed anywhere and run twice: it holds the intake's lock, and every step looks at the row again.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core import districts
from core.db import Conn, Pool, Row
from core.sql import load
from dispatch import cases, endings, intake, journal
from dispatch.endings import Raised
from dispatch.states import CASE
from gateway import states

SQL = load(__file__)
BATCH = 500
MOST = 50
"""Cases changed in one transaction: it holds the intake's lock, and an SOS must not wait for it."""
FIRST = UUID(int=0)


async def run(pool: Pool, district: UUID, now: datetime) -> int:
    """Look at every open technical case of a district, then at its incidents; return how many changed."""
    after: UUID | None = FIRST
    changed = 0
    while after is not None:
        async with pool.transaction(district) as conn:
            after, count = await _devices(conn, district, after, now)
        changed += count
    async with pool.transaction(district) as conn:
        return changed + await _incidents(conn, district, now)


async def _devices(conn: Conn, district: UUID, after: UUID, now: datetime) -> tuple[UUID | None, int]:
    """Look at some cases; return after which to go on (None: that was all), and how many changed."""
    rows = await conn.fetch(SQL.list_cases, after, BATCH)
    found = await states.of(conn, [row["device_id"] for row in rows]) if rows else []
    said = {row["device_id"]: row for row in found}
    due = [row for row in rows if _is_due(row, said.get(row["device_id"]), now)]
    on = rows[-1]["id"] if len(rows) == BATCH else None
    if len(due) > MOST:
        due = due[:MOST]
        on = due[-1]["id"]
    if not due:
        return on, 0
    await intake.alone(conn, district)
    done = 0
    for row in due:
        case = await cases.lock(conn, row["id"])
        if (case["state"], case["last_alarm_at"]) == (row["state"], row["last_alarm_at"]):
            done += await _step(conn, case, row, said.get(row["device_id"]), now)
    return on, done


def _raised(row: Row) -> list[Raised]:
    return [Raised(one["type"], datetime.fromisoformat(one["at"])) for one in row["raised"]]


def _is_due(row: Row, state: Row | None, now: datetime) -> bool:
    """Say whether a case changed, or may be closed by now."""
    over = endings.all_over(_raised(row), state, is_gone=row["is_gone"])
    return over != (row["restored_at"] is not None) or (over and _may_close(row, now))


def _may_close(row: Row, now: datetime) -> bool:
    wait = endings.close_after(_raised(row), is_gone=row["is_gone"])
    return wait is not None and row["restored_at"] is not None and row["restored_at"] + wait <= now


async def _step(conn: Conn, case: Row, row: Row, state: Row | None, now: datetime) -> int:
    over = endings.all_over(_raised(row), state, is_gone=row["is_gone"])
    if over and case["restored_at"] is None:
        await _restored(conn, case, now, gone=row["is_gone"])
    elif over:
        await cases.end(conn, case, now, "restored")
    else:
        await conn.execute(SQL.mark, case["id"], None)
        back = case["state"] == "returned"
        to = CASE["rejoin"].to if back else case["state"]
        if back:
            await conn.execute(cases.SQL.move_case, case["id"], case["state"], to, None)
        await journal.case(conn, case, "lost_again", now, to=to)
    return 1


async def _restored(conn: Conn, case: Row, now: datetime, *, gone: bool) -> None:
    """Note that it is over; what nobody acknowledged has returned to normal by itself."""
    await conn.execute(SQL.mark, case["id"], now)
    is_new = case["state"] == "raised"
    to = CASE["return"].to if is_new else case["state"]
    if is_new:
        await conn.execute(cases.SQL.move_case, case["id"], case["state"], to, None)
    why = "device_gone" if gone else "device_says"
    await journal.case(conn, case, "restored", now, to=to, data={"why": why})


async def _incidents(conn: Conn, district: UUID, now: datetime) -> int:
    """Let homes that are back leave the lists, and close what has no one left without cover."""
    if not await conn.fetchval(SQL.has_incidents):
        return 0
    await intake.alone(conn, district)
    back = await conn.fetch(SQL.restore_people, now)
    for told in _by_incident(back):
        case = await cases.lock(conn, told["incident_id"])
        await journal.case(conn, case, "back", now, data={"people": told["people"], "left": told["left"]})
    settle = timedelta(minutes=(await districts.settings(conn, district)).incident_settle_minutes)
    ended = await conn.fetch(SQL.list_ended, now - settle)
    for one in ended:
        await cases.end(conn, await cases.lock(conn, one["id"]), now, "restored")
    return len(back) + len(ended)


def _by_incident(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Count who is back, and who is left, in each incident."""
    found: dict[UUID, dict[str, Any]] = {}
    for row in rows:
        mine = found.setdefault(row["incident_id"], {**row, "people": 0})
        mine["people"] += 1
    for one in found.values():
        one["left"] -= one["people"]
    return list(found.values())
