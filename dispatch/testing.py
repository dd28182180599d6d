"""Alarms of an install test: kept, seen in the history with the outcome `test`, and ringing nowhere.

Only the device that the installer triggers is meant, for a moment (devices/installs.py arms it); every other
alarm of the home pages as ever, and so does this device's next one.
"""

from datetime import datetime, timedelta
from uuid import UUID

from core.db import Conn, Row
from core.events import OPERATORS
from core.ids import new_id
from core.sql import load
from dispatch import cases, escalation, journal

SQL = load(__file__)
ECHO = timedelta(seconds=30)
OUTCOME = "test"


async def take(conn: Conn, alarm: Row, now: datetime) -> bool:
    """Give an alarm that a test explains to the test's case, closed at once; False: it explains nothing."""
    test = await conn.fetchval(SQL.find_test, alarm["device_id"], alarm["received_at"], ECHO)
    if test is None:
        return False
    case = await conn.fetchval(SQL.find_case, alarm["elder_id"], test) or await _open(conn, alarm, test, now)
    await conn.execute(SQL.link_alarm, alarm["id"], case, alarm["district_id"], now)
    return True


async def _open(conn: Conn, alarm: Row, test: UUID, now: datetime) -> UUID:
    identity = new_id()
    values = (
        identity,
        alarm["district_id"],
        alarm["elder_id"],
        alarm["care_bed_id"],
        alarm["class"],
        alarm["type"],
        alarm["severity"],
        alarm["received_at"],
        await escalation.in_force(conn),
        None,
        None,
        alarm["device_id"] if alarm["class"] == "technical" else None,
    )
    await conn.execute(cases.SQL.open_case, *values)
    row = await cases.lock(conn, identity)
    await conn.fetchval(cases.SQL.close_case, identity, "raised", None, now, OUTCOME, None)
    data = {"outcome": OUTCOME, "test_id": str(test), "alarm_id": str(alarm["id"]), "type": alarm["type"]}
    await journal.case(conn, row, "close", now, to="closed", data=data, roles=OPERATORS)
    return identity
