"""The list of whom to call for an elder: order, names, how many elders name the same number."""

from collections.abc import Sequence
from uuid import UUID

from core.db import Conn
from core.errors import NotFound
from core.sql import load

SQL = load(__file__)
MOST = 20


async def change(conn: Conn, elder: UUID, member: UUID, *, name: str, relation: str, priority: int) -> None:
    """Change what the list says of a contact; raise NotFound without a bond in force."""
    if await conn.fetchval(SQL.change_bond, elder, member, relation, priority) is None:
        raise NotFound(f"no family member {member} of elder {elder}")
    await conn.execute(SQL.rename, member, name)


async def elders_by_member(conn: Conn, members: Sequence[UUID]) -> dict[UUID, int]:
    """Return for each contact how many elders of the district name the same telephone number."""
    return {row["id"]: row["elders"] for row in await conn.fetch(SQL.count_elders, list(members))}
