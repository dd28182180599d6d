"""One visit, found, locked and moved: what every change of a visit goes through."""

from datetime import datetime
from typing import Any
from uuid import UUID

from core.accounts import Person
from core.db import Conn, Row
from core.errors import Conflict, NotFound
from core.sql import load
from dispatch import cases, journal
from dispatch.states import VISIT, after

SQL = load(__file__)


async def find(conn: Conn, visit_id: UUID) -> Row:
    """Return a visit with person, home, caregiver and proof; raise NotFound."""
    row = await conn.fetchrow(SQL.find_visit, visit_id)
    if row is None:
        raise NotFound(f"no visit {visit_id}")
    return row


async def lock(conn: Conn, visit_id: UUID) -> Row:
    """Return a visit locked for a change, its case locked before it; raise NotFound."""
    case_id = await conn.fetchval(SQL.find_case_of, visit_id)
    if case_id is not None:
        await cases.lock(conn, case_id)
    row = await conn.fetchrow(SQL.lock_visit, visit_id)
    if row is None:
        raise NotFound(f"no visit {visit_id}")
    return row


async def mine(conn: Conn, visit_id: UUID, by: Person) -> Row:
    """Return a caregiver's own visit locked; another's does not exist for them."""
    row = await lock(conn, visit_id)
    if by.caregiver_id is None or row["caregiver_id"] != by.caregiver_id:
        raise NotFound(f"no visit {visit_id}")
    return row


async def move(
    conn: Conn,
    row: Row,
    verb: str,
    by: Person | None,
    now: datetime,
    data: dict[str, Any] | None = None,
) -> Row:
    """Lead a locked visit to its next state, and write the line."""
    to = after(VISIT, "visit", verb, row["state"])
    await set_(conn, SQL.move_visit, row, row["id"], row["state"], to)
    await journal.visit(conn, row, verb, now, by=by, to=to, data=data)
    return await find(conn, row["id"])


async def set_(conn: Conn, statement: str, row: Row, *values: object) -> None:
    """Run a compare-and-set on a locked visit; that it finds no row is our own mistake."""
    if await conn.fetchval(statement, *values) is None:
        raise Conflict(
            f"the visit is no longer {row['state']}", code="wrong_state", state=row["state"], verb="change"
        )
