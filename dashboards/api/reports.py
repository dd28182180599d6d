"""Half-year reports: live figures of a period, and published ones that keep theirs."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from dashboards.api.shapes import OFFICE, Given, Page, Shape, shape_of
from dashboards.auth import Guarded, Scope, allow
from services.indicators import counting, definitions, reports

router = APIRouter(prefix="/api/v1/reports", tags=["reports"], route_class=Guarded)
live = APIRouter(prefix="/api/v1/indicators", tags=["reports"], route_class=Guarded)
Readers = Annotated[Scope, allow(*OFFICE)]
Publishers = Annotated[Scope, allow("clerk", "approver")]
MOST = 200


class Report(Shape):
    """One published report; `number` counts the publications of the same period."""

    id: UUID
    first_on: date
    last_on: date
    number: int
    sha256: str
    published_at: datetime


class ReportInFull(Report):
    """With its figures: {code, split, shown, value, of, before}."""

    figures: list[dict[str, Any]]


class Figures(Shape):
    """A period's figures as they are now."""

    period: str
    first_on: date
    last_on: date
    figures: list[dict[str, Any]]


class Wanted(Given):
    """Which period: 2026H1, 2026H2 or 2026."""

    period: str


class Made(Shape):
    """What was published."""

    id: UUID


@live.get("")
async def figures(scope: Readers, period: Annotated[str, Query(max_length=10)]) -> Figures:
    """Count a period's figures (2026H1, 2026H2 or 2026), with the last period beside them."""
    wanted = definitions.period(period)
    rows = await counting.rows(scope.conn, wanted)
    return Figures(period=wanted.code, first_on=wanted.first, last_on=wanted.last, figures=rows)


@router.get("")
async def list_(scope: Readers) -> Page[Report]:
    """List published reports, newest first."""
    rows = await reports.list_(scope.conn, MOST)
    return Page[Report](items=[shape_of(Report, row) for row in rows], next=None)


@router.post("", status_code=201)
async def publish(wanted: Wanted, scope: Publishers) -> Made:
    """Publish a period that is over; 409 while it is not."""
    period = definitions.period(wanted.period)
    return Made(id=await reports.publish(scope.conn, period, scope.person, scope.now))


@router.get("/{report_id}")
async def find(report_id: UUID, scope: Readers) -> ReportInFull:
    """Show a published report."""
    return shape_of(ReportInFull, await reports.find(scope.conn, report_id))
