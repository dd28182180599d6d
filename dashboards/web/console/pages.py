"""The console: queue and case side by side, every action answered with the case as it is now."""

from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response

from core import people
from core.errors import Conflict, Invalid, Problem
from core.events import OPERATORS
from dashboards import words
from dashboards.auth import Guarded, Scope, allow
from dashboards.vocabulary.mark import N_
from dashboards.web.console import case as one_case
from dashboards.web.console import queue
from dashboards.web.pages import back, is_partial, said, show, wrongs
from dispatch import cases, emergency, journal
from dispatch.seats import refusing, transfers

router = APIRouter(prefix="/console", route_class=Guarded, include_in_schema=False)
Operator = Annotated[Scope, allow(*OPERATORS)]
Text = Annotated[str, Form(max_length=2000)]
Code = Annotated[str, Form(max_length=40)]
CHOICES = {
    "called": cases.CALLED,
    "results": cases.CALL_RESULTS,
    "outcomes": cases.OUTCOMES,
    "false_alarms": cases.FALSE_ALARMS,
    "shelve": cases.SHELVE_REASONS,
    "hours": ("1", "4", "24", "168"),
    "transfer": transfers.REASONS,
}
JUST_NOW = 120
"""Seconds for which a lost race is told by its age, not by the clock."""


@router.get("")
async def care(request: Request, scope: Operator) -> Response:
    """Show the care queue."""
    return await _page(request, scope, "care", None)


@router.get("/technical")
async def technical(request: Request, scope: Operator) -> Response:
    """Show what is wrong with devices."""
    return await _page(request, scope, "technical", None)


@router.get("/queue")
async def fresh_queue(
    request: Request, scope: Operator, class_: Annotated[str, Query(max_length=20)] = "care"
) -> Response:
    """Return the whole queue again, when the feed could not be continued."""
    rows = await queue.open_cases(scope.conn, class_, scope.now)
    head = await queue.head(scope.conn)
    return show(request, scope, "console/queue_part.html", cases=rows, class_=class_, here=None, head=head)


@router.get("/history")
async def closed(request: Request, scope: Operator, after: UUID | None = None) -> Response:
    """List what is closed, newest first."""
    rows = await queue.history(scope.conn, after)
    next_ = rows[49]["id"] if len(rows) > 50 else None  # noqa: PLR2004 - a page
    return show(request, scope, "console/history.html", cases=rows[:50], next=next_)


@router.get("/cases/{case_id}")
async def case(request: Request, scope: Operator, case_id: UUID) -> Response:
    """Show one case, alone for htmx, beside the queue otherwise."""
    return await answer_case(request, scope, case_id)


@router.post("/cases/{case_id}/claim")
async def claim(request: Request, scope: Operator, case_id: UUID) -> Response:
    """Claim it; the second is told who was first."""
    return await _act(request, scope, case_id, "claim")


@router.post("/cases/{case_id}/call")
async def call(
    request: Request, scope: Operator, case_id: UUID, to: Code = "", result: Code = "", note: Text = ""
) -> Response:
    """Record a call."""
    return await _act(request, scope, case_id, "call", to=to, result=result, note=note or None)


@router.post("/cases/{case_id}/note")
async def add_note(request: Request, scope: Operator, case_id: UUID, note: Text = "") -> Response:
    """Add a note."""
    return await _act(request, scope, case_id, "note", note=note)


@router.post("/cases/{case_id}/verify")
async def verify(request: Request, scope: Operator, case_id: UUID, note: Text = "") -> Response:
    """Say that help is needed."""
    return await _act(request, scope, case_id, "verify", note=note or None)


@router.post("/cases/{case_id}/dispatch")
async def send(request: Request, scope: Operator, case_id: UUID) -> Response:
    """Send the nearest who may."""
    return await _act(request, scope, case_id, "dispatch")


@router.post("/cases/{case_id}/recall")
async def recall(request: Request, scope: Operator, case_id: UUID) -> Response:
    """Call back whom was sent."""
    return await _act(request, scope, case_id, "recall")


@router.post("/cases/{case_id}/shelve")
async def shelve(
    request: Request, scope: Operator, case_id: UUID, reason: Code = "", hours: Code = "1", note: Text = ""
) -> Response:
    """Put it aside for some hours."""
    chosen = int(hours) if hours in CHOICES["hours"] else 1
    until = scope.now + timedelta(hours=chosen)
    return await _act(request, scope, case_id, "shelve", until=until, reason=reason, note=note or None)


@router.post("/cases/{case_id}/unshelve")
async def unshelve(request: Request, scope: Operator, case_id: UUID) -> Response:
    """Bring it back to the queue."""
    return await _act(request, scope, case_id, "unshelve")


@router.post("/cases/{case_id}/close")
async def close(
    request: Request,
    scope: Operator,
    case_id: UUID,
    outcome: Code = "",
    false_alarm: Code = "",
    note: Text = "",
) -> Response:
    """Close it with an outcome."""
    given = {"outcome": outcome, "false_alarm": false_alarm or None, "note": note or None}
    return await _act(request, scope, case_id, "close", **given)


@router.post("/elders/{elder_id}/reveal")
async def reveal(request: Request, scope: Operator, elder_id: UUID, field: Code = "") -> Response:
    """Show one sealed field in clear; that is on record."""
    value = await people.reveal(scope.conn, scope.keys, scope.person, elder_id, field, scope.now)
    return show(request, scope, "console/revealed.html", value=value, phone=field == "phone")


@router.post("/contacts/{member_id}/reveal")
async def reveal_contact(request: Request, scope: Operator, member_id: UUID) -> Response:
    """Show a family member's number in clear; that is on record."""
    value = await people.reveal_contact(scope.conn, scope.keys, scope.person, member_id, scope.now)
    return show(request, scope, "console/revealed.html", value=value, phone=True)


async def _do(scope: Scope, case_id: UUID, verb: str, given: dict[str, Any]) -> None:
    conn, person, now = scope.conn, scope.person, scope.now
    if verb == "dispatch":
        await emergency.send(conn, case_id, person, now)
    else:
        await getattr(cases, verb)(conn, case_id, person, now, **given)


async def _act(request: Request, scope: Scope, case_id: UUID, verb: str, **given: Any) -> Response:  # noqa: ANN401 - a verb's own
    try:
        async with scope.conn.transaction():
            await _do(scope, case_id, verb, given)
    except (Conflict, Invalid) as problem:
        if problem.code == "nobody":
            await _keep_why(scope, case_id, problem)
        elif isinstance(problem, Conflict):
            await refusing.keep(scope.conn, case_id, verb, problem, scope.person, scope.now)
        return await answer_case(request, scope, case_id, problem, verb)
    if is_partial(request):
        return await answer_case(request, scope, case_id)
    return back(request, f"/console/cases/{case_id}")


async def _keep_why(scope: Scope, case_id: UUID, nobody: Problem) -> None:
    """Keep in the timeline why nobody could be sent."""
    row = await cases.lock(scope.conn, case_id)
    data = {"why": nobody.extra["why"]}
    await journal.case(scope.conn, row, "nobody", scope.now, by=scope.person, data=data)


def in_words(scope: Scope, problem: Problem) -> dict[str, Any]:
    """Put a problem into words; of a race that was lost just now: how many seconds ago."""
    found = said(scope, problem)
    at = problem.extra.get("at")
    if problem.code == "already_claimed" and isinstance(at, str):
        ago = int((scope.now - datetime.fromisoformat(at)).total_seconds())
        if 0 <= ago < JUST_NOW:
            text = N_("%(by)s was first: claimed %(ago)s seconds ago.")
            found["text"] = words.say(scope.language, text, by=problem.extra["by"], ago=ago)
    return found


async def answer_case(
    request: Request, scope: Scope, case_id: UUID, problem: Problem | None = None, verb: str = ""
) -> Response:
    """Answer with a case as it is now: alone for htmx, beside its queue otherwise."""
    shown = await one_case.find(scope, case_id)
    failed = {**in_words(scope, problem), "verb": verb} if problem else None
    errors = wrongs(scope, problem) if isinstance(problem, Invalid) else {}
    around = {"shown": shown, "choices": CHOICES, "failed": failed, "errors": errors}
    status = problem.status if problem else 200
    if is_partial(request):
        return show(request, scope, "console/case.html", status=status, **around)
    return await _page(request, scope, shown.case["class"], case_id, status, **around)


async def _page(
    request: Request,
    scope: Scope,
    class_: str,
    here: UUID | None,
    status: int = 200,
    **around: Any,  # noqa: ANN401 - the case, if one is open
) -> Response:
    context = {"shown": None, "failed": None, "errors": {}, "choices": CHOICES, **around}
    head = await queue.head(scope.conn)
    rows = await queue.open_cases(scope.conn, class_, scope.now)
    return show(
        request,
        scope,
        "console/page.html",
        status=status,
        head=head,
        cases=rows,
        class_=class_,
        here=here,
        **context,
    )
