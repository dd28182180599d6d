"""Heartbeats: every role says every few seconds that it lives and whether it is ready for work."""

import os
import socket
from collections.abc import Mapping
from datetime import datetime, timedelta

from core.db import Conn, Pool
from core.sql import load

SQL = load(__file__)
ROLES = ("gateway", "dispatch", "services", "web")
EVERY = 3.0
"""Seconds between two beats."""
FRESH = timedelta(seconds=15)
KEPT = timedelta(days=1)


def instance() -> str:
    """Return the name of this process among its kind."""
    return f"{socket.gethostname()}:{os.getpid()}"


async def beat(
    pool: Pool, role: str, now: datetime, *, ready: bool = True, detail: Mapping[str, object] | None = None
) -> None:
    """Say that this process lives, and whether it can do its work (the gateway: its SUBACKs are there)."""
    async with pool.transaction() as conn:
        await conn.execute(SQL.beat, role, instance(), now, ready, dict(detail or {}))
        await conn.execute(SQL.drop_old_beats, now - KEPT)


async def leave(pool: Pool, role: str) -> None:
    """Say that this process has ended in order."""
    async with pool.transaction() as conn:
        await conn.execute(SQL.leave, role, instance())


async def ready(conn: Conn, now: datetime) -> dict[str, bool]:
    """Return for each role whether one of its processes has a fresh, ready heartbeat."""
    rows = await conn.fetch(SQL.list_ready, now - FRESH)
    found = {row["role"] for row in rows}
    return {role: role in found for role in ROLES}


async def forget_all(pool: Pool) -> None:
    """Forget every process (before the first of a fresh start), so that none looks ready that is gone."""
    async with pool.transaction() as conn:
        await conn.execute(SQL.forget_beats)
