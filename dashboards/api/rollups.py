"""What a device measured by the hour and by the day: for weeks and years."""

from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from core.clock import ZONE
from core.errors import Invalid
from dashboards import visible
from dashboards.api.shapes import STAFF, Day, Instant, Shape, shape_of
from dashboards.auth import Guarded, Scope, allow
from devices import care_beds, registry
from gateway import rollups

router = APIRouter(prefix="/api/v1/devices", tags=["devices"], route_class=Guarded)
Readers = Annotated[Scope, allow(*STAFF, "installer", "family")]
LONGEST_HOURS, LONGEST_DAYS = timedelta(days=92), timedelta(days=3660)
_WEEK = timedelta(days=7)
_MOST = 50_000


class Rolled(Shape):
    """One metric; `true_s` and `changes` of a boolean. `count` 0: nothing was said, true it still was."""

    metric: str
    low: float | None
    high: float | None
    mean: float | None
    count: int
    last: float
    true_s: float | None
    changes: int | None


class Hour(Rolled):
    """One hour, by its beginning."""

    hour: datetime


class DayRolled(Rolled):
    """One local day."""

    day: date


class Hours(Shape):
    """Hours, oldest first."""

    items: list[Hour]


class Days(Shape):
    """Days, oldest first."""

    items: list[DayRolled]


@router.get("/{device_id}/hours")
async def list_hours(
    device_id: UUID, scope: Readers, since: Instant | None = None, until: Instant | None = None
) -> Hours:
    """Show a device's hours (the last week unless said); an hour is there a quarter after it is over."""
    hidden = await _check(scope, device_id)
    end = until or scope.now
    start = since or end - _WEEK
    _check_span(end - start, LONGEST_HOURS)
    rows = await rollups.hourly(scope.conn, [device_id], start, end, _MOST)
    return Hours(items=[shape_of(Hour, row) for row in rows if row["metric"] not in hidden])


@router.get("/{device_id}/days")
async def list_days(
    device_id: UUID, scope: Readers, since: Day | None = None, until: Day | None = None
) -> Days:
    """Show a device's local days, `until` not included (the last week and today unless said)."""
    hidden = await _check(scope, device_id)
    end = until or scope.now.astimezone(ZONE).date() + timedelta(days=1)
    start = since or end - _WEEK
    _check_span(end - start, LONGEST_DAYS)
    rows = await rollups.daily(scope.conn, [device_id], start, end, _MOST)
    return Days(items=[shape_of(DayRolled, row) for row in rows if row["metric"] not in hidden])


def _check_span(span: timedelta, longest: timedelta) -> None:
    if not timedelta(0) <= span <= longest:
        raise Invalid(
            f"since: within {longest.days} days before until", [{"field": "since", "code": "invalid"}]
        )


async def _check(scope: Scope, device_id: UUID) -> frozenset[str]:
    """Return the metrics that are not shown; NotFound of a device that the person may not know of."""
    row = await registry.find(scope.conn, device_id)
    bed = row["care_bed_id"]
    elder = (await care_beds.find(scope.conn, bed))["elder_id"] if bed else None
    await visible.check_owner(scope, "device", device_id, elder)
    return await visible.hidden_metrics(scope, elder)
