"""The tick that keeps the weeks ahead: care plans want visits, and what no longer holds is taken back.

One elder a transaction, found by an indexed column, with SKIP LOCKED: two ticks at once never double, and
one elder whose plan fails holds up nobody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from core import districts, log
from core.clock import ZONE, at_local, local_date
from core.db import Conn, Pool, Row
from core.districts import DistrictSettings
from core.errors import Problem
from core.sql import load
from dispatch import service_items, visits, withdrawing
from services import care_plans, expecting, holding
from services.expecting import Expected, Standing, Version

SQL = load(__file__)
_POISON = (
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    Problem,
    LookupError,
    ValueError,
    TypeError,
)


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at one elder."""

    conn: Conn
    elder: Row
    settings: DistrictSettings
    today: date
    now: datetime

    @property
    def until(self) -> date:
        """The last day for which visits are wanted."""
        return self.today + timedelta(weeks=self.settings.care_plan_weeks)


async def tick(pool: Pool, now: datetime, zone: ZoneInfo = ZONE) -> int:
    """Look at everybody whose weeks ahead are due; return at how many."""
    async with pool.transaction() as conn:
        every = await districts.ids(conn)
    count = 0
    for district in every:
        while await _next(pool, district, now, zone):
            count += 1
    return count


async def _next(pool: Pool, district: UUID, now: datetime, zone: ZoneInfo) -> bool:
    elder: UUID | None = None
    try:
        async with pool.transaction(district) as conn:
            elder = await conn.fetchval(SQL.take_due, local_date(now, zone))
            if elder is not None:
                await look(conn, elder, now, zone)
            return elder is not None
    except _POISON as error:
        if elder is None:
            raise
        log.get().error("wanting_failed", elder=str(elder), error=type(error).__name__)
        async with pool.transaction(district) as conn:
            await conn.execute(SQL.failed, elder, local_date(now, zone), type(error).__name__)
        return True


async def look(conn: Conn, elder: UUID, now: datetime, zone: ZoneInfo = ZONE) -> None:
    """Bring one elder's visits ahead into line with plans, absences, death and quota."""
    facts = await conn.fetchrow(SQL.find_elder, elder)
    assert facts is not None  # noqa: S101 - a foreign key points at it
    settings = await districts.settings(conn, facts["district_id"])
    one = _Look(conn, facts, settings, local_date(now, zone), now)
    for row in await conn.fetch(SQL.list_lapsed, elder, now):
        await withdrawing.withdraw(conn, row["id"], "lapsed", now)
    versions = [] if facts["died_on"] else await care_plans.in_force(conn, elder, one.today, one.until)
    if facts["died_on"]:
        for row in await conn.fetch(SQL.list_ahead, elder, now):
            await withdrawing.withdraw(conn, row["id"], "died", now)
    else:
        await _keep(one, versions)
        await holding.settle(conn, facts, versions, settings, now)
    await conn.execute(SQL.looked, elder, one.today, one.until)


async def _keep(one: _Look, versions: Sequence[Version]) -> None:
    wanted = expecting.expected(versions, one.today, one.until)
    staff = await _staff(one, wanted)
    rows = await one.conn.fetch(SQL.list_standing, one.elder["id"], at_local(one.today, "00:00"))
    freeze = one.now + timedelta(minutes=one.settings.plan_freeze_minutes)
    standing = [_standing(row, freeze) for row in rows if _is_ahead(row, one.today)]
    changes = expecting.difference(wanted, standing, staff, one.now)
    for identity in changes.withdraw:
        await withdrawing.withdraw(one.conn, identity, "plan_changed", one.now)
    gone = set(changes.withdraw)
    known = {
        row["origin"]: row["id"] for row in rows if row["id"] not in gone and row["state"] != "cancelled"
    }
    for visit in changes.want:
        known[visit.origin] = await _want(one, visit, staff[visit.origin], known)


def _is_ahead(row: Row, today: date) -> bool:
    """Say whether a day that is looked at wanted it: a movable one may stand later than that day."""
    wanted_by = expecting.parse(row["origin"])
    return wanted_by is not None and wanted_by[1] >= today


def _standing(row: Row, freeze: datetime) -> Standing:
    begins = row["planned_start"] or row["window_start"]
    is_frozen = row["promised_at"] is not None and begins < freeze
    return Standing(row["id"], row["origin"], row["state"], row["staff"], row["window_end"], is_frozen)


async def _staff(one: _Look, wanted: Sequence[Expected]) -> dict[str, int]:
    """Return how many each visit needs, by the grade in force on its day."""
    grades = await one.conn.fetch(SQL.list_grades, one.elder["id"], one.today)

    def grade(on: date) -> str | None:
        fits = (
            row["grade"]
            for row in grades
            if row["valid_from"] <= on and (row["valid_to"] is None or on <= row["valid_to"])
        )
        return next(fits, grades[0]["grade"] if grades else None)

    return {
        visit.origin: visit.item.staff or service_items.staff(visit.item.service, grade(visit.on))
        for visit in wanted
    }


async def _want(one: _Look, visit: Expected, staff: int, known: Mapping[str, UUID]) -> UUID:
    item, elder = visit.item, one.elder
    leader = known.get(visit.leader) if visit.leader else None
    follows = (leader, *item.follows[1:]) if leader and item.follows else None
    first, *further = visit.windows
    asked: dict[str, Any] = {
        "windows": further,
        "movable": visit.movable,
        "is_optional": item.is_optional,
        "staff": staff,
        "follows": follows,
        "origin": visit.origin,
    }
    return await visits.want(
        one.conn,
        district=elder["district_id"],
        elder_id=elder["id"],
        care_bed_id=elder["care_bed_id"],
        service=item.service,
        window_start=first[0],
        window_end=first[1],
        now=one.now,
        provider_id=item.provider_id or elder["provider_id"],
        minutes=item.minutes,
        funding=item.funding,
        **asked,
    )
