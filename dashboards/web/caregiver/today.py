"""What a caregiver's phone shows beside the visits: codes, certificates, shifts."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from core.clock import local_date
from core.crypto import Keys
from core.db import Conn, Row
from core.sql import load
from dispatch import qr
from dispatch.phone import days

SQL = load(__file__)
AHEAD = 8
"""Days that the phone shows and carries, today among them."""


async def week(conn: Conn, caregiver: UUID, now: datetime) -> list[dict[str, Any]]:
    """Return the days from today on that have a visit or a shift, each with both in order."""
    visits = await days.visits(conn, caregiver, now, AHEAD)
    ahead = await shifts(conn, caregiver, now)
    found: dict[date, dict[str, Any]] = {}
    for row in sorted(visits, key=lambda one: one["planned_start"] or one["window_start"]):
        _day(found, row["planned_start"] or row["window_start"])["visits"].append(row)
    for row in ahead:
        _day(found, row["starts_at"])["shifts"].append(row)
    return [found[on] for on in sorted(found)]


def _day(found: dict[date, dict[str, Any]], at: datetime) -> dict[str, Any]:
    return found.setdefault(local_date(at), {"on": at, "visits": [], "shifts": []})


async def scanned(conn: Conn, keys: Keys, token: str, caregiver: UUID, now: datetime) -> UUID | None:
    """Return the caregiver's visit at the home whose valid code was scanned, or None."""
    identity = qr.home_of(token)
    home = await conn.fetchrow(SQL.find_home, identity) if identity else None
    if home is None or qr.check(keys, token, home, now) != qr.VALID:
        return None
    return await days.at_home(conn, caregiver, home["id"], now)


async def certificates(conn: Conn, caregiver: UUID) -> list[Row]:
    """Return the caregiver's certificates, the longest valid first."""
    return await conn.fetch(SQL.list_certificates, caregiver)


async def shifts(conn: Conn, caregiver: UUID, now: datetime) -> list[Row]:
    """Return the caregiver's shifts from now on."""
    return await conn.fetch(SQL.list_shifts, caregiver, now)


async def head(conn: Conn) -> int:
    """Return the number of the last event."""
    number: int = await conn.fetchval(SQL.find_head)
    return number
