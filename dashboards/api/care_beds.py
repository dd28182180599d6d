"""Care beds: homes enrolled with a kit."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from core.db import Row
from dashboards import visible
from dashboards.api.shapes import STAFF, Page, Paged, Shape, shape_of
from dashboards.auth import Guarded, Scope, allow
from devices import care_beds

router = APIRouter(prefix="/api/v1/care-beds", tags=["care-beds"], route_class=Guarded)
Readers = Annotated[Scope, allow(*STAFF, "family", "assessor", "installer")]


class CareBed(Shape):
    """One bed at home."""

    id: UUID
    elder_id: UUID
    home_id: UUID
    provider_id: UUID | None
    label: str
    lat: float | None
    lon: float | None
    enrolled_on: date
    ended_on: date | None


@router.get("")
async def list_(scope: Readers, paged: Paged, elder_id: UUID | None = None) -> Page[CareBed]:
    """List the district's beds; a family sees its own elders' only."""
    await visible.check_elder(scope, elder_id)
    mine = [elder_id] if elder_id else await visible.elders(scope)
    if mine is None:
        return paged.page(await care_beds.list_(scope.conn, paged.after, paged.ask), CareBed)
    rows = [
        await _shared(scope, row) for elder in mine for row in await care_beds.by_elder(scope.conn, elder)
    ]
    rest = sorted((r for r in rows if paged.after is None or r["id"] > paged.after), key=lambda r: r["id"])
    return paged.page(rest, CareBed)


@router.get("/{care_bed_id}")
async def find(care_bed_id: UUID, scope: Readers) -> CareBed:
    """Show one bed."""
    row = await care_beds.find(scope.conn, care_bed_id)
    await visible.check_owner(scope, "care_bed", care_bed_id, row["elder_id"])
    return shape_of(CareBed, await _shared(scope, row))


async def _shared(scope: Scope, row: Row) -> Row:
    """Leave the place out for a relative with whom it is not shared."""
    is_placed = "location" in await visible.sharing(scope, row["elder_id"])
    return row if is_placed else {**row, "lat": None, "lon": None}
