"""The facts of a day, read in one transaction: visits, people at work, wishes, who was there before."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from core import districts
from core.clock import at_local
from core.db import Conn, Row
from core.districts import DistrictSettings
from core.errors import Conflict
from core.sql import load
from dispatch import service_items, visit_rows
from dispatch.planning.shapes import OPEN, Asked, DayFacts, Manner, Place
from dispatch.roster import facts as roster
from dispatch.roster.fitness import Span

SQL = load(__file__)
DAY = timedelta(days=1)


async def read(
    conn: Conn,
    district: UUID,
    on: date,
    now: datetime,
    provider: UUID | None = None,
    about: Asked | None = None,
) -> DayFacts:
    """Return what is known of a local day, of one provider's people and visits or of the whole district.

    `about` one visit: wishes and familiar faces of its elder only, and not where everybody was last.
    """
    midnight = at_local(on, "00:00")
    settings = await districts.settings(conn, district)
    visits = [
        asked(row)
        for row in await conn.fetch(SQL.list_asked, midnight, midnight + DAY, provider, on, None, now)
    ]
    elders = {one.elder_id for one in visits} if about is None else {about.elder_id}
    return DayFacts(
        on=on,
        midnight=midnight,
        now=now,
        visits=tuple(visits),
        caregivers=tuple(
            await roster.caregivers(conn, midnight, midnight + DAY, provider_id=provider),
        ),
        wishes=await roster.wishes(conn, on, elders),
        seen=await roster.seen(conn, midnight, elders),
        last=await _last(conn, midnight, now) if about is None else {},
        leads=await _leads(conn, visits),
        manner=manner(settings),
    )


async def find(conn: Conn, visit_id: UUID, on: date) -> Asked:
    """Return a visit that may still be planned; raise Conflict when it may not, or NotFound."""
    midnight = at_local(on, "00:00")
    rows = await conn.fetch(SQL.list_asked, midnight, midnight + DAY, None, on, visit_id, None)
    if rows and rows[0]["state"] in OPEN:
        return asked(rows[0])
    row = await visit_rows.find(conn, visit_id)
    if row["case_id"]:
        raise Conflict("an emergency visit is offered through its case", code="dispatch_case")
    state = row["state"]
    raise Conflict(f"cannot move a visit that is {state}", code="wrong_state", state=state, verb="retime")


def manner(settings: DistrictSettings) -> Manner:
    """Return how a district plans."""
    return Manner(
        freeze=timedelta(minutes=settings.plan_freeze_minutes),
        moved=timedelta(minutes=settings.promise_minutes),
        travel_factor=settings.travel_factor,
        change=settings.plan_change_minutes,
        shift=settings.plan_shift_weight,
        waiting=settings.plan_waiting_weight,
        missed_break=settings.plan_break_minutes,
    )


def asked(row: Row) -> Asked:
    """Return a visit's row as the planner sees it."""
    first = Span(row["window_start"], row["window_end"])
    follows = (row["follows_id"], row["follows_min"], row["follows_max"])
    return Asked(
        visit_id=row["id"],
        skill=service_items.get(row["service"]).skill,
        windows=tuple(sorted((first, *map(_span, row["windows"])), key=lambda one: one.starts_at)),
        region=row["region_code"],
        languages=frozenset(row["languages"]),
        follows=follows if row["follows_id"] else None,
        is_emergency=row["case_id"] is not None,
        held=row["held_reason"],
        movable=(row["movable_from"], row["movable_to"]) if row["movable_from"] else None,
        **{name: row[name] for name in _SAME},
    )


_SAME = (
    *("elder_id", "service", "priority", "state", "minutes", "staff", "lat", "lon", "provider_id", "absent"),
    *("is_optional", "is_pinned", "caregiver_id", "companion_id", "planned_start", "planned_end"),
    *("promised_at", "started_at"),
)


def _span(window: Mapping[str, Any]) -> Span:
    return Span(datetime.fromisoformat(window["from"]), datetime.fromisoformat(window["to"]))


async def _leads(conn: Conn, visits: list[Asked]) -> dict[UUID, datetime | None]:
    """Return when leads that are not among the visits of the day began (None: they will not be made)."""
    here = {one.visit_id for one in visits}
    away = [one.follows[0] for one in visits if one.follows and one.follows[0] not in here]
    if not away:
        return {}
    return {row["id"]: row["begins_at"] for row in await conn.fetch(SQL.list_leads, away)}


async def _last(conn: Conn, since: datetime, now: datetime) -> dict[UUID, Place]:
    rows = await conn.fetch(SQL.list_last, since, now)
    return {row["caregiver_id"]: Place(row["lat"], row["lon"], row["at"]) for row in rows}
