"""The auditor's first screen, what waits; the evidence of one claim as a signed file."""

from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from core.clock import local_date, month_of
from core.signing import Ring
from core.sql import load
from dashboards.auth import Guarded
from dashboards.web.audit.buying import Staff
from dashboards.web.pages import show
from services import complaints
from services.evidence import heads, packs

SQL = load(__file__)
router = APIRouter(prefix="/audit", route_class=Guarded, include_in_schema=False)
SHOWN = 5
LINES = "application/jsonl; charset=utf-8"


@router.get("")
async def first(request: Request, scope: Staff) -> Response:
    """Say what waits."""
    month, day = month_of(local_date(scope.now)), scope.now + timedelta(days=1)
    return show(
        request,
        scope,
        "audit/first.html",
        waits=await scope.conn.fetchrow(SQL.count_waiting, month, scope.now, day),
        bought=await scope.conn.fetchrow(SQL.count_doubts, month),
        month=month,
        late=await complaints.list_(scope.conn, late_at=scope.now, limit=SHOWN),
        head=await heads.head(scope.conn),
    )


@router.post("/claims/{claim_id}/pack")
async def pack(scope: Staff, claim_id: UUID) -> Response:
    """Give the evidence of a claim as a signed file; who asked stands on the audit log."""
    ring = Ring.load_or_create(scope.settings.evidence_keys_path, scope.now)
    made = await packs.build(scope.conn, ring, claim_id, packs.Maker.of(scope.person), scope.now)
    name = f'attachment; filename="{made.name}"'
    headers = {"Content-Disposition": name, "Cache-Control": "no-store"}
    return Response(made.data, media_type=LINES, headers=headers)
