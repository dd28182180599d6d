"""Who is on duty in the call centre at an instant: what the rota says, with whoever sits in instead."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from core.db import Conn, Row
from core.sql import load

SQL = load(__file__)
ROLES = ("operator", "duty_manager")


async def on(conn: Conn, role: str, now: datetime) -> list[Row]:
    """Return {account_id, name, language, phone_sealed, starts_at, ends_at} of who is on duty, by start.

    An override counts: who is absent is not on duty, who is there instead is. A disabled account never is.
    """
    return await conn.fetch(SQL.list_on_duty, [role], now)


async def now_on(conn: Conn, now: datetime) -> list[Row]:
    """Return {account_id, name, role, starts_at, ends_at, has_phone} of everybody on duty, managers first."""
    return await conn.fetch(SQL.list_everybody, now)


async def held(conn: Conn, since: datetime, until: datetime, account: UUID | None = None) -> list[Row]:
    """Return the spans that people have indeed between two instants, by start; of one person if named.

    {duty_shift_id, override_id, account_id, name, role, starts_at, ends_at}
    """
    return await conn.fetch(SQL.list_held, since, until, account)


def covered(rows: Sequence[Row], role: str, at: datetime) -> int:
    """Return how many of the spans of `held` are of a role and hold an instant."""
    return len(
        {row["account_id"] for row in rows if row["role"] == role and row["starts_at"] <= at < row["ends_at"]}
    )
