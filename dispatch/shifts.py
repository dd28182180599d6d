"""Shifts: when a caregiver may be sent."""

from datetime import datetime, timedelta
from uuid import UUID

from core.db import Conn, Row
from core.ids import new_id
from core.sql import load
from dispatch import fields

SQL = load(__file__)
LONGEST = timedelta(hours=48)


async def create(
    conn: Conn,
    *,
    district: UUID,
    caregiver: UUID,
    starts_at: datetime,
    ends_at: datetime,
    rest: tuple[datetime, datetime, int] | None = None,
) -> UUID | None:
    """Put a caregiver on shift; None when that shift was already there (so a roster may be laid twice)."""
    if ends_at <= starts_at:
        raise fields.wrong("ends_at", "before_start", "before starts_at")
    if ends_at - starts_at > LONGEST:
        raise fields.wrong("ends_at", "too_long", "more than 48 hours after starts_at")
    identity: UUID | None = await conn.fetchval(
        SQL.create_shift, new_id(), district, caregiver, starts_at, ends_at, *(rest or (None, None, 0))
    )
    return identity


async def list_(
    conn: Conn, since: datetime, until: datetime, *, caregiver_id: UUID | None = None
) -> list[Row]:
    """Return the shifts that touch [since, until), by start."""
    return await conn.fetch(SQL.list_shifts, caregiver_id, since, until)


async def page(
    conn: Conn,
    since: datetime,
    until: datetime,
    provider_id: UUID | None,
    caregiver_id: UUID | None,
    after: UUID | None,
    limit: int,
) -> list[Row]:
    """Return the shifts that touch [since, until) in pages, by id."""
    whose = (provider_id, caregiver_id)
    return await conn.fetch(SQL.page_shifts, since, until, *whose, after, limit)
