"""Places: institutions, day-care centres, meal points and the three tiers of centres."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import pairwise
from typing import Any
from uuid import UUID

from core import districts
from core.db import Conn, Row
from core.errors import NotFound
from core.ids import new_id
from core.sql import load
from dispatch.fields import one_of, wrong
from dispatch.places import circles
from dispatch.places.circles import Reach, Spot

SQL = load(__file__)
KINDS = ("institution", "day_care", "meal_point", "centre")
TIERS = ("county", "town", "community")
_LONGEST, _MOST = 80, 100_000


@dataclass(frozen=True, slots=True)
class NewPlace:
    """What a place is made of; `hours` are local opening hours by weekday (1 Monday)."""

    kind: str
    name: str
    lat: float
    lon: float
    capacity: int
    opened_on: date
    tier: str | None = None
    hours: Mapping[str, Sequence[Sequence[str]]] = field(default_factory=dict)
    has_kitchen: bool = False
    provider_id: UUID | None = None
    parent_id: UUID | None = None
    region_code: str | None = None
    address: str = ""
    phone: str = ""
    closed_on: date | None = None


async def create(conn: Conn, district: UUID, new: NewPlace, now: datetime) -> UUID:
    """Make a place; raise Invalid naming the field."""
    identity = new_id()
    await conn.execute(SQL.create_place, identity, district, *await _values(conn, new, None), now)
    return identity


async def change(conn: Conn, place: UUID, new: NewPlace) -> None:
    """Change a place; raise NotFound, or Invalid naming the field."""
    if await conn.fetchval(SQL.change_place, place, *await _values(conn, new, place)) is None:
        raise NotFound(f"no place {place}")


async def find(conn: Conn, place: UUID) -> Row:
    """Return a place with who runs it and what guides it; raise NotFound."""
    row = await conn.fetchrow(SQL.find_place, place)
    if row is None:
        raise NotFound(f"no place {place}")
    return row


async def list_(
    conn: Conn,
    *,
    kind: str | None = None,
    provider_id: UUID | None = None,
    on: date | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Row]:
    """Return places by id; with `on` those that are open to the public on that day."""
    return await conn.fetch(SQL.list_places, kind, provider_id, on, after, limit)


async def reaches(conn: Conn, district: UUID, kinds: Sequence[str], on: date) -> list[tuple[Row, Reach]]:
    """Return every living elder with the nearest place of these kinds, the farthest first."""
    settings = await districts.settings(conn, district)
    elders = await conn.fetch(SQL.list_homes)
    open_ = await conn.fetch(SQL.list_spots, list(kinds), on)
    people = [Spot(row["id"], row["lat"], row["lon"]) for row in elders]
    spots = [Spot(row["id"], row["lat"], row["lon"]) for row in open_]
    found = circles.reach(people, spots, settings.circle_minutes, settings.walk_kmh, settings.travel_factor)
    return sorted(zip(elders, found, strict=True), key=lambda one: -one[1].metres)


async def _values(conn: Conn, new: NewPlace, own: UUID | None) -> tuple[object, ...]:
    one_of("kind", new.kind, KINDS)
    if (new.kind == "centre") != (new.tier is not None) or new.tier not in {None, *TIERS}:
        raise wrong("tier", "tier", "a centre has one, nothing else has")
    name = new.name.strip()
    if not 0 < len(name) <= _LONGEST:
        raise wrong("name", "missing", f"1 to {_LONGEST} characters")
    if not 0 <= new.capacity <= _MOST:
        raise wrong("capacity", "count", f"0 to {_MOST}")
    if new.closed_on and new.closed_on <= new.opened_on:
        raise wrong("closed_on", "before_start", "closes before it opens")
    await _check_parent(conn, new, own)
    what = (new.kind, new.tier, name, new.capacity, read_hours(new.hours), new.has_kitchen)
    where = (new.region_code, new.address.strip(), new.phone.strip(), new.lat, new.lon)
    return (*what, new.provider_id, new.parent_id, *where, new.opened_on, new.closed_on)


async def _check_parent(conn: Conn, new: NewPlace, own: UUID | None) -> None:
    """Refuse a guiding centre that is none, is below, or is guided by this place."""
    if new.parent_id is None:
        return
    parent = await find(conn, new.parent_id)
    if parent["kind"] != "centre" or new.parent_id == own:
        raise wrong("parent_id", "no_centre", "a centre of a tier above")
    if new.tier and TIERS.index(parent["tier"]) >= TIERS.index(new.tier):
        raise wrong("parent_id", "no_centre", "a centre of a tier above")


def read_hours(hours: Mapping[str, Sequence[Sequence[str]]]) -> dict[str, list[list[str]]]:
    """Return opening hours in order; raise Invalid when they are none or overlap."""
    made: dict[str, list[list[str]]] = {}
    for day, spans in hours.items():
        if day not in {"1", "2", "3", "4", "5", "6", "7"}:
            raise wrong("hours", "weekday", "weekdays are 1 to 7")
        ordered = sorted(_span(span) for span in spans)
        for (_, end), (start, _) in pairwise(ordered):
            if start < end:
                raise wrong("hours", "overlap", "two of them overlap")
        if ordered:
            made[day] = [[f"{start:%H:%M}", f"{end:%H:%M}"] for start, end in ordered]
    return made


def _span(span: Sequence[str]) -> tuple[time, time]:
    try:
        start, end = (time.fromisoformat(clock) for clock in span)
    except (TypeError, ValueError) as error:
        raise wrong("hours", "clock", "opening hours are two times") from error
    if end <= start:
        raise wrong("hours", "before_start", "closes before it opens")
    return start, end


def is_open(hours: Mapping[str, Any], at: datetime) -> bool:
    """Say whether a place with these hours is open at a local instant."""
    clock = f"{at:%H:%M}"
    return any(start <= clock < end for start, end in hours.get(str(at.isoweekday()), ()))
