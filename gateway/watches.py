"""The rules' memory in the database: read, judged and written within one transaction."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from core.db import Conn
from core.sql import load
from gateway.rules.memory import Watch

SQL = load(__file__)
_decode = msgspec.json.Decoder(Watch).decode
_encode = msgspec.json.encode


async def of(conn: Conn, subjects: Iterable[UUID]) -> dict[UUID, Watch]:
    """Return the memory of subjects, locked; a subject seen for the first time gets an empty one."""
    wanted = sorted(subjects)
    rows = await conn.fetch(SQL.list_watches, wanted)
    if len(rows) < len(wanted):
        await conn.execute(SQL.ensure, wanted)
        rows = await conn.fetch(SQL.list_watches, wanted)
    return {row["subject_id"]: _decode(row["state"]) for row in rows}


async def save(conn: Conn, watches: Mapping[UUID, Watch]) -> None:
    """Write back what has changed."""
    ids = sorted(watches)
    await conn.execute(
        SQL.save,
        ids,
        [_encode(watches[one]).decode() for one in ids],
        [watches[one].due_at() for one in ids],
    )


async def due(conn: Conn, now: datetime, most: int) -> dict[UUID, Watch]:
    """Return who is due, locked; who is locked by a message is left to the next sweep."""
    return {row["subject_id"]: _decode(row["state"]) for row in await conn.fetch(SQL.list_due, now, most)}
