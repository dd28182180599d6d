"""The beds that a stranger may be bound to."""

from core.db import Conn, Row
from core.sql import load

SQL = load(__file__)


async def beds(conn: Conn) -> list[Row]:
    """Return the beds that a device may be bound to."""
    return await conn.fetch(SQL.list_beds)
