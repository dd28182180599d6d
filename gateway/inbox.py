"""The inbox: which messages are stored already, judged on (device, message id)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from core.db import Conn
from core.sql import load

SQL = load(__file__)
Key = tuple[int, UUID]


async def record(conn: Conn, keys: Sequence[Key], now: datetime) -> set[Key]:
    """Remember messages; return those that were stored before (or twice in this batch: the caller dedups)."""
    devices, ids = [key[0] for key in keys], [key[1] for key in keys]
    tag = await conn.execute(SQL.record_messages, devices, ids, now)
    if int(tag.rpartition(" ")[2]) == len(keys):
        return set()
    return {(row["device_no"], row["message_id"]) for row in await conn.fetch(SQL.find_older, devices, ids)}
