"""Offers in time: who does not answer is passed over, what nobody takes is said aloud and tried again.

A tick: it holds no state, looks at every row again under its lock, and may be killed or run twice.
"""

from datetime import datetime, timedelta
from uuid import UUID

from core import districts, log
from core.db import Conn, Pool, Row
from core.errors import Problem
from core.sql import load
from dispatch import cases, emergency, journal, offers, policy, visit_rows

SQL = load(emergency.__file__)
BATCH = 50


async def run(pool: Pool, district: UUID, now: datetime) -> int:
    """Look at every emergency of a district whose time has come, each in a transaction of its own."""
    async with pool.transaction(district) as conn:
        overdue = await offers.overdue(conn, now, BATCH)
        again = [row["id"] for row in await conn.fetch(SQL.list_retry, now, BATCH)]
        settings = await districts.settings(conn, district)
        before = now - timedelta(minutes=settings.nobody_minutes)
        unanswered = await conn.fetch(SQL.list_unanswered, before, BATCH)
    for visit_id in (*overdue, *again):
        try:
            async with pool.transaction(district) as conn:
                await _next(conn, await visit_rows.lock(conn, visit_id), now)
        except Problem as problem:
            log.get().error("offer.postponed", visit=str(visit_id), code=problem.code)
    for row in unanswered:
        async with pool.transaction(district) as conn:
            await alarm(conn, row, settings.nobody_minutes, now)
    return len(overdue) + len(again) + len(unanswered)


async def _next(conn: Conn, visit: Row, now: datetime) -> None:
    """Pass a visit on that was not answered, or try again what nobody could take."""
    if visit["state"] == "wanted":
        await emergency.try_again(conn, visit, now)
        return
    silent = await offers.time_out(conn, visit, now)
    if silent and visit["state"] == "offered":
        cause = {"unanswered_by": [str(one) for one in silent]}
        await emergency.pass_on(conn, visit, None, now, cause)


async def alarm(conn: Conn, visit: Row, minutes: int, now: datetime) -> None:
    """Tell operators and duty manager, once, that nobody has taken an emergency for so long, and why."""
    case = await cases.lock(conn, visit["case_id"])
    if await conn.fetchval(SQL.alarm_visit, visit["id"], now) is None:
        return
    asked = await offers.list_(conn, visit["id"])
    data = {
        "reason": "nobody_within",
        "minutes": minutes,
        "visit_id": str(visit["id"]),
        "audience": "duty_managers",
        "asked": [
            {"caregiver_id": str(one["caregiver_id"]), "name": one["caregiver_name"], "code": one["state"]}
            for one in asked
        ],
    }
    roles = policy.AUDIENCES["duty_managers"]
    await journal.case(conn, case, "escalate", now, data=data, roles=roles)
