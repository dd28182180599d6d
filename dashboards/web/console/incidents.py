"""The incidents' list, calls to their people, and their people as a file."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from core.errors import Conflict, Invalid, Problem
from dashboards import audited, words
from dashboards.auth import Guarded, Scope
from dashboards.vocabulary.mark import N_
from dashboards.web import sheets
from dashboards.web.console import queue
from dashboards.web.console.pages import Code, Operator, answer_case
from dashboards.web.pages import back, is_partial, show
from dispatch import incidents

router = APIRouter(prefix="/console/incidents", route_class=Guarded, include_in_schema=False)
PAGE = 50
COLUMNS = (
    (N_("Elder"), 16),
    (N_("Grade"), 12),
    (N_("Lives alone"), 12),
    (N_("Care bed"), 24),
    (N_("Community"), 22),
    (N_("Without cover since"), 18),
    (N_("Back since"), 18),
    (N_("Last call"), 18),
    (N_("Result"), 14),
    (N_("Called by"), 16),
)


@router.get("")
async def list_(request: Request, scope: Operator, after: UUID | None = None) -> Response:
    """List incidents, newest first."""
    rows = await incidents.list_(scope.conn, after=after, limit=PAGE + 1)
    next_ = rows[PAGE - 1]["id"] if len(rows) > PAGE else None
    head = await queue.head(scope.conn)
    return show(request, scope, "console/incidents.html", incidents=rows[:PAGE], next=next_, head=head)


@router.post("/{incident_id}/claim")
async def claim(request: Request, scope: Operator, incident_id: UUID) -> Response:
    """Acknowledge all of it."""
    await incidents.acknowledge_all(scope.conn, incident_id, scope.person, scope.now)
    return await _answer(request, scope, incident_id)


@router.post("/{incident_id}/contact")
async def contact(
    request: Request, scope: Operator, incident_id: UUID, elder_id: Annotated[UUID, Form()], result: Code = ""
) -> Response:
    """Record a call to one of its people."""
    try:
        async with scope.conn.transaction():
            await incidents.contact(scope.conn, incident_id, elder_id, scope.person, scope.now, result=result)
    except (Conflict, Invalid) as problem:
        return await answer_case(request, scope, incident_id, problem, "call")
    return await _answer(request, scope, incident_id)


@router.get("/{incident_id}/export.xlsx")
async def export(scope: Operator, incident_id: UUID) -> Response:
    """Give its people as a file, in the order of the list; that is on record."""
    row = await incidents.find(scope.conn, incident_id)
    members = await incidents.members(scope.conn, incident_id)
    await record(scope, incident_id, len(members))
    said = words.say
    language = scope.language
    yes, no = said(language, N_("yes")), said(language, N_("no"))
    lines = [
        (
            one["elder_name"],
            words.word(language, "grades", one["grade"]),
            yes if one["lives_alone"] else no,
            one["care_bed_label"],
            one["community"],
            one["joined_at"],
            one["restored_at"],
            one["called_at"],
            words.word(language, "call_results", one["call_result"]),
            one["called_by_name"],
        )
        for one in members
    ]
    title = words.word(language, "alarms", row["type"])
    columns = [(said(language, heading), width) for heading, width in COLUMNS]
    about = [
        (said(language, N_("Incident")), str(incident_id)),
        (said(language, N_("By")), scope.person.name),
    ]
    body = sheets.workbook(title, columns, lines, (said(language, N_("About")), about))
    return sheets.download(body, f"incident-{incident_id}", "xlsx")


async def record(scope: Scope, subject: UUID | None, count: int) -> None:
    """Keep on record that somebody took names out of the system."""
    await audited.note(
        scope, "export", "incident" if subject else "technical_queue", subject, {"rows": count}
    )


async def _answer(
    request: Request, scope: Scope, incident_id: UUID, problem: Problem | None = None
) -> Response:
    if is_partial(request):
        return await answer_case(request, scope, incident_id, problem)
    return back(request, f"/console/cases/{incident_id}")
