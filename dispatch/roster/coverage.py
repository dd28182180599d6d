"""Coverage: which provider serves what where, how soon, how many visits a day; a full day is refused."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from core.clock import at_local
from core.db import Conn, Row
from core.errors import Conflict, NotFound
from core.ids import new_id
from core.sql import load
from dispatch import fields, providers, service_items
from dispatch.roster.fitness import Covered, covers

SQL = load(__file__)


async def create(conn: Conn, provider_id: UUID, what: Covered) -> UUID:
    """Note what a provider has undertaken; raise Conflict when it overlaps what is there."""
    provider = await providers.find(conn, provider_id)
    if what.service is not None:
        service_items.get(what.service)
    if what.valid_to is not None and what.valid_to < what.valid_from:
        raise fields.wrong("valid_to", "before_start", "before valid_from")
    for name, figure in (("response_minutes", what.response_minutes), ("capacity", what.capacity)):
        if figure is not None and figure < 1:
            raise fields.wrong(name, "not_positive", "must be above 0")
    if not await conn.fetchval(SQL.region_exists, what.region):
        raise fields.wrong("region_code", "unknown", "no such region")
    identity = new_id()
    place = (what.service, what.region, what.response_minutes, what.capacity)
    try:
        async with conn.transaction():
            values = (identity, provider["district_id"], provider_id, *place, what.valid_from, what.valid_to)
            await conn.execute(SQL.create_coverage, *values)
    except asyncpg.ExclusionViolationError as error:
        raise Conflict("this is covered already at that time", code="coverage_twice") from error
    return identity


async def end(conn: Conn, coverage_id: UUID, on: date) -> Row:
    """End it with a day, its last."""
    row = await find(conn, coverage_id)
    if await conn.fetchval(SQL.end_coverage, coverage_id, max(on, row["valid_from"])) is None:
        raise Conflict(f"coverage {coverage_id} has ended", code="coverage_ended")
    return await find(conn, coverage_id)


async def find(conn: Conn, coverage_id: UUID) -> Row:
    """Return one line or raise NotFound."""
    row = await conn.fetchrow(SQL.find_coverage, coverage_id)
    if row is None:
        raise NotFound(f"no coverage {coverage_id}")
    return row


async def list_(
    conn: Conn, *, provider_id: UUID | None = None, after: UUID | None = None, limit: int = 50
) -> list[Row]:
    """Return what is covered, the latest first."""
    return await conn.fetch(SQL.list_coverage, provider_id, after, limit)


async def standing(conn: Conn, on: date, provider_id: UUID | None = None) -> list[Row]:
    """Return every line with a capacity that is in force on a day, with the visits `used` of it."""
    since, until = at_local(on, "00:00"), at_local(on + timedelta(days=1), "00:00")
    return await conn.fetch(SQL.list_standing, on, since, until, provider_id)


async def check(conn: Conn, provider_id: UUID, service: str, region: str | None, on: date) -> None:
    """Raise Conflict when the provider does not serve there, or its capacity of that day is used up."""
    rows = await conn.fetch(SQL.list_of_provider, provider_id)
    found = [_covered(row) for row in rows]
    if found and not any(covers(one, service, region, on) for one in found):
        told: dict[str, Any] = {"service": service, "region": region}
        raise Conflict("the provider does not serve there", code="area", **told)
    for row in await standing(conn, on, provider_id):
        if row["used"] >= row["capacity"] and covers(_covered(row), service, region, on):
            figures = {"capacity": row["capacity"], "used": row["used"], "on": on.isoformat()}
            name = row["provider_name"]
            raise Conflict(
                "the provider's capacity is used up", code="capacity_used", provider=name, **figures
            )


def _covered(row: Row) -> Covered:
    term = (row["valid_from"], row["valid_to"], row["response_minutes"], row["capacity"])
    return Covered(row["service"], row["region_code"], *term)
