"""The desk, people: elders, their grades, the assessment form with two signatures, the code for a home."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

import segno
from fastapi import APIRouter, Request
from fastapi.responses import Response
from markupsafe import Markup
from starlette.datastructures import FormData

from core import people as persons
from core.clock import local_date
from core.errors import Conflict, Forbidden, Invalid, Problem
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.desk import people
from dashboards.web.desk.pages import STAFF
from dashboards.web.pages import back, said, show, wrongs
from dispatch import qr
from services import assessments, entitlements
from services.assessing import form

router = APIRouter(prefix="/desk", route_class=Guarded, include_in_schema=False)
Reader = Annotated[Scope, allow(*STAFF, "assessor", "admin")]
Assessor = Annotated[Scope, allow("assessor")]
Printer = Annotated[Scope, allow(*STAFF, "assessor", "admin", "installer")]
YES_NO = ("coma", "dementia", "mental_disorder")


@router.get("/elders")
async def list_elders(request: Request, scope: Reader, name: str = "", after: UUID | None = None) -> Response:
    """List elders by part of their name."""
    rows, next_ = await people.elders(scope.conn, name.strip()[:40], after, local_date(scope.now))
    return show(request, scope, "desk/elders.html", elders=rows, next=next_, name=name.strip()[:40])


@router.get("/elders/{elder_id}")
async def elder(request: Request, scope: Reader, elder_id: UUID) -> Response:
    """Show an elder's grades, assessments and enrolments."""
    row = await persons.find_elder(scope.conn, elder_id)
    number = scope.keys.open(scope.person.district_id, row["id_number_sealed"])
    return show(
        request,
        scope,
        "desk/elder.html",
        elder=row,
        id_number=persons.mask_id_number(number),
        grades=await people.grades(scope.conn, elder_id),
        assessments=await people.assessments(scope.conn, elder_id),
        enrolments=await entitlements.enrolments(scope.conn, elder_id),
        may_assess=scope.person.role == "assessor",
    )


@router.get("/assessments/new")
async def blank(request: Request, scope: Assessor, elder: UUID) -> Response:
    """Show the empty form."""
    return await _form(request, scope, elder, {}, None)


@router.post("/assessments")
async def record(request: Request, scope: Assessor) -> Response:
    """Keep a filled-in form with its first signature, or say what is wrong field by field."""
    sent = await request.form()
    elder = await _elder_of(scope, sent)
    try:
        filled = _filled(elder, sent, local_date(scope.now))
        async with scope.conn.transaction():
            identity, _ = await assessments.record(
                scope.conn,
                district=scope.person.district_id,
                filled=filled,
                assessor=scope.person.account_id,
                now=scope.now,
            )
    except Invalid as problem:
        return await _form(request, scope, elder, dict(sent), problem)
    return back(request, f"/desk/assessments/{identity}")


@router.get("/assessments/{assessment_id}")
async def one(request: Request, scope: Reader, assessment_id: UUID) -> Response:
    """Show one assessment and how its grade came about."""
    return await _one(request, scope, assessment_id, None)


@router.post("/assessments/{assessment_id}/sign")
async def sign(request: Request, scope: Assessor, assessment_id: UUID) -> Response:
    """Sign as the second assessor: the grade is in force."""
    try:
        async with scope.conn.transaction():
            person, now = scope.person, scope.now
            await assessments.sign(scope.conn, assessment_id, assessor=person.account_id, now=now)
    except Conflict as problem:
        return await _one(request, scope, assessment_id, problem)
    return back(request, f"/desk/assessments/{assessment_id}")


@router.get("/homes/{home_id}/qr")
async def sheet(request: Request, scope: Printer, home_id: UUID) -> Response:
    """Show the sheet to print and hang up in a home."""
    home = await people.home(scope.conn, home_id)
    base = request.app.state.settings.public_url or str(request.base_url)
    link = qr.code_for(scope.keys, home, base)
    drawn = segno.make(link, error="m").svg_inline(scale=8, border=2, svgclass="qr", lineclass=None)
    return show(request, scope, "desk/qr.html", home=home, drawn=Markup(drawn))  # noqa: S704 - drawn by segno, no text in it


async def _one(request: Request, scope: Scope, identity: UUID, problem: Problem | None) -> Response:
    row = await people.assessment(scope.conn, identity)
    waits = row["assessor_2"] is None and scope.person.role == "assessor"
    return show(
        request,
        scope,
        "desk/assessment.html",
        status=problem.status if problem else 200,
        assessment=row,
        groups=people.groups(scope.language),
        may_sign=waits and row["assessor_1"] != scope.person.account_id,
        waits=waits,
        failed=said(scope, problem) if problem else None,
    )


async def _elder_of(scope: Scope, sent: FormData) -> UUID:
    try:
        elder = UUID(str(sent.get("elder", "")))
    except ValueError as error:
        raise Forbidden("no elder is named") from error
    await persons.find_elder(scope.conn, elder)
    return elder


async def _form(
    request: Request, scope: Scope, elder: UUID, given: dict[str, Any], problem: Invalid | None
) -> Response:
    errors = wrongs(scope, problem) if problem else {}
    return show(
        request,
        scope,
        "desk/form.html",
        status=problem.status if problem else 200,
        elder=await persons.find_elder(scope.conn, elder),
        groups=people.groups(scope.language),
        given=given,
        errors=errors,
        today=local_date(scope.now),
        reasons=assessments.REASONS,
        most=form().most,
        lows=form().lows,
    )


def _filled(elder: UUID, sent: FormData, today: date) -> assessments.Form:
    """Read the form; numbers and dates that are none are left for the rules to name."""
    items = {item.code: _number(sent.get(f"items.{item.code}")) for item in form().items}
    adjustments: dict[str, Any] = {name: sent.get(f"adjustments.{name}") == "1" for name in YES_NO}
    adjustments["risk_events"] = _number(sent.get("adjustments.risk_events") or "0")
    return assessments.Form(
        elder=elder,
        items={code: value for code, value in items.items() if value is not None},
        adjustments=adjustments,
        reason=str(sent.get("reason", "")),
        assessed_on=_day(sent.get("assessed_on"), today),
    )


def _number(value: object) -> int | str | None:
    text = str(value).strip() if value is not None else ""
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else text  # noqa: PLR2004 - points


def _day(value: object, today: date) -> date:
    try:
        day = date.fromisoformat(str(value or ""))
    except ValueError as error:
        raise Invalid("assessed_on: no date", [{"field": "assessed_on", "code": "date"}]) from error
    if day > today:
        raise Invalid("assessed_on: in the future", [{"field": "assessed_on", "code": "future"}])
    return day
