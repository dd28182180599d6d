"""Seeded samples of claims for call-back and home check, what was found, and what it means for the whole."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, StringConstraints

from core.db import Row
from dashboards import audited
from dashboards.api.shapes import (
    OFFICE,
    Code,
    Given,
    Money,
    Month,
    Note,
    Page,
    Paged,
    Shape,
    month_start,
    shape_of,
)
from dashboards.auth import Guarded, Scope, allow
from services import provider_scores, samples

router = APIRouter(prefix="/api/v1/samples", tags=["samples"], route_class=Guarded)
items = APIRouter(prefix="/api/v1/sample-items", tags=["samples"], route_class=Guarded)
scores = APIRouter(prefix="/api/v1/provider-scores", tags=["samples"], route_class=Guarded)
Readers = Annotated[Scope, allow(*OFFICE)]
Auditors = Annotated[Scope, allow("auditor")]
Seed = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,100}$")]


class Drawing(Given):
    """What to draw from; without a seed a random one is taken."""

    month: Month
    size: int = Field(ge=1, le=samples.MOST)
    provider_id: UUID | None = None
    seed: Seed | None = None


class Found(Given):
    """What was found, and how much of the amount was not due (missing: all of it)."""

    outcome: Code
    wrong_amount: Annotated[Decimal, Field(ge=0, le=10**9, decimal_places=2)] | None = None
    note: Note | None = None


class Item(Shape):
    """A drawn claim: how likely it was to be drawn, how it is asked about, what was found."""

    id: UUID
    claim_id: UUID
    visit_id: UUID
    elder_id: UUID
    provider: str
    service: str
    service_on: date
    position: int
    amount: Money
    risk: str
    probability: float
    method: str
    outcome: str | None
    wrong_amount: Money | None
    found_name: str | None
    found_at: datetime | None


class Estimate(Shape):
    """What of the whole amount was not due, with its 95 % interval."""

    wrong: Money
    low: Money
    high: Money
    checked: int
    share: float


class Sample(Shape):
    """A sample with its seed; the hash stands for the population that it was drawn from."""

    id: UUID
    month: str
    provider_id: UUID | None
    statement_id: UUID | None
    seed: str
    population: int
    population_amount: Money
    population_hash: str
    drawn: int
    waiting: int
    drawn_name: str | None
    drawn_at: datetime


class Whole(Sample):
    """A sample with what was drawn and what follows."""

    items: list[Item]
    estimate: Estimate | None


class Part(Shape):
    """One part of a score: count of total, weight, points."""

    code: str
    count: int
    total: int
    share: float
    weight: float
    points: float


class Scored(Shape):
    """A provider's score of a month: 100 · sum of points / weight; null where nothing is known."""

    provider_id: UUID
    provider: str
    visits: int
    points: float | None
    weight: float
    parts: list[Part]


@router.get("")
async def list_(scope: Readers, paged: Paged, month: Month | None = None) -> Page[Sample]:
    """List samples, newest first."""
    rows = await samples.list_(scope.conn, month_start(month), after=paged.after, limit=paged.ask)
    return paged.page([_sample(row) for row in rows], Sample)


@router.post("", status_code=201)
async def draw(given: Drawing, scope: Auditors) -> Whole:
    """Draw a sample of a month's claims."""
    made = await samples.draw(
        scope.conn,
        district=scope.person.district_id,
        month=date.fromisoformat(f"{given.month}-01"),
        size=given.size,
        now=scope.now,
        provider=given.provider_id,
        by=scope.person.account_id,
        seed=given.seed,
    )
    await audited.note(scope, "sample.draw", "audit_sample", made, {"month": given.month, "size": given.size})
    return await _whole(scope, made)


@router.get("/{audit_sample_id}")
async def find(audit_sample_id: UUID, scope: Readers) -> Whole:
    """Show one sample with what was drawn."""
    return await _whole(scope, audit_sample_id)


@items.post("/{sample_item_id}/record")
async def record(sample_item_id: UUID, given: Found, scope: Auditors) -> Whole:
    """Record what was found; answer the whole sample with its new estimate."""
    row = await samples.record(
        scope.conn,
        scope.keys,
        sample_item_id,
        scope.person.account_id,
        scope.now,
        outcome=given.outcome,
        wrong_amount=given.wrong_amount,
        note=given.note,
    )
    await audited.note(scope, "sample.record", "sample_item", sample_item_id, {"outcome": given.outcome})
    return await _whole(scope, row["sample_id"])


@scores.get("")
async def list_scores(month: Month, scope: Readers) -> list[Scored]:
    """List every provider's score of a month with its parts."""
    found = await provider_scores.of_month(scope.conn, date.fromisoformat(f"{month}-01"))
    return [
        Scored(
            provider_id=one.provider_id,
            provider=one.provider,
            visits=one.visits,
            points=one.score.points,
            weight=one.score.weight,
            parts=[Part.model_validate(part) for part in one.score.parts],
        )
        for one in found
    ]


async def _whole(scope: Scope, sample: UUID) -> Whole:
    row, drawn = await samples.find(scope.conn, sample), await samples.items_of(scope.conn, sample)
    estimate = await samples.estimate(scope.conn, sample)
    said = None if estimate is None else Estimate.model_validate(estimate)
    return shape_of(
        Whole, {**_sample(row), "items": [shape_of(Item, one) for one in drawn], "estimate": said}
    )


def _sample(row: Row) -> dict[str, object]:
    return {**row, "month": f"{row['month']:%Y-%m}", "population_hash": row["population_hash"].hex()}
