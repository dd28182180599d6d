"""Care beds: an elder's home enrolled with a kit of devices."""

from datetime import date
from uuid import UUID

from core import db, districts
from core.db import Conn, Row
from core.errors import Conflict, NotFound
from core.ids import new_id
from core.sql import load

SQL = load(__file__)


async def create(
    conn: Conn,
    *,
    district: UUID,
    elder: UUID,
    home: UUID,
    label: str,
    enrolled_on: date,
    provider: UUID | None = None,
) -> UUID:
    """Enrol a home; return the bed's id."""
    identity = new_id()
    await conn.execute(SQL.create_care_bed, identity, district, elder, home, provider, label, enrolled_on)
    return identity


async def find(conn: Conn, care_bed: UUID) -> Row:
    """Return a bed {id, elder_id, home_id, provider_id, label, lat, lon, …} or raise NotFound."""
    row = await conn.fetchrow(SQL.find_care_bed, care_bed)
    if row is None:
        raise NotFound(f"no care bed {care_bed}")
    return row


async def list_(conn: Conn, after: UUID | None = None, limit: int = 50) -> list[Row]:
    """Return the district's beds in pages."""
    return await conn.fetch(SQL.list_care_beds, after, limit)


async def by_elder(conn: Conn, elder: UUID) -> list[Row]:
    """Return an elder's beds, the open one first."""
    return await conn.fetch(SQL.list_by_elder, elder)


async def end(conn: Conn, care_bed: UUID, on: date) -> None:
    """End an enrolment."""
    if await conn.fetchrow(SQL.end_care_bed, care_bed, on) is None:
        raise Conflict(f"care bed {care_bed} is not open", code="care_bed_ended")


async def enter(conn: Conn, care_bed: UUID) -> UUID:
    """Find the district of a bed and stay in it (for the command line, which has no district of its own)."""
    for district in await districts.ids(conn):
        await db.enter(conn, district)
        if await conn.fetchrow(SQL.find_care_bed, care_bed) is not None:
            return district
    raise NotFound(f"no care bed {care_bed}")
