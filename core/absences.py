"""Absences and deaths: dated facts of a person that everybody reads; in hospital, away, in a care home."""

from datetime import date, datetime
from uuid import UUID

from core.db import Conn, Row
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from core.sql import load

SQL = load(__file__)
KINDS = ("hospital", "holiday", "institution")


async def record(
    conn: Conn,
    *,
    district: UUID,
    elder: UUID,
    kind: str,
    starts_on: date,
    ends_on: date | None,
    now: datetime,
) -> UUID:
    """Record that a person is away from a day on, until a day or until further notice."""
    if kind not in KINDS:
        raise Invalid(f"kind: one of {', '.join(KINDS)}", [{"field": "kind", "code": "unknown"}])
    if ends_on is not None and ends_on < starts_on:
        raise Invalid("ends_on: before starts_on", [{"field": "ends_on", "code": "before_start"}])
    if await conn.fetchval(SQL.overlaps, elder, starts_on, ends_on):
        raise Conflict("an absence of these days is recorded already", code="absence_overlap")
    identity = new_id()
    await conn.execute(SQL.record_absence, identity, district, elder, kind, starts_on, ends_on, now)
    return identity


async def end(conn: Conn, absence: UUID, ends_on: date, now: datetime) -> Row:
    """Say until which day the person is away; raise NotFound, or Invalid when it lies before the start."""
    row = await conn.fetchrow(SQL.find_absence, absence)
    if row is None:
        raise NotFound(f"no absence {absence}")
    if ends_on < row["starts_on"]:
        raise Invalid("ends_on: before starts_on", [{"field": "ends_on", "code": "before_start"}])
    changed = await conn.fetchrow(SQL.end_absence, absence, ends_on, now)
    assert changed is not None  # noqa: S101 - found above, in the same transaction
    return changed


async def list_(conn: Conn, elder: UUID) -> list[Row]:
    """Return a person's absences, newest first."""
    return await conn.fetch(SQL.list_absences, elder)


async def record_death(conn: Conn, elder: UUID, died_on: date) -> None:
    """Record the day of a death; raise NotFound, or Conflict when another day is recorded."""
    if await conn.fetchval(SQL.record_death, elder, died_on) is None:
        known = await conn.fetchrow(SQL.find_death, elder)
        if known is None:
            raise NotFound(f"no elder {elder}")
        raise Conflict(f"the death is recorded for {known['died_on']}", code="death_recorded")


async def undo_death(conn: Conn, elder: UUID, died_on: date) -> None:
    """Take a death back that was recorded wrongly; raise Conflict when another day, or none, is recorded."""
    if await conn.fetchval(SQL.undo_death, elder, died_on) is None:
        raise Conflict("no death of this day is recorded", code="death_not_recorded")
