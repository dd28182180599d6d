"""The beds that a stranger may be bound to, and where the hubs stand."""

from collections.abc import Iterable
from uuid import UUID

from core.db import Conn, Row
from core.sql import load

SQL = load(__file__)


async def beds(conn: Conn) -> list[Row]:
    """Return the beds that a device may be bound to."""
    return await conn.fetch(SQL.list_beds)


async def hubs(conn: Conn, wanted: Iterable[UUID | None]) -> dict[UUID, Row]:
    """Return hubs {id, name, care_bed_id, label, elder_name} by their ids."""
    rows = await conn.fetch(SQL.list_hubs, [one for one in wanted if one is not None])
    return {row["id"]: row for row in rows}
