"""Visits that wait: wanted, but not planned until what holds them is over. An emergency is never held."""

from datetime import datetime
from uuid import UUID

from core.accounts import Person
from core.db import Conn, Row
from core.errors import Conflict
from core.sql import load
from dispatch import journal, visit_rows

SQL = load(__file__)


async def hold(conn: Conn, visit_id: UUID, reason: str, now: datetime, by: Person | None = None) -> Row:
    """Take a visit out of the planning; who was to come is let go. Holding it again changes the reason."""
    row = await visit_rows.lock(conn, visit_id)
    if row["case_id"]:
        raise Conflict("an emergency visit is never held", code="never_held")
    if await conn.fetchval(SQL.hold_visit, visit_id, reason) is None:
        raise Conflict(
            f"cannot hold a visit that is {row['state']}", code="wrong_state", state=row["state"], verb="hold"
        )
    await conn.execute(SQL.drop_companion, visit_id)
    await journal.visit(conn, row, "hold", now, by=by, to="wanted", data={"reason": reason})
    return await visit_rows.find(conn, visit_id)


async def free(conn: Conn, visit_id: UUID, now: datetime, by: Person | None = None) -> Row:
    """Let a held visit be planned again; one that is not held stays as it is."""
    row = await visit_rows.lock(conn, visit_id)
    if await conn.fetchval(SQL.free_visit, visit_id) is not None:
        await journal.visit(conn, row, "free", now, by=by)
    return await visit_rows.find(conn, visit_id)
