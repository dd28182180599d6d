"""Visits taken back by what wanted them: cancelled, and their origin free to want a visit again."""

from datetime import datetime
from uuid import UUID

from core.db import Conn
from core.sql import load
from dispatch import visit_rows
from dispatch.states import VISIT

SQL = load(__file__)


async def withdraw(conn: Conn, visit_id: UUID, reason: str, now: datetime) -> bool:
    """Take a visit back that is no longer wanted; False: it has begun, ended or been cancelled by then."""
    row = await visit_rows.lock(conn, visit_id)
    if row["case_id"] or row["state"] not in VISIT["cancel"].sources:
        return False
    await visit_rows.move(conn, row, "cancel", None, now, {"reason": reason})
    await conn.execute(SQL.free_origin, visit_id)
    return True
