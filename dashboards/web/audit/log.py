"""The audit log as people read it, its chain looked at again, and the keys that verify evidence."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from core import audit
from core.ids import parse_id
from core.signing import Ring
from dashboards import audited
from dashboards.auth import Guarded, Scope
from dashboards.web.audit.buying import Staff
from dashboards.web.pages import show
from services.evidence import heads
from services.settlement import seals

router = APIRouter(prefix="/audit", route_class=Guarded, include_in_schema=False)
PAGE = 50


@router.get("/log")
async def show_log(request: Request, scope: Staff, after: str = "", subject: str = "") -> Response:
    """List the log, newest first; of one subject when it is named."""
    return await _log(request, scope, after, subject, None)


@router.post("/log/verify")
async def verify(request: Request, scope: Staff) -> Response:
    """Compute the chains of the log and of the statements again, and say whether they hold."""
    torn = await seals.verify(scope.conn)
    found = {
        "line": await audit.verify(scope.conn),
        "statement": torn.number if torn else None,
        "lost": await heads.list_lost(scope.conn),
    }
    holds = not any(found.values())
    await audited.note(scope, "audit.verify", "audit_log", None, {"holds": holds})
    return await _log(request, scope, "", "", {**found, "holds": holds})


async def _log(
    request: Request, scope: Scope, after: str, subject: str, verdict: dict[str, Any] | None
) -> Response:
    about = parse_id(subject) if subject else None
    rows = await audit.list_(scope.conn, subject=about, after=parse_id(after), limit=PAGE + 1)
    return show(
        request,
        scope,
        "audit/log.html",
        rows=rows[:PAGE],
        next=rows[PAGE - 1]["id"] if len(rows) > PAGE else None,
        subject=about,
        head=await heads.head(scope.conn),
        keys=Ring.load_or_create(scope.settings.evidence_keys_path, scope.now).keys[::-1],
        verdict=verdict,
    )
