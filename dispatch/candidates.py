"""Candidates: every caregiver of the district with the facts that decide who goes to an emergency."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core.clock import local_date
from core.db import Conn, Row
from core.districts import DistrictSettings
from core.errors import Conflict
from core.sql import load
from dispatch.matching import Busy, Candidate, Certificate, Need
from dispatch.service_items import ServiceItem

SQL = load(__file__)
EMERGENCY_PRIORITY = 1
FRESH = timedelta(minutes=30)
"""A position older than this says less than the caregiver's base."""
SOON = timedelta(minutes=60)
"""A visit promised within this counts as work."""


async def need(conn: Conn, case: Row, item: ServiceItem, settings: DistrictSettings, now: datetime) -> Need:
    """Say what the case needs, where and when; raise Conflict when it names nobody."""
    place = await conn.fetchrow(SQL.find_place, case["id"])
    if place is None:
        raise Conflict("the alarm names no elder, so nobody can be sent", code="no_elder")
    return Need(
        service=item.code,
        skill=item.skill,
        priority=EMERGENCY_PRIORITY,
        lat=place["lat"],
        lon=place["lon"],
        at=now,
        on=local_date(now),
        reach_min=float(settings.emergency_reach_minutes),
        travel_factor=settings.travel_factor,
    )


async def find(conn: Conn, case: Row, skill: str, now: datetime) -> tuple[list[Candidate], dict[UUID, UUID]]:
    """Return every caregiver of the district, and whose provider each is."""
    rows = await conn.fetch(SQL.list_candidates, now, now - FRESH)
    certified: dict[UUID, list[Certificate]] = defaultdict(list)
    for row in await conn.fetch(SQL.list_certificates, skill):
        certified[row["caregiver_id"]].append(Certificate(row["skill"], row["valid_from"], row["valid_to"]))
    busy: dict[UUID, list[Busy]] = defaultdict(list)
    for row in await conn.fetch(SQL.list_busy, now, now + SOON):
        busy[row["caregiver_id"]].append(Busy(row["id"], row["priority"], row["until"]))
    declined = {r["caregiver_id"]: r["at"] for r in await conn.fetch(SQL.list_declined, case["id"])}
    on_shift = {r["caregiver_id"]: r for r in await conn.fetch(SQL.list_shifts, now)}
    found = [
        Candidate(
            caregiver_id=row["id"],
            name=row["name"],
            skills=frozenset(row["skills"]),
            certificates=tuple(certified.get(row["id"], ())),
            busy=tuple(busy.get(row["id"], ())),
            declined_at=declined.get(row["id"]),
            speed_kmh=row["speed_kmh"],
            **_shift(on_shift.get(row["id"])),
            **_place(row),
        )
        for row in rows
    ]
    return found, {row["id"]: row["provider_id"] for row in rows}


def _shift(row: Row | None) -> dict[str, Any]:
    return {"shift_until": row["until"] if row else None, "next_shift": row["next"] if row else None}


def _place(row: Row) -> dict[str, Any]:
    """Take the last known position while it is fresh, else the base."""
    if row["last_lat"] is not None:
        return {"lat": row["last_lat"], "lon": row["last_lon"], "position": "last"}
    return {"lat": row["lat"], "lon": row["lon"], "position": "base"}
