"""The audit log: append-only, hash-chained per district by a tick, verifiable by anybody who may read it."""

import hashlib
import json
from datetime import datetime
from uuid import UUID

from core.db import Conn, Row
from core.ids import new_id
from core.sql import load

SQL = load(__file__)


async def record(
    conn: Conn,
    *,
    district: UUID,
    at: datetime,
    account: UUID | None,
    action: str,
    subject_kind: str,
    subject: UUID | None,
    detail: dict[str, object] | None = None,
) -> None:
    """Write one line in the caller's transaction; `detail` holds codes and ids, never a person's data."""
    await conn.execute(
        SQL.record_audit, new_id(), district, at, account, action, subject_kind, subject, detail or {}
    )


def chain(previous: bytes, number: int, row: Row) -> bytes:
    """Return the SHA-256 of a line linked to the one before it."""
    body = [
        number,
        str(row["id"]),
        row["at"].isoformat(),
        str(row["account_id"]),
        row["action"],
        row["subject_kind"],
        str(row["subject_id"]),
        row["detail"],
    ]
    return hashlib.sha256(previous + json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).digest()


async def link(conn: Conn, district: UUID, most: int = 1000) -> int:
    """Link the lines of one district that are not in the chain yet; return how many."""
    await conn.execute(SQL.lock_chain, str(district))
    head = await conn.fetchrow(SQL.find_head)
    number, previous = (head["number"], head["hash"]) if head else (0, b"")
    rows = await conn.fetch(SQL.list_unchained, most)
    for row in rows:
        number += 1
        previous = chain(previous, number, row)
        await conn.execute(SQL.link_audit, row["id"], number, previous)
    return len(rows)


async def head(conn: Conn) -> tuple[int, bytes] | None:
    """Return number and hash of the last line in the district's chain, or None before the first."""
    row = await conn.fetchrow(SQL.find_head)
    return (row["number"], row["hash"]) if row else None


async def verify(conn: Conn, page: int = 1000) -> int | None:
    """Check the district's chain; return the number of the first line that does not fit, or None."""
    previous, after = b"", 0
    while rows := await conn.fetch(SQL.list_chain, after, page):
        for row in rows:
            after += 1
            if row["number"] != after or chain(previous, after, row) != row["hash"]:
                return after
            previous = row["hash"]
    return None


async def holds(conn: Conn, number: int, digest: bytes) -> bool:
    """Say whether the line of this number has this hash: a head that was printed once must stay."""
    found: bool = await conn.fetchval(SQL.has_link, number, digest)
    return found


async def list_(
    conn: Conn, *, subject: UUID | None = None, after: UUID | None = None, limit: int = 50
) -> list[Row]:
    """Return the district's lines, newest first, before the id `after`."""
    return await conn.fetch(SQL.list_audit, subject, after, limit)
