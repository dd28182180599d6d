"""The audit log: who saw and did what; append-only, hash-chained."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter

from core import audit
from dashboards.api.shapes import Page, Paged, Shape
from dashboards.auth import Guarded, Scope, allow

router = APIRouter(prefix="/api/v1/audit-log", tags=["audit-log"], route_class=Guarded)


class Entry(Shape):
    """One line; `number` and `hash` come once it is in the chain."""

    id: UUID
    at: datetime
    account_id: UUID | None
    account_name: str | None
    role: str | None
    action: str
    subject_kind: str
    subject_id: UUID | None
    detail: dict[str, Any]
    number: int | None
    hash: str | None


@router.get("")
async def list_(
    scope: Annotated[Scope, allow("auditor")], paged: Paged, subject_id: UUID | None = None
) -> Page[Entry]:
    """List the log, newest first."""
    rows = await audit.list_(scope.conn, subject=subject_id, after=paged.after, limit=paged.ask)
    return paged.page(rows, Entry)
