"""Alarms: each signal by itself, with the case that took it in."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from core.db import Row
from dashboards import visible, words
from dashboards.api.shapes import STAFF, Page, Paged, Shape, shape_of
from dashboards.auth import Guarded, Scope, allow
from dispatch import cases
from gateway import alarms

router = APIRouter(prefix="/api/v1/alarms", tags=["alarms"], route_class=Guarded)
Readers = Annotated[Scope, allow(*STAFF, "installer", "family")]


class Alarm(Shape):
    """One alarm; `state` is its case's, or raised, or cancelled."""

    id: UUID
    case_id: UUID | None
    type: str
    says: str
    class_: str = Field(validation_alias="class", serialization_alias="class")
    severity: int
    state: str
    device_id: UUID
    elder_id: UUID | None
    care_bed_id: UUID | None
    observed_at: datetime
    received_at: datetime
    historical: bool
    skewed: bool
    rule: str | None
    evidence: Any
    cancelled_at: datetime | None
    lowered_by: UUID | None


@router.get("")
async def list_(
    scope: Readers, paged: Paged, device_id: UUID | None = None, elder_id: UUID | None = None
) -> Page[Alarm]:
    """List alarms, newest first, of a device or an elder if given."""
    await visible.check(scope, "device", device_id)

    async def fetch(elder: UUID | None) -> list[Row]:
        return await alarms.list_(
            scope.conn, device_id=device_id, elder_id=elder, after=paged.after, limit=paged.ask
        )

    rows = await visible.of_elders(scope, elder_id, fetch, newest_first=True)
    shown = await _shown(scope, rows[: paged.limit])
    return Page(items=shown, next=str(shown[-1].id) if len(rows) > paged.limit else None)


@router.get("/{alarm_id}")
async def find(alarm_id: UUID, scope: Readers) -> Alarm:
    """Show one alarm."""
    row = await alarms.find(scope.conn, alarm_id)
    await visible.check_owner(scope, "alarm", alarm_id, row["elder_id"])
    return (await _shown(scope, [row]))[0]


async def _shown(scope: Scope, rows: list[Row]) -> list[Alarm]:
    linked = await cases.of_alarms(scope.conn, [row["id"] for row in rows])
    if scope.person.role == "family":
        shared = {row["id"]: row["sharing"] for row in await visible.own(scope)}
        rows = [_less(row, shared.get(row["elder_id"], frozenset())) for row in rows]
    return [_alarm(scope, row, linked.get(row["id"])) for row in rows]


def _less(row: Row, sharing: frozenset[str]) -> Row:
    """Leave out an alarm's evidence unless vital signs and place are both shared with the relative."""
    return row if {"vitals", "location"} <= sharing else {**row, "evidence": None}


def _alarm(scope: Scope, row: Row, link: Row | None) -> Alarm:
    alone = "cancelled" if row["cancelled_at"] else "raised"
    more = {
        "case_id": link["case_id"] if link else None,
        "lowered_by": link["lowered_by"] if link else None,
        "state": link["state"] if link else alone,
        "says": words.word(scope.language, "alarms", row["type"]),
    }
    return shape_of(Alarm, {**row, **more})
