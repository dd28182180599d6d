"""Places: institutions, day-care centres, meal points, centres of three tiers; who lives outside."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from core.clock import local_date
from dashboards import visible
from dashboards.api.shapes import (
    EVERYBODY,
    STAFF,
    Code,
    Day,
    Given,
    Latitude,
    Line,
    Longitude,
    Page,
    Paged,
    Shape,
    shape_of,
)
from dashboards.auth import Guarded, Scope, allow
from dispatch.places import places
from dispatch.places.places import NewPlace

router = APIRouter(prefix="/api/v1/places", tags=["places"], route_class=Guarded)
Readers = Annotated[Scope, allow(*EVERYBODY)]
Office = Annotated[Scope, allow(*STAFF)]
Writers = Annotated[Scope, allow("clerk", "admin")]
Kinds = Annotated[list[Code], Query(max_length=4)]


class GivenPlace(Given):
    """What a place is made of; `hours` are local opening hours by weekday, 1 Monday."""

    kind: Code
    name: Line
    lat: Latitude
    lon: Longitude
    capacity: int = Field(ge=0, le=100_000)
    opened_on: Day
    tier: Code | None = None
    hours: dict[str, list[list[str]]] = Field(default_factory=dict, max_length=7)
    has_kitchen: bool = False
    provider_id: UUID | None = None
    parent_id: UUID | None = None
    region_code: str | None = Field(None, pattern=r"^\d{6}(\d{3}(\d{3})?)?$")
    address: str = Field("", max_length=200)
    phone: str = Field("", max_length=30)
    closed_on: Day | None = None

    def new(self) -> NewPlace:
        """Return it as dispatch takes it."""
        return NewPlace(**self.model_dump())


class Place(Shape):
    """One place."""

    id: UUID
    kind: str
    tier: str | None
    name: str
    capacity: int
    hours: dict[str, Any]
    has_kitchen: bool
    provider_id: UUID | None
    provider_name: str | None
    parent_id: UUID | None
    parent_name: str | None
    region_code: str | None
    address: str
    phone: str
    lat: float
    lon: float
    opened_on: date
    closed_on: date | None
    created_at: datetime


class Outside(Shape):
    """Somebody who lives outside every circle: the nearest place, and minutes on foot."""

    elder_id: UUID
    elder_name: str
    nearest_id: UUID | None
    metres: int | None
    minutes: int | None


@router.get("")
async def list_(scope: Readers, paged: Paged, kind: Code | None = None) -> Page[Place]:
    """List places."""
    return paged.page(await places.list_(scope.conn, kind=kind, after=paged.after, limit=paged.ask), Place)


@router.get("/outside")
async def outside(
    scope: Office, kind: Kinds, limit: Annotated[int, Query(ge=1, le=10_000)] = 1000
) -> list[Outside]:
    """List elders who live outside the circle of every place of these kinds, the farthest first."""
    person, today = scope.person, local_date(scope.now)
    found = await places.reaches(scope.conn, person.district_id, kind, today)
    far = [(row, one) for row, one in found if not one.is_inside][:limit]
    return [
        Outside(
            elder_id=row["id"],
            elder_name=row["name"],
            nearest_id=one.nearest,
            metres=round(one.metres) if one.nearest else None,
            minutes=round(one.minutes) if one.nearest else None,
        )
        for row, one in far
    ]


@router.post("", status_code=201)
async def create(given: GivenPlace, scope: Writers) -> Place:
    """Make a place."""
    await visible.check(scope, "provider", given.provider_id)
    identity = await places.create(scope.conn, scope.person.district_id, given.new(), scope.now)
    return shape_of(Place, await places.find(scope.conn, identity))


@router.get("/{place_id}")
async def find(place_id: UUID, scope: Readers) -> Place:
    """Show one place."""
    return shape_of(Place, await places.find(scope.conn, place_id))


@router.post("/{place_id}/change")
async def change(place_id: UUID, given: GivenPlace, scope: Writers) -> Place:
    """Change a place; all of it is given again."""
    await places.find(scope.conn, place_id)
    await visible.check(scope, "provider", given.provider_id)
    await places.change(scope.conn, place_id, given.new())
    return shape_of(Place, await places.find(scope.conn, place_id))
