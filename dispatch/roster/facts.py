"""The facts of `fitness`, read for a span of time: caregivers, elders' wishes, who was there before."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

from core.db import Conn, Row
from core.sql import load
from dispatch.matching import Certificate
from dispatch.roster.fitness import CaregiverFacts, Covered, Leave, Shift, Wishes

SQL = load(__file__)
REMEMBERED = timedelta(days=90)
"""Continuity looks so far back."""


async def caregivers(
    conn: Conn, since: datetime, until: datetime, *, provider_id: UUID | None = None
) -> list[CaregiverFacts]:
    """Return all who work here, with the shifts and approved leaves that touch [since, until)."""
    certified: dict[UUID, list[Certificate]] = defaultdict(list)
    for row in await conn.fetch(SQL.list_certified):
        certified[row["caregiver_id"]].append(Certificate(row["skill"], row["valid_from"], row["valid_to"]))
    shifts: dict[UUID, list[Shift]] = defaultdict(list)
    for row in await conn.fetch(SQL.list_on_shift, since, until):
        shifts[row["caregiver_id"]].append(_shift(row))
    leaves: dict[UUID, list[Leave]] = defaultdict(list)
    for row in await conn.fetch(SQL.list_away, since, until):
        leaves[row["caregiver_id"]].append(Leave(row["starts_at"], row["ends_at"], row["kind"]))
    covered: dict[UUID, list[Covered]] = defaultdict(list)
    for row in await conn.fetch(SQL.list_covered):
        covered[row["provider_id"]].append(_covered(row))
    return [
        CaregiverFacts(
            caregiver_id=row["id"],
            name=row["name"],
            provider_id=row["provider_id"],
            gender=row["gender"],
            skills=frozenset(row["skills"]),
            certificates=tuple(certified[row["id"]]),
            languages=frozenset(row["languages"]),
            shifts=tuple(shifts[row["id"]]),
            leaves=tuple(leaves[row["id"]]),
            coverage=tuple(covered[row["provider_id"]]),
            lat=row["lat"],
            lon=row["lon"],
            vehicle=row["vehicle"],
            speed_kmh=row["speed_kmh"],
        )
        for row in await conn.fetch(SQL.list_workers, provider_id)
    ]


async def wishes(conn: Conn, on: date, elders: Collection[UUID] | None = None) -> dict[UUID, Wishes]:
    """Return the wishes in force on a day, by elder (None: of the whole district)."""
    named = list(elders) if elders is not None else None
    rows: dict[UUID, list[Row]] = defaultdict(list)
    for row in await conn.fetch(SQL.list_wishes_on, on, named):
        rows[row["elder_id"]].append(row)
    return {elder: gathered(found) for elder, found in rows.items()}


async def seen(
    conn: Conn, before: datetime, elders: Collection[UUID] | None = None
) -> dict[UUID, dict[UUID, int]]:
    """Return who made how many of each elder's visits of the last 90 days (None: of the whole district)."""
    named = list(elders) if elders is not None else None
    found: dict[UUID, dict[UUID, int]] = defaultdict(dict)
    for row in await conn.fetch(SQL.count_seen, before - REMEMBERED, before, named):
        found[row["elder_id"]][row["caregiver_id"]] = row["visits"]
    return dict(found)


def gathered(rows: Collection[Row]) -> Wishes:
    """Put an elder's rows together."""
    gender = next((row for row in rows if row["kind"] == "gender"), None)
    language = next((row for row in rows if row["kind"] == "language"), None)
    return Wishes(
        preferred=frozenset(row["caregiver_id"] for row in rows if row["kind"] == "prefer"),
        never=frozenset(row["caregiver_id"] for row in rows if row["kind"] == "never"),
        gender=gender["value"] if gender else None,
        is_gender_hard=bool(gender and gender["is_hard"]),
        language=language["value"] if language else None,
        is_language_hard=bool(language and language["is_hard"]),
    )


def _shift(row: Row) -> Shift:
    rest = (row["break_from"], row["break_to"], row["break_minutes"])
    return Shift(row["starts_at"], row["ends_at"], row["id"], *rest)


def _covered(row: Row) -> Covered:
    term = (row["valid_from"], row["valid_to"], row["response_minutes"], row["capacity"])
    return Covered(row["service"], row["region_code"], *term)
