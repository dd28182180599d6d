"""What a caregiver's phone shows."""

from datetime import datetime, timedelta
from uuid import UUID

from core.clock import at_local, local_date
from core.crypto import Keys
from core.db import Conn, Row
from core.errors import NotFound
from core.sql import load
from dispatch import qr

SQL = load(__file__)


async def visits(conn: Conn, caregiver: UUID, now: datetime) -> list[Row]:
    """Return today's visits and what is still under way, in the order in which they come."""
    since = at_local(local_date(now), "00:00")
    return await conn.fetch(SQL.list_today, caregiver, since, since + timedelta(days=1))


async def visit(conn: Conn, identity: UUID, caregiver: UUID) -> Row:
    """Return one of the caregiver's own visits; of another: NotFound."""
    row = await conn.fetchrow(SQL.find_visit, identity, caregiver)
    if row is None:
        raise NotFound(f"no visit {identity}")
    return row


async def scanned(conn: Conn, keys: Keys, token: str, caregiver: UUID, now: datetime) -> UUID | None:
    """Return the caregiver's visit at the home whose valid code was scanned, or None."""
    home = await _home(conn, token)
    if home is None or qr.check(keys, token, home, now) != qr.VALID:
        return None
    found: UUID | None = await conn.fetchval(SQL.find_visit_at, caregiver, home["id"], now)
    return found


async def _home(conn: Conn, token: str) -> Row | None:
    identity = qr.home_of(token)
    return await conn.fetchrow(SQL.find_home, identity) if identity else None


async def certificates(conn: Conn, caregiver: UUID) -> list[Row]:
    """Return the caregiver's certificates, the longest valid first."""
    return await conn.fetch(SQL.list_certificates, caregiver)


async def shifts(conn: Conn, caregiver: UUID, now: datetime) -> list[Row]:
    """Return the caregiver's shifts from now on."""
    return await conn.fetch(SQL.list_shifts, caregiver, now)


async def head(conn: Conn) -> int:
    """Return the number of the last event."""
    number: int = await conn.fetchval(SQL.find_head)
    return number
