"""The technical queue as a list: filtered by type, community and state; what there is to filter by."""

from dataclasses import dataclass

from core.db import Conn, Row
from core.sql import load

SQL = load(__file__)
STATES = ("raised", "returned", "claimed", "verified", "resolved", "shelved", "out_of_service")


@dataclass(frozen=True)
class Filter:
    """What is wanted; None: all."""

    type: str | None = None
    region: str | None = None
    state: str | None = None


async def list_(conn: Conn, wanted: Filter, limit: int = 300) -> list[Row]:
    """Return open technical cases in the order of work; an incident stands for the cases that it explains."""
    return await conn.fetch(SQL.list_technical, wanted.type, wanted.region, wanted.state, limit)


async def facets(conn: Conn) -> tuple[list[Row], list[Row]]:
    """Return the types, and the communities {code, name}, of what is open, each with its count."""
    return await conn.fetch(SQL.count_types), await conn.fetch(SQL.count_regions)
