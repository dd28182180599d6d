"""Cases: what the call centre works on; each verb is one compare-and-set, a lost race names the winner."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from core.db import Row
from core.errors import Conflict
from dashboards import visible, words
from dashboards.api.case_shapes import (
    Call,
    Case,
    Ending,
    Entry,
    Noted,
    Remark,
    Send,
    Sent,
    Shelf,
    Steps,
    Timeline,
)
from dashboards.api.shapes import CENTRE, Code, Page, Paged, shape_of
from dashboards.auth import Guarded, Scope, allow
from dashboards.problems import respond
from dispatch import cases, emergency, journal, protocols
from dispatch.seats import refusing

router = APIRouter(prefix="/api/v1/cases", tags=["cases"], route_class=Guarded)
Readers = Annotated[Scope, allow(*CENTRE, "clerk", "auditor", "approver", "family")]
Centre = Annotated[Scope, allow(*CENTRE)]


def _case(scope: Scope, row: Row) -> Case:
    if scope.person.role == "family":
        row = {
            **row,
            "lat": None,
            "lon": None,
            "grade": None,
        }  # they know the home; /elders says what is shared
    return shape_of(Case, {**row, "says": words.word(scope.language, "alarms", row["type"])})


async def _seen(scope: Scope, case_id: UUID) -> Row:
    row = await cases.find(scope.conn, case_id)
    await visible.check_owner(scope, "case", case_id, row["elder_id"])
    return row


@router.get("")
async def list_(
    scope: Readers, paged: Paged, elder_id: UUID | None = None, state: Code | None = None
) -> Page[Case]:
    """List cases, newest first; `state=open` lists what is not closed, gravest first."""
    if state == "open" and scope.person.role != "family" and elder_id is None:
        rows = [*await cases.list_open(scope.conn), *await cases.list_open(scope.conn, "technical")]
        return Page(items=[_case(scope, row) for row in rows], next=None)

    async def fetch(elder: UUID | None) -> list[Row]:
        return await cases.list_(scope.conn, elder_id=elder, state=state, after=paged.after, limit=paged.ask)

    rows = await visible.of_elders(scope, elder_id, fetch, newest_first=True)
    shown = [_case(scope, row) for row in rows[: paged.limit]]
    return Page(items=shown, next=str(shown[-1].id) if len(rows) > paged.limit else None)


@router.get("/{case_id}")
async def find(case_id: UUID, scope: Readers) -> Case:
    """Show one case."""
    return _case(scope, await _seen(scope, case_id))


@router.get("/{case_id}/timeline")
async def timeline(case_id: UUID, scope: Readers) -> Timeline:
    """Show every step of a case and its visits."""
    await _seen(scope, case_id)
    rows = await cases.timeline(scope.conn, case_id)
    shown = rows if scope.person.role != "family" else [row for row in rows if row["action"] in FAMILY_SEES]
    return Timeline(items=[_entry(scope, row) for row in shown])


FAMILY_SEES = journal.FAMILY_SEES


def _entry(scope: Scope, row: Row) -> Entry:
    said = words.word(scope.language, "case_actions", row["action"].removeprefix("visit."))
    detail = row["data"] if scope.person.role != "family" else {}
    note = row["note"] if scope.person.role != "family" else None
    return shape_of(
        Entry,
        {
            **row,
            "when": row["at"],
            "who": row["account_name"],
            "role": row["account_role"],
            "why": f"{said}: {note}" if note else said,
            "note": note,
            "data": detail,
        },
    )


@router.get("/{case_id}/steps")
async def steps(case_id: UUID, scope: Centre) -> Steps:
    """Say what to do now."""
    row = await cases.find(scope.conn, case_id)
    return Steps(items=await protocols.steps(scope.conn, row["type"], scope.language))


@router.post("/{case_id}/claim")
async def claim(case_id: UUID, scope: Centre) -> Case:
    """Take a case; 409 names who was first."""
    return _case(scope, await cases.claim(scope.conn, case_id, scope.person, scope.now))


@router.post("/{case_id}/call")
async def call(case_id: UUID, given: Call, scope: Centre) -> Case:
    """Record a call."""
    row = await cases.call(scope.conn, case_id, scope.person, scope.now, given.to, given.result, given.note)
    return _case(scope, row)


@router.post("/{case_id}/note")
async def note(case_id: UUID, given: Noted, scope: Centre) -> Case:
    """Add a remark."""
    return _case(scope, await cases.note(scope.conn, case_id, scope.person, scope.now, given.note))


@router.post("/{case_id}/verify")
async def verify(case_id: UUID, scope: Centre, given: Remark | None = None) -> Case:
    """Say that somebody needs help indeed."""
    return _case(scope, await cases.verify(scope.conn, case_id, scope.person, scope.now, _note(given)))


@router.post("/{case_id}/dispatch", responses={409: {"description": "nobody, and why"}})
async def dispatch(case_id: UUID, request: Request, scope: Centre, given: Send | None = None) -> Sent:
    """Send the nearest who may go, with the reason; 409 says why nobody."""
    service = (given or Send()).service
    try:
        async with scope.conn.transaction():
            sent = await emergency.send(scope.conn, case_id, scope.person, scope.now, service)
    except Conflict as problem:
        if problem.code == "nobody":
            return await _nobody(case_id, request, scope, problem)  # type: ignore[return-value]
        return await _refused(case_id, request, scope, problem)  # type: ignore[return-value]
    return Sent(
        visit_id=sent.visit_id, caregiver_id=sent.caregiver_id, why=words.why(scope.language, sent.why)
    )


async def _refused(case_id: UUID, request: Request, scope: Scope, problem: Conflict) -> Response:
    """Keep in the timeline that sending was refused (hence an answer, not an error), and say why."""
    await refusing.keep(scope.conn, case_id, "dispatch", problem, scope.person, scope.now)
    return respond(request, problem)


async def _nobody(case_id: UUID, request: Request, scope: Scope, nobody: Conflict) -> Response:
    """Keep in the timeline why nobody could be sent (hence an answer, not an error), and say it."""
    why: dict[str, Any] = nobody.extra["why"]  # type: ignore[assignment]
    row = await cases.lock(scope.conn, case_id)
    await journal.case(scope.conn, row, "nobody", scope.now, by=scope.person, data={"why": why})
    nobody.extra["why"] = words.why(scope.language, why)
    return respond(request, nobody)


@router.post("/{case_id}/recall")
async def recall(case_id: UUID, scope: Centre, given: Remark | None = None) -> Case:
    """Call off whom was sent."""
    return _case(scope, await cases.recall(scope.conn, case_id, scope.person, scope.now, _note(given)))


@router.post("/{case_id}/resolve")
async def resolve(case_id: UUID, scope: Centre, given: Remark | None = None) -> Case:
    """Say that nothing more is to be done."""
    return _case(scope, await cases.resolve(scope.conn, case_id, scope.person, scope.now, _note(given)))


@router.post("/{case_id}/close")
async def close(case_id: UUID, given: Ending, scope: Centre) -> Case:
    """Close a case with its outcome."""
    row = await cases.close(
        scope.conn, case_id, scope.person, scope.now, given.outcome, given.false_alarm, given.note
    )
    return _case(scope, row)


@router.post("/{case_id}/shelve")
async def shelve(case_id: UUID, given: Shelf, scope: Centre) -> Case:
    """Put a case aside until an instant."""
    row = await cases.shelve(
        scope.conn, case_id, scope.person, scope.now, given.until, given.reason, given.note
    )
    return _case(scope, row)


@router.post("/{case_id}/unshelve")
async def unshelve(case_id: UUID, scope: Centre, given: Remark | None = None) -> Case:
    """Bring a shelved case back."""
    return _case(scope, await cases.unshelve(scope.conn, case_id, scope.person, scope.now, _note(given)))


@router.post("/{case_id}/return")
async def return_(case_id: UUID, scope: Centre, given: Remark | None = None) -> Case:
    """Say that the condition went away before anybody claimed it."""
    return _case(scope, await cases.return_(scope.conn, case_id, scope.person, scope.now, _note(given)))


@router.post("/{case_id}/take-out")
async def take_out(case_id: UUID, scope: Centre, given: Remark | None = None) -> Case:
    """Take what raised the case out of service."""
    return _case(scope, await cases.take_out(scope.conn, case_id, scope.person, scope.now, _note(given)))


@router.post("/{case_id}/put-back")
async def put_back(case_id: UUID, scope: Centre, given: Remark | None = None) -> Case:
    """Put it back into service."""
    return _case(scope, await cases.put_back(scope.conn, case_id, scope.person, scope.now, _note(given)))


def _note(given: Remark | None) -> str | None:
    return given.note if given else None
