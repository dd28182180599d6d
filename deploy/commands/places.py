"""In which district a thing lives: looked for in one after the other, as row-level security shows one."""

from uuid import UUID

from core import districts
from core.db import Conn, enter
from core.errors import Failure
from core.sql import load

SQL = load(__file__)


async def choose(conn: Conn, care_bed: UUID | None, code: str | None) -> UUID:
    """Say in which district a new device is to live."""
    if care_bed is not None:
        return await of_care_bed(conn, care_bed)
    if code is not None:
        row = await districts.find_by_code(conn, code)
        if row is None:
            raise Failure(f"no district {code}")
        return UUID(str(row["id"]))
    every = await districts.ids(conn)
    if len(every) != 1:
        raise Failure(f"there are {len(every)} districts: say which with --district CODE or --care-bed ID")
    return every[0]


async def of_care_bed(conn: Conn, care_bed: UUID) -> UUID:
    """Return a care bed's district; the transaction stays in it."""
    found = await _holder(conn, SQL.find_care_bed, care_bed)
    if found is None:
        raise Failure(f"no care bed {care_bed}")
    return found


async def of_device(conn: Conn, device: UUID) -> UUID:
    """Return a device's district; the transaction stays in it."""
    found = await _holder(conn, SQL.find_device, device)
    if found is None:
        raise Failure(f"no device {device}")
    return found


async def _holder(conn: Conn, statement: str, thing: UUID) -> UUID | None:
    for district in await districts.ids(conn):
        await enter(conn, district)
        if await conn.fetchval(statement, thing):
            return district
    return None
