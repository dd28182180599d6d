"""What was told to whom, for the page of notices and the API: names of staff and relatives, no number."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from core.db import Conn, Row
from core.sql import load

SQL = load(__file__)
STATES = ("waiting", "sending", "told", "answered", "failed", "void")


async def list_(
    conn: Conn,
    *,
    case: UUID | None = None,
    state: str | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Row]:
    """Return notices, newest first, each with the name of who is told."""
    return await conn.fetch(SQL.list_notices, case, state, after, limit)


async def tries(conn: Conn, notices: Sequence[UUID]) -> dict[UUID, list[Row]]:
    """Return the tries of each notice, oldest first: {channel, state, code, is_permanent, at, receipt_at}."""
    found: dict[UUID, list[Row]] = {notice: [] for notice in notices}
    for row in await conn.fetch(SQL.list_tries, list(notices)):
        found[row["notice_id"]].append(row)
    return found


async def counts(conn: Conn, since: datetime) -> Row:
    """Return how many are open, and of those since an instant how many were answered and failed."""
    row = await conn.fetchrow(SQL.count_notices, since)
    assert row is not None  # noqa: S101 - an aggregate always gives a row
    return row
