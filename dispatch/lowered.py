"""What a visit explained, once the visit has ended: over if the home says so, paged soon if it does not."""

from datetime import datetime, timedelta
from uuid import UUID

from core import districts
from core.db import Conn, Row
from core.sql import load
from dispatch import cases, endings, journal
from dispatch.endings import Raised
from gateway import states

SQL = load(__file__)
SETTLE = timedelta(minutes=2)
"""A door that still stands open at check-out is given so long: who leaves has not left yet."""


async def visit_ended(conn: Conn, visit_id: UUID, now: datetime) -> None:
    """Look at every case that a visit explained: it is back to normal, or explained not much longer."""
    for case in await conn.fetch(SQL.list_explained_cases, visit_id):
        says = await _says(conn, case["id"])
        if all(says):
            await cases.return_(conn, case["id"], None, now)
            continue
        settings = await districts.settings(conn, case["district_id"])
        wait = SETTLE if False in says else timedelta(minutes=settings.grace_minutes)
        await _shorten(conn, case, min(case["lowered_until"], now + wait), now)


async def is_over(conn: Conn, case_id: UUID) -> bool:
    """Say whether the home's devices say that all of a case is over."""
    return all(await _says(conn, case_id))


async def _shorten(conn: Conn, case: Row, until: datetime, now: datetime) -> None:
    await conn.execute(SQL.look_at, case["id"], until)
    data = {"until": until.isoformat(), "reason": "visit_ended"}
    await journal.case(conn, case, "lower", now, data=data)


async def _says(conn: Conn, case_id: UUID) -> list[bool | None]:
    alarms = await conn.fetch(SQL.list_alarms, case_id)
    devices = {device for row in alarms for device in (row["device_id"], *row["around"])}
    said = {row["device_id"]: row for row in await states.of(conn, sorted(devices))}
    return [
        endings.says(
            Raised(row["type"], row["observed_at"]),
            said.get(row["device_id"]),
            [said[one] for one in row["around"] if one in said],
        )
        for row in alarms
    ]
