"""Orders: single visits that a family pays, or that the office or the call centre asks for."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from core.db import Row
from core.errors import Invalid, NotFound
from dashboards import visible
from dashboards.api.shapes import (
    CENTRE,
    STAFF,
    Code,
    Given,
    Instant,
    Line,
    Note,
    Page,
    Paged,
    Shape,
    shape_of,
)
from dashboards.auth import Guarded, Scope, allow
from services import orders
from services.orders import NewOrder

router = APIRouter(prefix="/api/v1/orders", tags=["orders"], route_class=Guarded)
Readers = Annotated[Scope, allow(*STAFF, "provider_manager", "family")]
Clients = Annotated[Scope, allow(*CENTRE, "clerk", "family")]
Office = Annotated[Scope, allow(*CENTRE, "clerk")]


class GivenOrder(Given):
    """What is asked for; a family's order is always private."""

    elder_id: UUID
    service: Code
    window_start: Instant
    window_end: Instant
    minutes: int | None = Field(None, ge=1, le=720)
    funding: Code = "private"
    provider_id: UUID | None = None
    note: Note = ""


class Why(Given):
    """Why it is called off."""

    reason: Line


class Opinion(Given):
    """What is thought of it, one to five."""

    rating: int = Field(ge=1, le=5)
    review: Note = ""


class CallBack(Given):
    """What was said on the telephone afterwards."""

    satisfied: bool
    note: Note = ""


class Order(Shape):
    """One order; its state follows from its visit."""

    id: UUID
    elder_id: UUID
    elder_name: str
    visit_id: UUID
    state: str
    visit_state: str
    service: str
    window_start: datetime
    window_end: datetime
    minutes: int
    funding: str
    provider_id: UUID | None
    caregiver_id: UUID | None
    caregiver_name: str | None
    planned_start: datetime | None
    held_reason: str | None
    note: str
    ordered_by: UUID
    ordered_at: datetime
    cancelled_reason: str | None
    rating: int | None
    review: str | None
    call_back: dict[str, Any] | None


@router.get("")
async def list_(
    scope: Readers, paged: Paged, elder_id: UUID | None = None, state: Code | None = None
) -> Page[Order]:
    """List orders, newest first: of the district, of a provider, of a family's own elders."""
    provider = visible.own_provider(scope)

    async def fetch(elder: UUID | None) -> list[Row]:
        return await orders.list_(
            scope.conn, elder_id=elder, state=state, provider_id=provider, after=paged.after, limit=paged.ask
        )

    rows = await visible.of_elders(scope, elder_id, fetch, newest_first=True)
    return paged.page(rows, Order)


@router.post("", status_code=201)
async def place(given: GivenOrder, scope: Clients) -> Order:
    """Order a visit; it is wanted at once."""
    await visible.check_elder(scope, given.elder_id)
    await visible.check(scope, "provider", given.provider_id)
    if scope.person.role == "family" and given.funding != "private":
        raise Invalid("funding: a family's order is private", [{"field": "funding", "code": "private_only"}])
    order = await orders.place(scope.conn, NewOrder(**given.model_dump()), scope.person, scope.now)
    return shape_of(Order, await orders.find(scope.conn, order))


@router.get("/{order_id}")
async def find(order_id: UUID, scope: Readers) -> Order:
    """Show one order."""
    return shape_of(Order, await seen(scope, order_id))


@router.post("/{order_id}/cancel")
async def cancel(order_id: UUID, given: Why, scope: Clients) -> Order:
    """Call an order off; 409 when its visit has begun."""
    await seen(scope, order_id)
    return shape_of(Order, await orders.cancel(scope.conn, order_id, scope.person, scope.now, given.reason))


@router.post("/{order_id}/review")
async def review(order_id: UUID, given: Opinion, scope: Clients) -> Order:
    """Say what is thought of it, once."""
    await seen(scope, order_id)
    words = (given.rating, given.review)
    return shape_of(Order, await orders.review(scope.conn, order_id, scope.person, scope.now, *words))


@router.post("/{order_id}/call-back")
async def call_back(order_id: UUID, given: CallBack, scope: Office) -> Order:
    """Keep what the elder said when the office called afterwards, once."""
    await seen(scope, order_id)
    said = given.model_dump()
    return shape_of(Order, await orders.call_back(scope.conn, order_id, scope.person, scope.now, **said))


async def seen(scope: Scope, order: UUID) -> Row:
    """Return an order that the person may know of, or raise NotFound."""
    row = await orders.find(scope.conn, order)
    await visible.check_owner(scope, "order", order, row["elder_id"])
    if visible.own_provider(scope) not in {None, row["provider_id"]}:
        raise NotFound(f"no order {order}")
    return row
