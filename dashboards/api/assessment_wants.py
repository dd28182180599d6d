"""Who has to be assessed, by whom and when; disputes of grades; what an assessor's tablet carries."""

from base64 import urlsafe_b64encode
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from core.sealed_logins import public_key
from dashboards import visible
from dashboards.api.assessment_shapes import Carried, Dispute, Kept, NewWant, Sent, Want
from dashboards.api.shapes import OFFICE, Code, Page, Paged, shape_of
from dashboards.auth import Guarded, Scope, allow
from services import assessment_disputes, assessment_wants

router = APIRouter(prefix="/api/v1/assessment-wants", tags=["assessments"], route_class=Guarded)
disputes = APIRouter(prefix="/api/v1/assessment-disputes", tags=["assessments"], route_class=Guarded)
tablet = APIRouter(prefix="/api/v1/tablet", tags=["assessments"], route_class=Guarded)
Readers = Annotated[Scope, allow(*OFFICE, "assessor")]
Planners = Annotated[Scope, allow("clerk", "admin", "assessor")]
Clerk = Annotated[Scope, allow("clerk", "admin")]
Assessor = Annotated[Scope, allow("assessor")]


@router.get("")
async def list_(scope: Readers, assessor_id: UUID | None = None, elder_id: UUID | None = None) -> list[Want]:
    """List who has to be assessed, the most urgent first, at most 200."""
    await visible.check_elder(scope, elder_id)
    await visible.check(scope, "assessor", assessor_id)
    rows = await assessment_wants.list_open(scope.conn, assessor=assessor_id, elder=elder_id)
    return [shape_of(Want, row) for row in rows]


@router.post("", status_code=201)
async def ask(given: NewWant, scope: Planners) -> Kept:
    """Put somebody on the list by hand."""
    await visible.check_elder(scope, given.elder_id)
    made = await assessment_wants.ask(
        scope.conn,
        elder=given.elder_id,
        reason=given.reason,
        due_on=given.due_on,
        by=scope.person,
        now=scope.now,
    )
    return Kept(id=made)


@router.post("/{assessment_want_id}/assign", status_code=204)
async def assign(assessment_want_id: UUID, given: Sent, scope: Planners) -> None:
    """Send one or two assessors; 409 when one of them assessed what is disputed."""
    await visible.check(scope, "account", given.first)
    await visible.check(scope, "account", given.second)
    await assessment_wants.assign(
        scope.conn,
        assessment_want_id,
        first=given.first,
        second=given.second,
        at=given.at,
        by=scope.person,
        now=scope.now,
    )


@router.post("/{assessment_want_id}/drop", status_code=204)
async def drop(assessment_want_id: UUID, scope: Clerk) -> None:
    """Take somebody off the list."""
    await assessment_wants.drop(scope.conn, assessment_want_id, scope.person, scope.now)


@disputes.get("")
async def list_disputes(
    scope: Readers, paged: Paged, elder_id: UUID | None = None, state: Code | None = None
) -> Page[Dispute]:
    """List disputes, newest first."""
    await visible.check_elder(scope, elder_id)
    which = {"elder_id": elder_id, "state": state}
    rows = await assessment_disputes.list_(scope.conn, **which, after=paged.after, limit=paged.ask)  # type: ignore[arg-type]
    return paged.page(rows, Dispute)


@disputes.post("/{assessment_dispute_id}/withdraw", status_code=204)
async def withdraw(assessment_dispute_id: UUID, scope: Clerk) -> None:
    """Take a dispute back, as who raised it wishes."""
    await assessment_disputes.withdraw(scope.conn, assessment_dispute_id, scope.person, scope.now)


@tablet.get("/assessments")
async def carry(scope: Assessor) -> Carried:
    """Hand the tablet what it needs to work without a network."""
    rows = await assessment_wants.list_open(scope.conn, assessor=scope.person.account_id)
    sealing = urlsafe_b64encode(public_key(scope.keys)).decode().rstrip("=")
    wants = [shape_of(Want, row) for row in rows]
    return Carried(now=scope.now, account_id=scope.person.account_id, seal_key=sealing, wants=wants)
