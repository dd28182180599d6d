"""Substitutes for a visit: everybody of the provider, the best first, with the reason."""

from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from core import districts
from core.clock import at_local, local_date
from core.db import Conn, Row
from core.errors import NotFound
from core.sql import load
from dispatch import grabbing, substituting
from dispatch.gaps import Busy
from dispatch.roster import facts
from dispatch.roster.fitness import Reason, Wishes
from dispatch.substituting import Vacancy

SQL = load(__file__)


async def find(conn: Conn, visit_id: UUID) -> Row:
    """Return a visit with what decides who may take it; raise NotFound."""
    row = await conn.fetchrow(SQL.find_visit, visit_id)
    if row is None:
        raise NotFound(f"no visit {visit_id}")
    return row


async def of(conn: Conn, visit: Row, provider_id: UUID | None, now: datetime) -> list[Reason]:
    """Return who could take a visit of `find`, the best first, and why the others could not."""
    on = local_date(visit["planned_start"] or visit["window_start"])
    since = at_local(on, "00:00")
    until = since + timedelta(days=2)
    elder = visit["elder_id"]
    wishes = (await facts.wishes(conn, on, [elder])).get(elder, Wishes())
    seen = (await facts.seen(conn, now, [elder])).get(elder, {})
    busy: dict[UUID, list[Busy]] = defaultdict(list)
    for row in await conn.fetch(SQL.list_busy, since, until, visit["id"]):
        busy[row["caregiver_id"]].append(Busy(row["starts_at"], row["ends_at"], row["lat"], row["lon"]))
    settings = await districts.settings(conn, visit["district_id"])
    wanted = replace(grabbing.asked(visit, wishes, seen), provider_id=None)
    has = frozenset(one for one in (visit["caregiver_id"], visit["companion_id"]) if one)
    vacancy = Vacancy(wanted, visit["lat"], visit["lon"], visit["planned_start"], has)
    people = await facts.caregivers(conn, since, until, provider_id=provider_id)
    return substituting.rank(vacancy, people, busy, settings.travel_factor, now, on)
