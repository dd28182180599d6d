"""A day as the planner starts with it: what upset it, movable visits brought to it, the ways between."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from core.db import Conn, Pool
from core.settings import Settings
from dispatch.planning import facts, spreading, triggers
from dispatch.planning.days import points
from dispatch.planning.shapes import DayFacts
from dispatch.travel import opening
from dispatch.travel.ways import Point, Ways


async def day(
    conn: Conn,
    district: UUID,
    on: date,
    now: datetime,
    provider: UUID | None = None,
    trigger: dict[str, Any] | None = None,
) -> DayFacts:
    """Return the day with what upset it; without that, movable visits whose day this is come to it first."""
    if not trigger:
        await spreading.choose(conn, on, now, provider)
    return triggers.apply(await facts.read(conn, district, on, now, provider), trigger or {})


async def ways(
    settings: Settings, pool: Pool, district: UUID, factor: float, known: DayFacts, now: datetime
) -> Ways:
    """Return the ways between the places of a day."""
    places = [Point(lat, lon) for lat, lon in points(known)] or [Point(0.0, 0.0)]
    async with opening.opened(settings, pool, district, factor) as travel:
        return await travel.ways(places, now)
