"""Grades: dated facts of a scale; none is derived from another, and no device ever sets one (DOMAIN §2)."""

from datetime import date, datetime, timedelta
from uuid import UUID

import asyncpg

from core.db import Conn, Row
from core.errors import Conflict
from core.ids import new_id
from core.sql import load

SQL = load(__file__)

ORDER = ("intact", "mild", "moderate", "severe", "total")
"""GB/T 42195-2022, five grades, mildest first."""


async def record(
    conn: Conn,
    *,
    district: UUID,
    elder: UUID,
    scale: str,
    grade: str,
    valid_from: date,
    valid_to: date | None,
    source: UUID | None,
    now: datetime,
) -> UUID:
    """Record a grade from a day on; what was in force then ends the day before.

    Raises Conflict when a later grade of the same scale would overlap.
    """
    await conn.execute(SQL.end_grades, elder, scale, valid_from, valid_from - timedelta(days=1))
    identity = new_id()
    values = (identity, district, elder, scale, grade, valid_from, valid_to, source, now)
    try:
        async with conn.transaction():
            await conn.execute(SQL.record_grade, *values)
    except asyncpg.ExclusionViolationError as error:
        raise Conflict(
            f"a grade that begins on or after {valid_from} is already recorded", code="grade_overlap"
        ) from error
    return identity


async def end(conn: Conn, grade: UUID, last_day: date) -> bool:
    """End a grade on a day; False when it begins later, or is none of the district's."""
    return await conn.fetchval(SQL.end_grade, grade, last_day) is not None


async def in_force(conn: Conn, elder: UUID, scale: str, on: date) -> Row | None:
    """Return {id, grade, valid_from, valid_to, source_id} in force on a day, or None."""
    return await conn.fetchrow(SQL.find_grade, elder, scale, on)


async def history(conn: Conn, elder: UUID) -> list[Row]:
    """Return all grades of an elder, newest first."""
    return await conn.fetch(SQL.list_grades, elder)
