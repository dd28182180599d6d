"""Assessments: the 26 items of GB/T 42195, scored; a grade only after a second assessor's signature."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import AfterValidator, Field

from core import districts
from core.clock import local_date
from core.db import Row
from core.errors import Invalid
from dashboards import visible, words
from dashboards.api.shapes import OFFICE, Code, Day, Given, Page, Paged, Shape, shape_of
from dashboards.auth import Guarded, Scope, allow
from services import assessments
from services.assessments import Form

router = APIRouter(prefix="/api/v1/assessments", tags=["assessments"], route_class=Guarded)
Readers = Annotated[Scope, allow(*OFFICE, "assessor")]
Assessor = Annotated[Scope, allow("assessor")]
MANY = 100


def _few(answers: dict[str, Any]) -> dict[str, Any]:
    if len(answers) > MANY:
        raise ValueError("too many answers")
    return answers


Answers = Annotated[dict[Code, Any], AfterValidator(_few)]


class Answered(Given):
    """The answers so far."""

    items: Answers
    adjustments: Answers = Field(default_factory=dict)


class NewAssessment(Answered):
    """A filled-in form, signed by who sends it."""

    elder_id: UUID
    reason: Code
    assessed_on: Day


class Scored(Shape):
    """What the answers come to."""

    score: int
    grade: str
    explanation: str
    explanation_lines: list[dict[str, Any]]


class Made(Scored):
    """The stored form; it waits for the second signature."""

    id: UUID


class Assessment(Shape):
    """One assessment; without a second signature it grades nobody."""

    id: UUID
    elder_id: UUID
    rules: str
    score: int
    grade: str
    reason: str
    assessed_on: date
    assessor_1: UUID
    assessor_2: UUID | None
    signed_at: datetime | None


class AssessmentInFull(Assessment):
    """One assessment with its answers."""

    items: dict[str, Any]
    adjustments: dict[str, Any]
    explanation: str
    explanation_lines: list[dict[str, Any]]


class Signed(Shape):
    """The grade that is in force now."""

    grade_id: UUID


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
    """Store a form with its first signature."""
    await visible.check_elder(scope, given.elder_id)
    if given.assessed_on > local_date(scope.now):
        raise Invalid("assessed_on lies in the future", [{"field": "assessed_on", "code": "future"}])
    filled = Form(given.elder_id, given.items, given.adjustments, given.reason, given.assessed_on)
    identity, found = await assessments.record(
        scope.conn,
        district=scope.person.district_id,
        filled=filled,
        assessor=scope.person.account_id,
        now=scope.now,
    )
    return Made.model_validate({**_scored(scope, found), "id": identity})


@router.get("/{assessment_id}")
async def find(assessment_id: UUID, scope: Readers) -> AssessmentInFull:
    """Show one assessment with its answers."""
    row = await assessments.find(scope.conn, assessment_id)
    return shape_of(AssessmentInFull, {**row, **_explained(scope, row)})


@router.post("/{assessment_id}/sign")
async def sign(assessment_id: UUID, scope: Assessor) -> Signed:
    """Sign as the second assessor: the grade is in force from the day of the assessment."""
    grade = await assessments.sign(scope.conn, assessment_id, assessor=scope.person.account_id, now=scope.now)
    return Signed(grade_id=grade)


def _scored(scope: Scope, found: assessments.Result) -> dict[str, Any]:
    lines = list(found.explanation)
    return {
        "score": found.score,
        "grade": found.grade,
        "explanation": words.explain(scope.language, lines),
        "explanation_lines": lines,
    }


def _explained(scope: Scope, row: Row) -> dict[str, Any]:
    lines = row["explanation"]
    return {"explanation": words.explain(scope.language, lines), "explanation_lines": lines}
