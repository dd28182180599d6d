"""What-ifs: a draft scheme against the real people and visits, computed in the background."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AfterValidator, Field, StringConstraints

from dashboards.api.shapes import OFFICE, Given, Money, Page, Shape, plain, shape_of
from dashboards.auth import Guarded, Scope, allow
from services.whatif import runs

router = APIRouter(prefix="/api/v1/what-ifs", tags=["what-ifs"], route_class=Guarded)
Readers = Annotated[Scope, allow(*OFFICE)]
Starters = Annotated[Scope, allow("clerk", "approver", "admin")]
MOST_SEED = (1 << 63) - 1


class WhatIf(Shape):
    """One what-if; `looked_at` of `persons` are computed."""

    id: UUID
    code: str
    version: int
    name: str
    sha256: str
    first_month: date
    months: int
    population: str
    seed: str
    state: str
    persons: int
    looked_at: int
    started_at: datetime
    finished_at: datetime | None
    error: str | None


class WhatIfInFull(WhatIf):
    """With its result: money in yuan as text."""

    result: dict[str, Any] | None


class Asked(Given):
    """What is tried: a scheme's file (TOML), how many full months back, for whom."""

    body: Annotated[str, StringConstraints(min_length=1, max_length=200_000), AfterValidator(plain)]
    months: Annotated[int, Field(ge=1, le=12)] = 12
    population: Literal["enrolled", "eligible"] = "enrolled"
    seed: Annotated[int, Field(ge=0, le=MOST_SEED)] = 1


class Made(Shape):
    """What was begun."""

    id: UUID


class Person(Shape):
    """What would change for a person over all months."""

    elder_id: UUID
    town: str
    grade: str
    paid: Money
    would_pay: Money
    change: Money


@router.get("")
async def list_(
    scope: Readers, after: UUID | None = None, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> Page[WhatIf]:
    """List what was tried, newest first."""
    rows = await runs.list_(scope.conn, after, limit + 1)
    following = str(rows[limit - 1]["id"]) if len(rows) > limit else None
    return Page[WhatIf](
        items=[shape_of(WhatIf, _told(row)) for row in rows[:limit]],
        next=following,
    )


@router.post("", status_code=201)
async def start(asked: Asked, scope: Starters) -> Made:
    """Begin one; it is computed in the background."""
    identity = await runs.start(
        scope.conn,
        text=asked.body,
        months=asked.months,
        population=asked.population,
        seed=asked.seed,
        by=scope.person,
        now=scope.now,
    )
    return Made(id=identity)


@router.get("/{what_if_id}")
async def find(what_if_id: UUID, scope: Readers) -> WhatIfInFull:
    """Show one with its result."""
    return shape_of(WhatIfInFull, _told(await runs.find(scope.conn, what_if_id)))


@router.post("/{what_if_id}/stop")
async def stop(what_if_id: UUID, scope: Starters) -> WhatIf:
    """Stop one that waits or is computed; 409 when it has ended."""
    await runs.stop(scope.conn, what_if_id, scope.person, scope.now)
    return shape_of(WhatIf, _told(await runs.find(scope.conn, what_if_id)))


@router.get("/{what_if_id}/persons")
async def persons(
    what_if_id: UUID,
    scope: Readers,
    who: Literal["all", "gain", "lose"] = "all",
    skip: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[Person]:
    """List who gains and who loses, the largest change first; go on with `skip`."""
    await runs.find(scope.conn, what_if_id)
    sign = {"all": 0, "gain": 1, "lose": -1}[who]
    rows = await runs.persons(scope.conn, what_if_id, sign=sign, skip=skip, limit=limit)
    found = [
        {**row, "paid": Decimal(sum(row["paid"])) / 100, "would_pay": Decimal(sum(row["would_pay"])) / 100}
        for row in rows
    ]
    return Page[Person](items=[shape_of(Person, row) for row in found], next=None)


def _told(row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row
    return {**row, "seed": str(row["seed"])}
