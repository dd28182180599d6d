"""Whose visit it is or was: what a phone brings late may be of a visit that is somebody else's since."""

from uuid import UUID

from core.accounts import Person
from core.db import Conn, Row
from core.errors import NotFound
from core.sql import load

SQL = load(__file__)


async def find(conn: Conn, visit_id: UUID, by: Person) -> Row:
    """Return a visit that this caregiver makes, alone or along, or had a part in; raise NotFound."""
    row = await conn.fetchrow(SQL.find_involved, visit_id, by.caregiver_id, by.account_id)
    if row is None or by.caregiver_id is None:
        raise NotFound(f"no visit {visit_id}")
    return row


async def known(conn: Conn, visit_id: UUID | None, by: Person) -> UUID | None:
    """Return the visit if this caregiver makes it, had a part in it; else None."""
    row = await conn.fetchrow(SQL.find_involved, visit_id, by.caregiver_id, by.account_id)
    return visit_id if row else None
