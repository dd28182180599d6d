"""One visit as an auditor sees it: steps, proof, photos, signatures, and what the home's devices told."""

from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from core.errors import NotFound
from core.sql import load
from dashboards import audited
from dashboards.auth import Guarded
from dashboards.web.audit.buying import Staff
from dashboards.web.pages import show
from dispatch.phone import pictures, signatures
from services import complaints

SQL = load(__file__)
router = APIRouter(prefix="/audit", route_class=Guarded, include_in_schema=False)
AROUND = timedelta(minutes=15)
"""How long before and after a visit the home's devices are listened to."""


@router.get("/visits/{visit_id}")
async def show_visit(request: Request, scope: Staff, visit_id: UUID) -> Response:
    """Show one visit with all that proves it or speaks against it."""
    conn = scope.conn
    row = await conn.fetchrow(SQL.find_visit, visit_id)
    if row is None:
        raise NotFound(f"no visit {visit_id}")
    start, end = row["started_at"] or row["window_start"], row["ended_at"] or row["window_end"]
    span = (start - AROUND, end + AROUND)
    return show(
        request,
        scope,
        "audit/visit.html",
        visit=row,
        span=span,
        steps=await conn.fetch(SQL.list_steps, visit_id),
        photos=await pictures.list_(conn, visit_id),
        signed=await signatures.list_(conn, scope.keys, visit_id),
        told=await conn.fetch(SQL.list_told, row["care_bed_id"], row["elder_id"], *span),
        alarms=await conn.fetch(SQL.list_alarms, row["case_id"]) if row["case_id"] else [],
        findings=await conn.fetch(SQL.list_findings, visit_id),
        complaints=await complaints.list_(conn, visit=visit_id),
    )


@router.get("/visits/{visit_id}/photos/{visit_photo_id}")
async def show_photo(scope: Staff, visit_id: UUID, visit_photo_id: UUID) -> Response:
    """Give a photo of a visit; who looked stands on the audit log."""
    content, kind = await pictures.read(scope.conn, scope.keys, visit_id, visit_photo_id)
    await audited.note(scope, "reveal", "visit_photo", visit_photo_id, {"field": "photo"})
    return Response(content, media_type=kind, headers={"Cache-Control": "no-store"})
