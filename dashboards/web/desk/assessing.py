"""The desk, people: elders, their grades, an assessment with its signatures and disputes, a home's code."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

import segno
from fastapi import APIRouter, Request
from fastapi.responses import Response
from markupsafe import Markup
from starlette.datastructures import FormData

from core import districts
from core import people as persons
from core.clock import local_date
from core.errors import Conflict, Invalid, Problem
from dashboards import results
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.care import forms
from dashboards.web.desk import people
from dashboards.web.desk.pages import STAFF
from dashboards.web.pages import back, said, show, wrongs
from dispatch import qr
from dispatch.centre import pauses
from dispatch.phone import signatures
from services import (
    assessment_disputes,
    assessment_signatures,
    assessments,
    disputing,
    entitlements,
    grade_entries,
)
from services.assessment_signatures import Drawn
from services.grade_entries import Paper

router = APIRouter(prefix="/desk", route_class=Guarded, include_in_schema=False)
Reader = Annotated[Scope, allow(*STAFF, "assessor", "admin")]
Assessor = Annotated[Scope, allow("assessor")]
Printer = Annotated[Scope, allow(*STAFF, "assessor", "admin", "installer")]
Clerk = Annotated[Scope, allow("clerk", "admin")]


@router.get("/elders")
async def list_elders(request: Request, scope: Reader, name: str = "", after: UUID | None = None) -> Response:
    """List elders by part of their name."""
    rows, next_ = await people.elders(scope.conn, name.strip()[:40], after, local_date(scope.now))
    return show(request, scope, "desk/elders.html", elders=rows, next=next_, name=name.strip()[:40])


@router.get("/elders/{elder_id}")
async def elder(request: Request, scope: Reader, elder_id: UUID) -> Response:
    """Show an elder's grades, assessments and enrolments."""
    return await _elder(request, scope, elder_id, None)


async def _elder(request: Request, scope: Scope, elder_id: UUID, problem: Problem | None) -> Response:
    row = await persons.find_elder(scope.conn, elder_id)
    number = scope.keys.open(scope.person.district_id, row["id_number_sealed"])
    return show(
        request,
        scope,
        "desk/elder.html",
        status=problem.status if problem else 200,
        elder=row,
        id_number=persons.mask_id_number(number),
        grades=await people.grades(scope.conn, elder_id),
        papers={one["id"]: one for one in await grade_entries.list_(scope.conn, elder_id)},
        choices=[f"{scale}:{grade}" for scale, every in grade_entries.GRADES.items() for grade in every],
        assessments=await people.assessments(scope.conn, elder_id),
        enrolments=await entitlements.enrolments(scope.conn, elder_id),
        pauses=await pauses.of_elder(scope.conn, elder_id, scope.now),
        may_pause=scope.person.role in {"clerk", "admin"},
        may_assess=scope.person.role == "assessor",
        may_enter=scope.person.role in {"clerk", "admin"},
        today=local_date(scope.now),
        failed=said(scope, problem) if isinstance(problem, Conflict) else None,
        errors=wrongs(scope, problem) if isinstance(problem, Invalid) else {},
    )


@router.get("/assessments/{assessment_id}")
async def one(request: Request, scope: Reader, assessment_id: UUID) -> Response:
    """Show one assessment and how its grade came about."""
    return await _one(request, scope, assessment_id, None)


@router.get("/assessments/{assessment_id}/result.pdf")
async def result(scope: Reader, assessment_id: UUID) -> Response:
    """Give the result as a paper."""
    paper = await results.gather(scope, await assessments.find(scope.conn, assessment_id))
    return results.download(await asyncio.to_thread(results.pdf, paper), assessment_id)


@router.post("/assessments/{assessment_id}/sign")
async def sign(request: Request, scope: Assessor, assessment_id: UUID) -> Response:
    """Sign as the second assessor: the grade is in force."""
    sent = await request.form()
    try:
        drawn = await _drawn(scope, assessment_id, sent)
        async with scope.conn.transaction():
            person, now = scope.person, scope.now
            await assessment_signatures.sign(scope.conn, scope.keys, assessment_id, drawn, by=person, now=now)
    except (Conflict, Invalid) as problem:
        return await _one(request, scope, assessment_id, problem)
    return back(request, f"/desk/assessments/{assessment_id}")


async def _drawn(scope: Scope, assessment: UUID, sent: FormData) -> Drawn | None:
    """Read a drawing; without a script the account alone signs."""
    path, at = forms.text(sent, "path", signatures.LONGEST), forms.text(sent, "signed_at", 40)
    if not path:
        return None
    row = await assessments.find(scope.conn, assessment)
    statement = {**assessment_signatures.statement_of(row), "signed_at": at}
    return Drawn(path, statement, forms.text(sent, "digest", 64), scope.now)


@router.post("/assessments/{assessment_id}/dispute")
async def dispute(request: Request, scope: Clerk, assessment_id: UUID) -> Response:
    """Dispute a grade for the person or the family, or take the dispute back."""
    sent = await request.form()
    try:
        async with scope.conn.transaction():
            named = forms.identity(forms.text(sent, "withdraw"))
            if named is not None:
                await assessment_disputes.withdraw(scope.conn, named, scope.person, scope.now)
            else:
                await raise_dispute(scope, assessment_id, sent, forms.text(sent, "kind", 10))
    except (Conflict, Invalid) as problem:
        return await _one(request, scope, assessment_id, problem)
    return back(request, f"/desk/assessments/{assessment_id}")


async def raise_dispute(scope: Scope, assessment: UUID, sent: FormData, kind: str) -> None:
    """Dispute a grade as a form says."""
    grounds = [str(code) for code in sent.getlist("grounds")]
    what: dict[str, Any] = {"kind": kind, "grounds": grounds, "words": forms.text(sent, "words")}
    await assessment_disputes.raise_(
        scope.conn, scope.keys, assessment, by=scope.person, now=scope.now, **what
    )


@router.post("/elders/{elder_id}/grades")
async def enter_grade(request: Request, scope: Clerk, elder_id: UUID) -> Response:
    """Enter a grade of another scale from a paper."""
    sent = await request.form()
    await persons.find_elder(scope.conn, elder_id)
    try:
        scale, _, grade = forms.text(sent, "scale_grade", 60).partition(":")
        paper = Paper(
            scale,
            grade,
            forms.text(sent, "issuer", 200),
            forms.needed_day(sent, "issued_on"),
            forms.needed_day(sent, "valid_from"),
            forms.day(sent, "valid_to"),
            forms.text(sent, "number", 200),
        )
        async with scope.conn.transaction():
            await grade_entries.enter(scope.conn, scope.keys, elder_id, paper, by=scope.person, now=scope.now)
    except (Conflict, Invalid) as problem:
        return await _elder(request, scope, elder_id, problem)
    return back(request, f"/desk/elders/{elder_id}")


@router.get("/homes/{home_id}/qr")
async def sheet(request: Request, scope: Printer, home_id: UUID) -> Response:
    """Show the sheet to print and hang up in a home."""
    home = await people.home(scope.conn, home_id)
    base = request.app.state.settings.public_url or str(request.base_url)
    link = qr.code_for(scope.keys, home, base)
    drawn = segno.make(link, error="m").svg_inline(border=2, svgclass="qr", lineclass=None, omitsize=True)
    return show(request, scope, "desk/qr.html", home=home, drawn=Markup(drawn))  # noqa: S704 - drawn by segno, no text in it


async def _one(request: Request, scope: Scope, identity: UUID, problem: Problem | None) -> Response:
    row = await assessments.find(scope.conn, identity)
    waits = row["assessor_2"] is None and scope.person.role == "assessor"
    disputes = await assessment_disputes.list_(scope.conn, elder_id=row["elder_id"])
    settings = await districts.settings(scope.conn, row["district_id"])
    last = (
        disputing.last_day(local_date(row["signed_at"]), settings.dispute_days) if row["signed_at"] else None
    )
    return show(
        request,
        scope,
        "desk/assessment.html",
        status=problem.status if problem else 200,
        assessment=row,
        groups=people.groups(scope.language, row["rules"]),
        lines=results.lines(scope.language, row),
        notes=assessments.notes_of(scope.keys, row),
        drawn={
            one["position"]: one
            for one in await assessment_signatures.list_(scope.conn, scope.keys, identity)
        },
        statement=assessment_signatures.statement_of(row),
        disputes=[one for one in disputes if identity in (one["assessment_id"], one["review_id"])],
        last_day=last,
        may_dispute=scope.person.role in {"clerk", "admin"}
        and last is not None
        and local_date(scope.now) <= last
        and row["review_of"] is None,
        grounds=disputing.GROUNDS,
        kinds=assessment_disputes.KINDS,
        may_sign=waits and row["assessor_1"] != scope.person.account_id,
        waits=waits,
        failed=said(scope, problem) if problem else None,
    )
