"""A case entered by hand: of a call, 12345, a paper, a visitor; the open one is offered first."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from core.clock import ZONE
from core.errors import Conflict, Invalid, NotFound, Problem
from core.events import OPERATORS
from core.ids import parse_id
from dashboards import visible
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.inbound.popping import SQL
from dashboards.web.pages import back, said, show, wrongs
from dispatch import cases
from dispatch.inbound import entering, recordings
from dispatch.inbound.entering import Report
from services import complaints

router = APIRouter(prefix="/console", route_class=Guarded, include_in_schema=False)
Enterer = Annotated[Scope, allow(*OPERATORS, "clerk")]
Operator = Annotated[Scope, allow(*OPERATORS)]
Line = Annotated[str, Field(max_length=200)]
_SHORTEST = 1


class Given(BaseModel):
    """The form as it was sent; ids as text, as a browser sends none for an empty choice."""

    model_config = ConfigDict(frozen=True)

    source: Line = "phone"
    type: Line = ""
    words: Annotated[str, Field(max_length=4000)] = ""
    severity: Line = ""
    elder_id: Line = ""
    number: Line = ""
    name: Line = ""
    phone: Line = ""
    received_at: Line = ""
    inbound_call_id: Line = ""
    complaint_id: Line = ""
    case_id: Line = ""
    separate: Line = ""
    claim: Line = ""


@router.get("/new")
async def form(
    request: Request,
    scope: Enterer,
    q: Annotated[str, Query(max_length=40)] = "",
    elder_id: UUID | None = None,
    inbound_call_id: UUID | None = None,
    complaint_id: UUID | None = None,
) -> Response:
    """Show the form; `q` looks for a person by name."""
    await visible.check(scope, "elder", elder_id)
    await visible.check(scope, "inbound_call", inbound_call_id)
    await visible.check(scope, "complaint", complaint_id)
    given = Given(
        elder_id=str(elder_id or ""),
        inbound_call_id=str(inbound_call_id or ""),
        complaint_id=str(complaint_id or ""),
        claim="1" if scope.person.role in OPERATORS else "",
    )
    return await _form(request, scope, given, q=q)


@router.post("/new")
async def enter(request: Request, scope: Enterer, given: Annotated[Given, Form()]) -> Response:
    """Open a case, or join the one that is named; an open one of the same person is offered first."""
    for noun in ("elder", "inbound_call", "complaint", "case"):
        await visible.check(scope, noun, _id(getattr(given, f"{noun}_id")))
    try:
        async with scope.conn.transaction():
            case = await _enter(scope, given)
    except (Conflict, Invalid) as problem:
        return await _form(request, scope, given, problem=problem)
    office = scope.person.role not in OPERATORS
    return back(request, f"/console/new/{case}/done" if office else f"/console/cases/{case}")


@router.get("/new/{case_id}/done")
async def done(request: Request, scope: Enterer, case_id: UUID) -> Response:
    """Say that the call centre has it, to those who have no console."""
    row = await cases.find(scope.conn, case_id)
    return show(request, scope, "inbound/entered.html", case=row)


@router.get("/cases/{case_id}/said")
async def case_said(request: Request, scope: Operator, case_id: UUID) -> Response:
    """Show what people said about a case, sealed, and the recordings of its calls, as a part of its page."""
    await cases.find(scope.conn, case_id)
    heard = await recordings.of_case(scope.conn, case_id)
    told = await entering.reports(scope.conn, case_id)
    return show(request, scope, "inbound/said.html", reports=told, recordings=heard)


@router.post("/reports/{case_report_id}/reveal")
async def reveal(request: Request, scope: Operator, case_report_id: UUID) -> Response:
    """Show what was said in clear, on record."""
    clear = await entering.words_of(scope.conn, scope.keys, case_report_id, scope.person, scope.now)
    return show(request, scope, "inbound/words.html", report=clear)


async def _enter(scope: Scope, given: Given) -> UUID:
    report, by, now = _report(given), scope.person, scope.now
    joined = _id(given.case_id)
    if joined is not None:
        case = await entering.join(scope.conn, scope.keys, joined, report, by, now)
    else:
        case = await entering.enter(scope.conn, scope.keys, report, by, now, separate=given.separate == "1")
    if report.call is not None:
        await entering.case_of_call(scope.conn, report.call, case, by, now)
    row = await cases.find(scope.conn, case)
    if given.claim == "1" and by.role in OPERATORS and row["state"] in ("raised", "returned"):
        await cases.claim(scope.conn, case, by, now)
    return case


def _report(given: Given) -> Report:
    return Report(
        source=given.source,
        type=given.type,
        words=given.words,
        elder=_id(given.elder_id),
        severity=int(given.severity) if given.severity in ("1", "2", "3", "4", "5") else None,
        number=given.number.strip() or None,
        name=given.name.strip() or None,
        phone=given.phone.strip() or None,
        received_at=_instant(given.received_at),
        call=_id(given.inbound_call_id),
        complaint=_id(given.complaint_id),
    )


def _id(text: str) -> UUID | None:
    if not text:
        return None
    found = parse_id(text)
    if found is None:
        raise NotFound("nothing of that id")
    return found


def _instant(text: str) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZONE)
    except ValueError as error:
        raise Invalid("received_at: no time", [{"field": "received_at", "code": "invalid"}]) from error


async def _form(
    request: Request, scope: Scope, given: Given, *, q: str = "", problem: Problem | None = None
) -> Response:
    elder_id = _id(given.elder_id)
    elder = await scope.conn.fetchrow(SQL.find_elder, elder_id) if elder_id else None
    text = q.strip().replace("%", "").replace("_", "")
    found = await scope.conn.fetch(SQL.find_people, f"%{text}%") if len(text) >= _SHORTEST else []
    known = await entering.open_case(scope.conn, elder_id) if elder_id else None
    return show(
        request,
        scope,
        "inbound/new.html",
        status=problem.status if problem else 200,
        given=given,
        q=q,
        found=found,
        elder=elder,
        known=known,
        complaints=await complaints.list_(scope.conn, state="live", elder=elder_id, limit=5)
        if elder_id
        else [],
        sources=entering.SOURCES,
        types=entering.TYPES,
        failed=said(scope, problem) if isinstance(problem, Conflict) else None,
        errors=wrongs(scope, problem) if isinstance(problem, Invalid) else {},
    )
