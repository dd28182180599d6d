"""Meals: cooked at a place, eaten there with a code, or carried to doors on routes."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from core.db import Row
from core.errors import NotFound
from dashboards import audited, employed, visible
from dashboards.api.shapes import CENTRE, Code, Day, Given, Instant, Note, Page, Paged, Shape, shape_of
from dashboards.auth import Guarded, Scope, allow
from dispatch.places import cards, delivering, meals, places

router = APIRouter(prefix="/api/v1/meals", tags=["places"], route_class=Guarded)
servings = APIRouter(prefix="/api/v1/servings", tags=["places"], route_class=Guarded)
own = APIRouter(prefix="/api/v1/elders", tags=["places"], route_class=Guarded)
HANDS = (*CENTRE, "clerk", "provider_manager")
Hands = Annotated[Scope, allow(*HANDS)]
Readers = Annotated[Scope, allow(*HANDS, "auditor", "approver")]
Holders = Annotated[Scope, allow(*CENTRE, "clerk", "family")]


class NewMeal(Given):
    """A meal at a place."""

    place_id: UUID
    on: Day
    kind: Code
    portions: int = Field(ge=1, le=10_000)
    starts_at: Instant
    ends_at: Instant
    menu: Note = ""


class Portion(Given):
    """Who gets a portion, and how."""

    elder_id: UUID
    mode: Code = "eat_in"
    funding: Code = "subsidy"


class Shown(Given):
    """The code that is shown at the place."""

    code: str = Field(max_length=40)


class Vouched(Given):
    """Whom somebody vouches for, who has no code with them."""

    elder_id: UUID


class Cooked(Given):
    """When it left the stove."""

    at: Instant


class Carriers(Given):
    """Whose routes they are, one each."""

    caregiver_ids: list[UUID] = Field(min_length=1, max_length=40)


class Meal(Shape):
    """One meal with its counts."""

    id: UUID
    place_id: UUID
    place_name: str
    on: date
    kind: str
    menu: str
    portions: int
    starts_at: datetime
    ends_at: datetime
    cooked_at: datetime | None
    ordered: int
    eat_in: int
    deliver: int
    served: int


class Serving(Shape):
    """One portion."""

    id: UUID
    meal_id: UUID
    elder_id: UUID
    elder_name: str
    mode: str
    funding: str
    served_at: datetime | None
    served_how: str | None
    visit_id: UUID | None
    batch_id: UUID | None
    position: int | None


class Sent(Shape):
    """What was sent on its way, and the doors that nobody reaches in time, with why."""

    batches: list[UUID]
    left: list[dict[str, Any]]


class Card(Shape):
    """The six digits that are shown at a meal point."""

    code: str


@router.get("")
async def list_(
    scope: Readers, paged: Paged, on: Day | None = None, place_id: UUID | None = None
) -> Page[Meal]:
    """List meals, newest first."""
    await visible.check(scope, "place", place_id)
    rows = await meals.list_(scope.conn, on=on, place_id=place_id, after=paged.after, limit=paged.ask)
    return paged.page(rows, Meal)


@router.post("", status_code=201)
async def create(given: NewMeal, scope: Hands) -> Meal:
    """Plan a meal."""
    await visible.check(scope, "place", given.place_id)
    what = given.model_dump(exclude={"place_id"})
    await _runs(scope, await places.find(scope.conn, given.place_id), f"no place {given.place_id}")
    meal = await meals.create(
        scope.conn,
        district=scope.person.district_id,
        place=given.place_id,
        now=scope.now,
        by=scope.person,
        **what,
    )
    return shape_of(Meal, await meals.find(scope.conn, meal))


@router.get("/{meal_id}")
async def find(meal_id: UUID, scope: Readers) -> Meal:
    """Show one meal."""
    return shape_of(Meal, await _seen(scope, meal_id))


@router.get("/{meal_id}/servings")
async def list_servings(meal_id: UUID, scope: Readers) -> list[Serving]:
    """List who gets the meal, routes first in their order."""
    await _seen(scope, meal_id)
    return [shape_of(Serving, row) for row in await meals.servings(scope.conn, meal_id)]


@router.post("/{meal_id}/servings", status_code=201)
async def order(meal_id: UUID, given: Portion, scope: Hands) -> Serving:
    """Order a portion; 409 when the person has this meal already, here or elsewhere."""
    await _seen(scope, meal_id)
    await visible.check_elder(scope, given.elder_id)
    await meals.check_known(scope.conn, given.elder_id, _provider(scope))
    how = (given.mode, scope.now, scope.person, given.funding)
    serving = await meals.order(scope.conn, meal_id, given.elder_id, *how)
    return shape_of(Serving, await meals.find_serving(scope.conn, serving))


@router.post("/{meal_id}/attend")
async def attend(meal_id: UUID, given: Shown, scope: Hands) -> Serving:
    """Record who eats here by the code that is shown; 409 says where and when the person has had it."""
    await _seen(scope, meal_id)
    row = await meals.attend(scope.conn, scope.keys, meal_id, given.code, scope.person, scope.now)
    return shape_of(Serving, row)


@router.post("/{meal_id}/vouch")
async def vouch(meal_id: UUID, given: Vouched, scope: Hands) -> Serving:
    """Record who eats here without a code: a person vouches."""
    await _seen(scope, meal_id)
    await visible.check_elder(scope, given.elder_id)
    await meals.check_known(scope.conn, given.elder_id, _provider(scope))
    row = await meals.serve(scope.conn, meal_id, given.elder_id, "staff", scope.person, scope.now)
    return shape_of(Serving, row)


@router.post("/{meal_id}/cooked")
async def cooked(meal_id: UUID, given: Cooked, scope: Hands) -> Meal:
    """Say when it left the stove."""
    await _seen(scope, meal_id)
    return shape_of(Meal, await meals.cooked(scope.conn, meal_id, given.at))


@router.post("/{meal_id}/send")
async def send(meal_id: UUID, given: Carriers, scope: Hands) -> Sent:
    """Build routes of what is to be delivered and offer them to these caregivers."""
    await _seen(scope, meal_id)
    for one in given.caregiver_ids:
        await employed.caregiver(scope, one)
    made = await delivering.send(scope.conn, meal_id, given.caregiver_ids, scope.person, scope.now)
    return Sent(batches=list(made.batches), left=list(made.left))


@servings.post("/{serving_id}/cancel", status_code=204)
async def cancel(serving_id: UUID, scope: Hands) -> None:
    """Call a portion off before it is eaten or carried out."""
    row = await meals.find_serving(scope.conn, serving_id)
    await _seen(scope, row["meal_id"])
    await meals.cancel(scope.conn, serving_id, scope.now)


@own.get("/{elder_id}/meal-card")
async def card(elder_id: UUID, scope: Holders) -> Card:
    """Show an elder's code, on record; made when there is none."""
    await visible.check_elder(scope, elder_id)
    district = scope.person.district_id
    await audited.note(scope, "reveal", "elder", elder_id, {"field": "meal_card"})
    return Card(code=await cards.of(scope.conn, scope.keys, district, elder_id, scope.now))


@own.post("/{elder_id}/meal-card/renew")
async def renew(elder_id: UUID, scope: Holders) -> Card:
    """Give an elder a new code, on record; the old one is worth nothing any more."""
    await visible.check_elder(scope, elder_id)
    district = scope.person.district_id
    await audited.note(scope, "meal_card.renew", "elder", elder_id)
    return Card(code=await cards.renew(scope.conn, scope.keys, district, elder_id, scope.now))


async def _seen(scope: Scope, meal: UUID) -> Row:
    row = await meals.find(scope.conn, meal)
    await _runs(scope, row, f"no meal {meal}")
    return row


async def _runs(scope: Scope, row: Row, unknown: str) -> None:
    """Raise NotFound for a provider's manager who does not run the place."""
    if scope.person.role == "provider_manager" and row["provider_id"] != _provider(scope):
        raise NotFound(unknown)


def _provider(scope: Scope) -> UUID | None:
    if scope.person.role != "provider_manager":
        return None
    if scope.person.provider_id is None:
        raise NotFound("your account belongs to no provider")
    return scope.person.provider_id
