"""One visit as the planner sees it."""

from datetime import timedelta
from uuid import UUID

from core.clock import at_local, local_date
from core.db import Conn, Row
from core.errors import NotFound
from core.sql import load
from dispatch import service_items

SQL = load(__file__)
PEOPLE = 300


async def find(conn: Conn, visit: UUID, provider: UUID | None) -> Row:
    """Return a visit that this reader may see; raise NotFound."""
    row = await conn.fetchrow(SQL.find_visit, visit, provider)
    if row is None:
        raise NotFound(f"no visit {visit}")
    return row


async def item(conn: Conn, plan: UUID, visit: UUID) -> Row | None:
    """Return what a plan says about a visit."""
    return await conn.fetchrow(SQL.find_item, plan, visit)


async def people(conn: Conn, visit: Row, provider: UUID | None) -> list[Row]:
    """Return whom of a provider (None: of the district) a visit may be moved to."""
    since = at_local(local_date(visit["starts_at"]), "00:00")
    skill = service_items.get(visit["service"]).skill
    until = since + timedelta(days=1)
    return await conn.fetch(SQL.list_people, skill, provider, since, until, PEOPLE)
