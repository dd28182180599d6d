"""Assessments: the 26 items of GB/T 42195, scored; a grade only after a second assessor's signature."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from core import districts
from core.clock import local_date
from core.errors import Conflict, Invalid
from dashboards import results, visible
from dashboards.api.assessment_shapes import (
    Answered,
    Assessment,
    AssessmentInFull,
    Kept,
    Made,
    NewAssessment,
    NewDispute,
    Scored,
    Signed,
    SignedBy,
)
from dashboards.api.shapes import OFFICE, Page, Paged, shape_of
from dashboards.auth import Guarded, Scope, allow
from services import assessment_disputes, assessment_signatures, assessments
from services.assessing import CURRENT
from services.assessments import Form

router = APIRouter(prefix="/api/v1/assessments", tags=["assessments"], route_class=Guarded)
Readers = Annotated[Scope, allow(*OFFICE, "assessor")]
Assessor = Annotated[Scope, allow("assessor")]
Papers = Annotated[Scope, allow(*OFFICE, "assessor", "family")]
Disputers = Annotated[Scope, allow("family", "clerk", "admin")]


@router.get("")
async def list_(scope: Readers, paged: Paged, elder_id: UUID | None = None) -> Page[Assessment]:
    """List assessments, newest first."""
    await visible.check_elder(scope, elder_id)
    rows = await assessments.list_(scope.conn, elder_id=elder_id, after=paged.after, limit=paged.ask)
    return paged.page(rows, Assessment)


@router.post("/score")
async def score(given: Answered, scope: Assessor) -> Scored:
    """Score answers without storing them; 422 names every wrong item."""
    settings = await districts.settings(scope.conn, scope.person.district_id)
    found = assessments.score(given.items, given.adjustments, assessments.rules_of(settings))
    return Scored.model_validate(_scored(scope, found))


@router.post("", status_code=201)
async def record(given: NewAssessment, scope: Assessor) -> Made:
    """Store a form with its first signature, and with the second one when it was drawn on the same tablet."""
    await visible.check_elder(scope, given.elder_id)
    filled = _filled(scope, given)
    if given.signature is None:
        if given.second is not None:
            raise Invalid("signature: missing", [{"field": "signature", "code": "missing"}])
        identity, found = await assessments.record(
            scope.conn,
            district=scope.person.district_id,
            filled=filled,
            assessor=scope.person.account_id,
            now=scope.now,
        )
        return Made.model_validate({**_scored(scope, found), "id": identity})
    first, second = given.signature.drawn(), given.second.second() if given.second else None
    who: dict[str, Any] = {"by": scope.person, "now": scope.now}
    try:
        identity, found, grade = await assessment_signatures.submit(
            scope.conn, scope.keys, scope.settings, filled, first, second, **who
        )
    except Invalid as problem:
        errors: Any = problem.extra.get("errors") or []
        if any(one.get("code") == "wrong_login" for one in errors):
            scope.guesses.append(f"second:{scope.person.account_id}")
        raise
    return Made.model_validate({**_scored(scope, found), "id": identity, "grade_id": grade})


def _filled(scope: Scope, given: NewAssessment) -> Form:
    if given.assessed_on > local_date(scope.now):
        raise Invalid("assessed_on lies in the future", [{"field": "assessed_on", "code": "future"}])
    return Form(
        given.elder_id,
        given.items,
        given.adjustments,
        given.reason,
        given.assessed_on,
        identity=given.id,
        notes_sealed=assessments.seal_notes(scope.keys, scope.person.district_id, given.notes),
        informant=given.informant,
        review_of=given.review_of,
    )


@router.get("/{assessment_id}")
async def find(assessment_id: UUID, scope: Readers) -> AssessmentInFull:
    """Show one assessment with its answers, notes and signatures."""
    row = await assessments.find(scope.conn, assessment_id)
    signatures = await assessment_signatures.list_(scope.conn, scope.keys, assessment_id)
    more = {"notes": assessments.notes_of(scope.keys, row), "signatures": signatures}
    return shape_of(AssessmentInFull, {**row, **more, **_explained(scope, row)})


@router.get("/{assessment_id}/result")
async def result(assessment_id: UUID, scope: Papers) -> Response:
    """Give the result as a PDF, typeface embedded; to a family of their own elder, when it is signed."""
    row = await assessments.find(scope.conn, assessment_id)
    await visible.check_owner(scope, "assessment", assessment_id, row["elder_id"])
    if row["signed_at"] is None and scope.person.role == "family":
        raise Conflict("the assessment is not signed yet: it grades nobody", code="not_signed")
    paper = await results.gather(scope, row)
    return results.download(await asyncio.to_thread(results.pdf, paper), assessment_id)


@router.post("/{assessment_id}/sign")
async def sign(assessment_id: UUID, scope: Assessor, given: SignedBy | None = None) -> Signed:
    """Sign as the second assessor: the grade is in force from the day of the assessment."""
    drawn = given.signature.drawn() if given and given.signature else None
    who: dict[str, Any] = {"by": scope.person, "now": scope.now}
    grade = await assessment_signatures.sign(scope.conn, scope.keys, assessment_id, drawn, **who)
    return Signed(grade_id=grade)


@router.post("/{assessment_id}/dispute", status_code=201)
async def dispute(assessment_id: UUID, given: NewDispute, scope: Disputers) -> Kept:
    """Dispute a signed grade; it stays in force until two others have assessed."""
    row = await assessments.find(scope.conn, assessment_id)
    await visible.check_owner(scope, "assessment", assessment_id, row["elder_id"])
    kind = "family" if scope.person.role == "family" else given.kind
    what: dict[str, Any] = {"kind": kind, "grounds": given.grounds, "words": given.words, "now": scope.now}
    made = await assessment_disputes.raise_(scope.conn, scope.keys, assessment_id, by=scope.person, **what)
    return Kept(id=made)


def _scored(scope: Scope, found: assessments.Result) -> dict[str, Any]:
    row = {"rules": CURRENT, "explanation": list(found.explanation)}
    return {"score": found.score, "grade": found.grade, **_explained(scope, row)}


def _explained(scope: Scope, row: Mapping[str, Any]) -> dict[str, Any]:
    joint = "" if scope.language == "zh_CN" else " "
    said = joint.join(results.lines(scope.language, row))
    return {"explanation": said, "explanation_lines": row["explanation"]}
