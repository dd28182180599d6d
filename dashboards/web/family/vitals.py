"""The family's page of charts: heart rate, breathing, time in bed, movement; a table under each."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from core.clock import local
from core.db import Row
from core.rights import missing
from dashboards.auth import Guarded, Scope, allow
from dashboards.web import trends
from dashboards.web.family import home
from dashboards.web.pages import show
from dashboards.web.trends import Trend

router = APIRouter(prefix="/family/vitals", route_class=Guarded, include_in_schema=False)
Family = Annotated[Scope, allow("family")]
Span = Annotated[Literal["day", "week", "month"], Query(alias="span")]
METRICS = ("heart_rate", "respiration_rate", "movement")
BED = "in_bed"
HOUR, DAY, PIECE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=15)
DAYS = {"day": 1, "week": 7, "month": 30}
NOON = 12
"""A night belongs to the evening it begins on: from noon to noon."""


@router.get("")
async def start(request: Request, scope: Family) -> Response:
    """Show the only elder's charts, or ask whose."""
    return await home.choose(request, scope, "/family/vitals/")


@router.get("/{elder_id}")
async def vitals(request: Request, scope: Family, elder_id: UUID, span: Span = "day") -> Response:
    """Show a day, a week or a month, if it is shared."""
    elder = await home.name_of(scope, elder_id)
    why = missing("vitals", elder["rights"], elder["consents"])
    drawn: dict[str, Trend] = {}
    if why is None:
        found = await home.find_elder(scope, elder_id)
        drawn = await _drawn(scope, found["devices"], span) if found["devices"] else {}
    return show(
        request,
        scope,
        "family/vitals.html",
        elder=elder,
        why=why,
        span=span,
        spans=tuple(DAYS),
        trends=drawn,
        local=local,
    )


async def _drawn(scope: Scope, devices: list[UUID], span: str) -> dict[str, Trend]:
    until = scope.now
    if span == "day":
        since = local(until).replace(minute=0, second=0, microsecond=0) - DAY + HOUR
        pieces = trends.slots(since, until, HOUR)
        rows = await scope.conn.fetch(
            home.SQL.list_gathered, devices, [*METRICS, BED], since, until + HOUR, PIECE
        )
        beds = [{**row, "seconds": row["mean"] * PIECE.total_seconds()} for row in _of(rows, BED)]
        return _all(rows, pieces, [trends.Slot(a, b, _minutes(beds, a, b)) for a, b in pieces])
    midnight = home.midnight(until)
    since = midnight - (DAYS[span] - 1) * DAY
    rows = await scope.conn.fetch(home.SQL.list_hours, devices, [*METRICS, BED], since - DAY, until + HOUR)
    pieces = trends.slots(since, until, DAY)
    nights = [(a - DAY + timedelta(hours=NOON), a + timedelta(hours=NOON)) for a, _ in pieces]
    return _all(rows, pieces, trends.hours(nights, _of(rows, BED)))


def _of(rows: list[Row], metric: str) -> list[Row]:
    return [row for row in rows if row["metric"] == metric]


def _minutes(rows: list[dict[str, Any]], start: datetime, end: datetime) -> float | None:
    inside = [row["seconds"] for row in rows if start <= row["at"] < end]
    return sum(inside) / 60 if inside else None


def _all(
    rows: list[Row], pieces: list[tuple[datetime, datetime]], beds: list[trends.Slot]
) -> dict[str, Trend]:
    lines = {name: trends.draw("band", trends.gather(pieces, _of(rows, name))) for name in METRICS[:2]}
    moved = [
        trends.Slot(one.start, one.end, one.value) for one in trends.gather(pieces, _of(rows, METRICS[2]))
    ]
    return {**lines, "sleep": trends.draw("bars", beds), "movement": trends.draw("bars", moved)}
