"""Elders' wishes of those who come, and what providers have undertaken."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from core.errors import NotFound
from dashboards import audited, employed, visible
from dashboards.api.shapes import STAFF, Code, Day, Given, Page, Paged, Shape, shape_of
from dashboards.auth import Guarded, Scope, allow
from dashboards.employed import MANAGERS
from dispatch.roster import coverage, wishes
from dispatch.roster.fitness import Covered
from dispatch.roster.wishing import Wish as Wished

router = APIRouter(prefix="/api/v1/wishes", tags=["wishes"], route_class=Guarded)
covering = APIRouter(prefix="/api/v1/coverage", tags=["coverage"], route_class=Guarded)
Readers = Annotated[Scope, allow(*STAFF, "provider_manager", "family")]
Noters = Annotated[Scope, allow("operator", "duty_manager", *MANAGERS)]
Providers = Annotated[Scope, allow(*STAFF, "provider_manager")]
Office = Annotated[Scope, allow("clerk", "admin")]
Count = Annotated[int, Field(ge=1, le=1_000_000)]


class Wish(Shape):
    """Who should come, who never, a gender, a language."""

    id: UUID
    elder_id: UUID
    kind: str
    caregiver_id: UUID | None
    caregiver_name: str | None
    value: str | None
    is_hard: bool
    wished_by: str
    since: date
    ended_on: date | None


class NewWish(Given):
    """A wish: prefer and never name a caregiver, gender and language a value; `is_hard`: a condition."""

    elder_id: UUID
    kind: Literal["prefer", "never", "gender", "language"]
    caregiver_id: UUID | None = None
    value: Code | None = None
    is_hard: bool = False
    wished_by: Literal["elder", "family", "staff"] = "elder"
    since: Day | None = None


class Ended(Given):
    """The first day on which it holds no longer (of coverage: the last on which it does)."""

    on: Day


class Covering(Shape):
    """A service (null: every one) in a region and all below it, how soon, how many visits a day."""

    id: UUID
    provider_id: UUID
    provider_name: str
    service: str | None
    region_code: str
    region_name: str | None
    response_minutes: int | None
    capacity: int | None
    valid_from: date
    valid_to: date | None


class NewCovering(Given):
    """What a provider undertakes."""

    provider_id: UUID
    service: Code | None = None
    region_code: Annotated[str, Field(pattern=r"^[0-9]{6}([0-9]{3}([0-9]{3})?)?$")]
    response_minutes: Count | None = None
    capacity: Count | None = None
    valid_from: Day
    valid_to: Day | None = None


class Made(Shape):
    """What was made."""

    id: UUID


@router.get("")
async def list_(scope: Readers, paged: Paged, elder_id: UUID | None = None) -> Page[Wish]:
    """List wishes in force, the latest first; a family its own elders'."""
    await visible.check_elder(scope, elder_id)
    mine = await visible.elders(scope)
    about = {"elders": [elder_id] if elder_id else mine, "provider_id": await employed.provider(scope, None)}
    rows = await wishes.list_(scope.conn, **about, after=paged.after, limit=paged.ask)  # type: ignore[arg-type]
    return paged.page(rows, Wish)


@router.post("", status_code=201)
async def create(given: NewWish, scope: Noters) -> Made:
    """Note a wish; 409 names it and the one in force that contradicts it."""
    await visible.check_elder(scope, given.elder_id)
    await check_served(scope, given.elder_id)
    await visible.check(scope, "caregiver", given.caregiver_id)
    return Made(id=await note(scope, given))


async def note(scope: Scope, given: NewWish) -> UUID:
    """Note a wish, on record."""
    wish = Wished(given.kind, given.caregiver_id, given.value, given.is_hard)
    since = given.since or scope.now.date()
    said = {"wished_by": given.wished_by, "since": since, "by": scope.person, "now": scope.now}
    identity = await wishes.note(scope.conn, given.elder_id, wish, **said)  # type: ignore[arg-type]
    await audited.note(scope, "wish.note", "elder", given.elder_id, {"kind": given.kind})
    return identity


async def check_served(scope: Scope, elder_id: UUID) -> None:
    """Raise NotFound for an elder to whom a manager's provider sends nobody."""
    provider = await employed.provider(scope, None)
    if provider is not None and not await wishes.is_served(scope.conn, elder_id, provider):
        raise NotFound(f"no elder {elder_id}")


@router.post("/{wish_id}/end")
async def end(wish_id: UUID, scope: Noters, given: Ended) -> Wish:
    """End a wish."""
    await check_served(scope, (await wishes.find(scope.conn, wish_id))["elder_id"])
    return await finish(scope, wish_id, given.on)


async def finish(scope: Scope, wish_id: UUID, on: date) -> Wish:
    """End a wish, on record."""
    row = await wishes.end(scope.conn, wish_id, on)
    await audited.note(scope, "wish.end", "elder", row["elder_id"], {"kind": row["kind"]})
    return shape_of(Wish, row)


@covering.get("")
async def list_coverage(scope: Providers, paged: Paged, provider_id: UUID | None = None) -> Page[Covering]:
    """List what providers have undertaken, the latest first."""
    provider = await employed.provider(scope, provider_id)
    about = {"after": paged.after, "limit": paged.ask}
    return paged.page(await coverage.list_(scope.conn, provider_id=provider, **about), Covering)  # type: ignore[arg-type]


@covering.post("", status_code=201)
async def create_coverage(given: NewCovering, scope: Office) -> Made:
    """Note what a provider has undertaken."""
    await visible.check(scope, "provider", given.provider_id)
    figures = (given.response_minutes, given.capacity)
    what = Covered(given.service, given.region_code, given.valid_from, given.valid_to, *figures)
    identity = await coverage.create(scope.conn, given.provider_id, what)
    about: dict[str, object] = {"provider_id": str(given.provider_id), "region": given.region_code}
    await audited.note(scope, "coverage.create", "coverage", identity, about)
    return Made(id=identity)


@covering.post("/{coverage_id}/end")
async def end_coverage(coverage_id: UUID, given: Ended, scope: Office) -> Covering:
    """End it with a day."""
    row = await coverage.end(scope.conn, coverage_id, given.on)
    await audited.note(scope, "coverage.end", "coverage", coverage_id, {"on": given.on.isoformat()})
    return shape_of(Covering, row)
