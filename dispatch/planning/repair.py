"""A day repaired after something happened: as little as possible changes, and what breaks is shown before.

A repair is a plan like another, computed in a second or two from the plan as it stands; accepting it tells
those whom it concerns. `preview` is for the page, `trigger` for who changes a roster or loses a visit.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from core.accounts import Person
from core.clock import local_date
from core.db import Conn, Row
from core.errors import NotFound
from core.sql import load
from dispatch.planning import plan_rows, plans, triggers
from dispatch.planning.plans import accept

SQL = load(__file__)
SECONDS = 2.0
__all__ = ("accept", "preview", "trigger")


async def preview(conn: Conn, trigger: Mapping[str, Any], now: datetime, *, by: Person | None = None) -> UUID:
    """Ask for a repair; return its plan, which has the broken promises as soon as it is ready."""
    wanted = triggers.read(trigger, now)
    provider = await _provider(conn, wanted)
    if by and by.role == "provider_manager" and provider != by.provider_id:
        raise NotFound("no such caregiver or visit of your provider")
    return await _start(conn, wanted, triggers.first_day(wanted, now), now, by, provider)


async def trigger(conn: Conn, trigger: Mapping[str, Any], now: datetime) -> list[UUID]:
    """Ask for the repair of each day that it upsets; return the plans, which a manager accepts."""
    wanted = triggers.read(trigger, now)
    provider = await _provider(conn, wanted)
    away = triggers.span(wanted, now)
    days = [triggers.first_day(wanted, now)]
    if away is not None:
        rows = await conn.fetch(SQL.list_upset, UUID(wanted["caregiver_id"]), *away)
        days = sorted({local_date(row["begins_at"]) for row in rows})
    return [await _start(conn, wanted, on, now, None, provider) for on in days]


async def pending(conn: Conn, now: datetime) -> list[Row]:
    """Return the repairs of today and later that wait for a manager."""
    return await conn.fetch(SQL.list_pending, local_date(now))


async def _provider(conn: Conn, wanted: Mapping[str, Any]) -> UUID | None:
    """Return whose people repair it: the caregiver's provider, or the visit's (None: the district's)."""
    if "caregiver_id" in wanted:
        row = await conn.fetchrow(SQL.find_whose, UUID(wanted["caregiver_id"]))
    else:
        row = await conn.fetchrow(SQL.find_whose_visit, UUID(wanted["visit_id"]))
    if row is None:
        raise NotFound(f"no {'caregiver' if 'caregiver_id' in wanted else 'visit'} as named")
    found: UUID | None = row["provider_id"]
    return found


async def _start(
    conn: Conn, wanted: Mapping[str, Any], on: date, now: datetime, by: Person | None, provider: UUID | None
) -> UUID:
    given: dict[str, Any] = {"trigger": dict(wanted), "seconds": SECONDS, "provider_id": provider}
    district = await plan_rows.own_district(conn)
    return await plans.start(conn, district=district, on=on, now=now, by=by, cause="repair", **given)
