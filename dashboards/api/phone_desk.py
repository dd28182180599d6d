"""What caregivers' phones brought for others: own alarms, changed conditions, records that were refused."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter

from core.db import Row
from dashboards import audited, visible
from dashboards.api.phone_shapes import Alert, Conflict, Outcome, Reported, Settlement
from dashboards.api.shapes import CENTRE, OFFICE, shape_of
from dashboards.auth import Guarded, Scope, allow
from dispatch.phone import alerts, conflicts, reports

router = APIRouter(prefix="/api/v1", tags=["phone"], route_class=Guarded)
Helpers = Annotated[Scope, allow(*CENTRE, "provider_manager")]
Managers = Annotated[Scope, allow("duty_manager", "admin", "provider_manager")]
Readers = Annotated[Scope, allow(*OFFICE, "assessor", "provider_manager")]
Settlers = Annotated[Scope, allow("clerk", "admin", "assessor")]


@router.get("/caregiver-alerts")
async def list_alerts(scope: Helpers) -> list[Alert]:
    """List alarms of caregivers that are not closed."""
    return [shape_of(Alert, row) for row in await alerts.list_open(scope.conn, scope.person)]


@router.post("/caregiver-alerts/{caregiver_alert_id}/take")
async def take(caregiver_alert_id: UUID, scope: Helpers) -> Alert:
    """Take an alarm; a second is told who was first."""
    return shape_of(Alert, await alerts.take(scope.conn, caregiver_alert_id, scope.person, scope.now))


@router.post("/caregiver-alerts/{caregiver_alert_id}/close")
async def close(caregiver_alert_id: UUID, given: Outcome, scope: Helpers) -> Alert:
    """Close an alarm with what came of it."""
    row = await alerts.close(scope.conn, caregiver_alert_id, scope.person, scope.now, given.outcome)
    return shape_of(Alert, row)


@router.get("/phone-conflicts")
async def list_conflicts(scope: Managers) -> list[Conflict]:
    """List records of phones that were refused and nobody has settled."""
    rows = await conflicts.list_open(scope.conn, visible.own_provider(scope))
    return [shape_of(Conflict, row) for row in rows]


@router.post("/phone-conflicts/{phone_conflict_id}/settle", status_code=204)
async def settle_conflict(phone_conflict_id: UUID, given: Settlement, scope: Managers) -> None:
    """Say what came of a refused record; the phone then lets go of it."""
    provider = visible.own_provider(scope)
    await conflicts.settle(scope.conn, phone_conflict_id, scope.person, scope.now, given.note, provider)
    await audited.note(scope, "phone_conflict.settle", "phone_conflict", phone_conflict_id)


@router.get("/condition-reports")
async def list_reports(scope: Readers) -> list[Reported]:
    """List reports of changed conditions that nobody has settled."""
    rows = await reports.list_open(scope.conn, visible.own_provider(scope))
    return [shape_of(Reported, noted(scope, row)) for row in rows]


@router.post("/condition-reports/{condition_report_id}/settle", status_code=204)
async def settle_report(condition_report_id: UUID, given: Outcome, scope: Settlers) -> None:
    """Say what came of a report."""
    await reports.settle(scope.conn, condition_report_id, scope.person, scope.now, given.outcome)
    await audited.note(scope, "condition_report.settle", "condition_report", condition_report_id)


def noted(scope: Scope, row: Row) -> dict[str, Any]:
    """Return a report with its note in clear."""
    sealed = row["note_sealed"]
    return {**row, "note": scope.keys.open(row["district_id"], sealed) if sealed else None}
