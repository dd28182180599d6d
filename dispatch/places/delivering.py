"""Meals carried to doors: routes are built, and become pinned visits of one caregiver in their order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core import districts
from core.accounts import Person
from core.db import Conn, Row
from core.districts import DistrictSettings
from core.errors import Conflict
from core.ids import new_id
from core.sql import load
from dispatch import caregivers, geo, visits
from dispatch.fields import wrong
from dispatch.places import batches, meals
from dispatch.places.batches import Delivery, Door, Limits, Point, Stop

SQL = load(__file__)
HANDING_OVER = 4.0
"""Minutes at a door: up the stairs, a word, down again."""


@dataclass(frozen=True, slots=True)
class Carrying:
    """What was sent on its way: batches by caregiver, and doors that nobody reaches in time, with why."""

    batches: tuple[UUID, ...]
    left: tuple[dict[str, Any], ...]


async def preview(
    conn: Conn, meal: UUID, carriers: int, now: datetime, speed_kmh: float = 18
) -> tuple[datetime, Delivery]:
    """Build the routes of what is to be delivered, and store nothing; return when they leave."""
    row = await meals.find(conn, meal)
    settings = await districts.settings(conn, row["district_id"])
    doors = [Door(one["id"], Point(one["lat"], one["lon"])) for one in await conn.fetch(SQL.list_doors, meal)]
    leaves = max(row["cooked_at"] or row["starts_at"], now)
    return leaves, _build(row, doors, leaves, carriers, settings, speed_kmh)


def _build(
    row: Row, doors: Sequence[Door], leaves: datetime, carriers: int, settings: DistrictSettings, speed: float
) -> Delivery:
    warm = (row["cooked_at"] or leaves) + timedelta(minutes=settings.meal_minutes)
    latest = (min(warm, row["ends_at"]) - leaves).total_seconds() / 60

    def minutes(one: Point, other: Point) -> float:
        km = geo.distance_km(one.lat, one.lon, other.lat, other.lon)
        return km * settings.travel_factor / speed * 60

    limits = Limits(settings.meal_box, latest, HANDING_OVER, carriers)
    return batches.build(Point(row["lat"], row["lon"]), doors, limits, minutes)


async def send(conn: Conn, meal: UUID, carriers: Sequence[UUID], by: Person, now: datetime) -> Carrying:
    """Put every portion that is to be delivered on the routes of these caregivers, one route each.

    Raises Conflict when nothing is to be delivered; doors that nobody reaches in time are named with why.
    """
    if not carriers or len(set(carriers)) < len(carriers):
        raise wrong("caregivers", "count", "one or more caregivers, each once")
    row = await conn.fetchrow(meals.SQL.lock_meal, meal)
    people = [await caregivers.find(conn, one) for one in carriers]
    slowest = min(float(one["speed_kmh"]) for one in people)
    leaves, built = await preview(conn, meal, len(carriers), now, slowest)
    if row is None or not (built.routes or built.left):
        raise Conflict("nothing is to be delivered", code="meal_no_doors")
    settings = await districts.settings(conn, row["district_id"])
    made = []
    for person, route in zip(people, built.routes, strict=False):
        batch = new_id()
        values = (batch, row["district_id"], meal, person["id"], leaves, settings.meal_box)
        await conn.execute(SQL.create_batch, *values, by.account_id, now)
        await _carry(conn, batch, row, person, leaves, route, by, now)
        made.append(batch)
    left = tuple(
        {"serving_id": str(one.door.id), "code": one.code, "minutes": round(one.minutes, 1)}
        for one in built.left
    )
    return Carrying(tuple(made), left)


async def _carry(
    conn: Conn,
    batch: UUID,
    meal: Row,
    person: Row,
    leaves: datetime,
    route: Sequence[Stop],
    by: Person,
    now: datetime,
) -> None:
    """Make a visit of each door, in its order: who and when are fixed, the planner leaves them."""
    before: UUID | None = None
    for position, stop in enumerate(route):
        serving = await meals.find_serving(conn, stop.door.id)
        begins = leaves + timedelta(minutes=stop.arrives)
        visit = await visits.want(
            conn,
            district=meal["district_id"],
            elder_id=serving["elder_id"],
            service="meal",
            window_start=min(leaves, begins),
            window_end=max(meal["ends_at"], begins),
            now=now,
            provider_id=person["provider_id"],
            minutes=int(HANDING_OVER),
            funding=serving["funding"],
            by=by,
            follows=(before, 0, 240) if before else None,
            origin=f"meal:{serving['id']}",
        )
        why = {"chosen": {"caregiver_id": str(person["id"]), "code": "meal_route"}, "considered": []}
        await visits.offer(conn, visit, person["id"], by, now, why)
        await conn.execute(SQL.pin, visit, begins, begins + timedelta(minutes=HANDING_OVER), now)
        await conn.execute(SQL.load_box, serving["id"], batch, position, visit)
        before = visit
