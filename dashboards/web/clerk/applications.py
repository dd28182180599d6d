"""Applications at the desk: what waits, one with its history, a new one, every step."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from core import people
from core.clock import local_date
from core.errors import Conflict, Invalid, NotFound, Problem
from core.people import mask_id_number
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.care import forms
from dashboards.web.clerk import acting
from dashboards.web.clerk.acting import VERBS
from dashboards.web.pages import back, said, show, wrongs
from services.applications import applications, flows, handing
from services.applications.applications import Applicant, NewApplication

router = APIRouter(prefix="/clerk/applications", route_class=Guarded, include_in_schema=False)
Reader = Annotated[Scope, allow("clerk", "approver", "auditor")]
Actor = Annotated[Scope, allow("clerk", "approver")]
Clerk = Annotated[Scope, allow("clerk")]
PAGE = 50


@router.get("")
async def list_(request: Request, scope: Reader, state: str = "", after: UUID | None = None) -> Response:
    """List what waits for the reader, and all applications by state."""
    wanted = state if state in applications.STATES else None
    rows = await applications.list_(scope.conn, state=wanted, after=after, limit=PAGE + 1)
    role = "approver" if scope.person.role == "approver" else "clerk"
    return show(
        request,
        scope,
        "clerk/applications.html",
        waiting=[] if wanted or after else await applications.waiting(scope.conn, role),
        rows=rows[:PAGE],
        next=rows[PAGE - 1]["id"] if len(rows) > PAGE else None,
        states=applications.STATES,
        state=wanted or "",
        today=local_date(scope.now),
        may_apply=scope.person.role == "clerk",
    )


@router.get("/new")
async def blank(request: Request, scope: Clerk, elder_id: UUID | None = None) -> Response:
    """Show the empty form, for an elder of the district or for somebody new."""
    return await _form(request, scope, elder_id, {}, None)


async def _form(
    request: Request, scope: Scope, elder: UUID | None, given: dict[str, Any], problem: Problem | None
) -> Response:
    return show(
        request,
        scope,
        "clerk/apply.html",
        status=problem.status if problem else 200,
        elder=await people.find_elder(scope.conn, elder) if elder else None,
        schemes=await applications.schemes(scope.conn, local_date(scope.now)),
        papers=flows.DOCUMENTS,
        given=given,
        errors=wrongs(scope, problem) if isinstance(problem, Invalid) else {},
        failed=said(scope, problem) if isinstance(problem, Conflict) else None,
    )


@router.post("")
async def apply(request: Request, scope: Clerk) -> Response:
    """Take in an application."""
    sent = await request.form()
    elder = forms.identity(forms.text(sent, "elder"))
    names = ("name", "id_number", "phone", "address")
    person = None if elder else Applicant(*(forms.text(sent, name, 200) for name in names))
    papers = tuple(str(one) for one in sent.getlist("documents") if one in flows.DOCUMENTS)
    way = "phone" if forms.text(sent, "via") == "phone" else "clerk"
    new = NewApplication(
        forms.text(sent, "scheme_code", 60), way, elder, person, papers, forms.text(sent, "note")
    )
    try:
        async with scope.conn.transaction():
            made = await applications.apply(scope.conn, scope.keys, new, scope.person, scope.now)
    except (Conflict, Invalid) as problem:
        return await _form(request, scope, elder, {**dict(sent), "documents": papers}, problem)
    return back(request, f"/clerk/applications/{made}")


@router.get("/{application_id}")
async def one(request: Request, scope: Reader, application_id: UUID) -> Response:
    """Show one application with what may be done now."""
    return await _one(request, scope, application_id, None)


async def _one(request: Request, scope: Scope, identity: UUID, problem: Problem | None) -> Response:
    row = await applications.find(scope.conn, identity)
    flow = flows.read(row["flow"])
    person = None
    if row["person_sealed"]:
        person = applications.unpack(scope.keys, scope.person.district_id, row["person_sealed"])
    is_arrival = row["state"] == "received"
    may = acting.may(row, flow, scope.person.role)
    return show(
        request,
        scope,
        "clerk/application.html",
        status=problem.status if problem else 200,
        row=row,
        flow=flow,
        applicant=person,
        id_number=mask_id_number(person.id_number) if person else "",
        steps=await applications.steps(scope.conn, identity),
        missing=flows.missing(flow, row["documents"]),
        may=may,
        reasons=flows.REFUSALS,
        papers=flows.DOCUMENTS,
        others=await handing.others(scope.conn, scope.person.district_id) if "hand-over" in may else [],
        schemes=await applications.schemes(scope.conn, local_date(scope.now)) if is_arrival else [],
        scheme=(await acting.names(scope.conn)).get(row["scheme_code"], row["scheme_code"]),
        today=local_date(scope.now),
        errors=wrongs(scope, problem) if isinstance(problem, Invalid) else {},
        failed=said(scope, problem) if isinstance(problem, Conflict | Invalid) else None,
    )


@router.get("/{application_id}/standing")
async def standing(request: Request, scope: Reader, application_id: UUID) -> Response:
    """Say how the person stands today, by every record."""
    row = await applications.find(scope.conn, application_id)
    words = await acting.standing_of(scope, row)
    return show(request, scope, "clerk/standing.html", standing=words)


@router.post("/{application_id}/{verb}")
async def act(request: Request, scope: Actor, application_id: UUID, verb: str) -> Response:
    """Take one step."""
    if verb not in VERBS:
        raise NotFound("no such step")
    sent = await request.form()
    try:
        async with scope.conn.transaction():
            await acting.act(scope, application_id, verb, sent)
    except (Conflict, Invalid) as problem:
        return await _one(request, scope, application_id, problem)
    return back(request, f"/clerk/applications/{application_id}")
