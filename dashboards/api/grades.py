"""An elder's grades of every scale, each with its source; those of other scales are entered from papers."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from core import grades
from dashboards import visible
from dashboards.api.shapes import OFFICE, Code, Day, Given, Line, Shape, shape_of
from dashboards.auth import Guarded, Scope, allow
from services import grade_entries
from services.grade_entries import Paper

router = APIRouter(prefix="/api/v1/elders", tags=["assessments"], route_class=Guarded)
Readers = Annotated[Scope, allow(*OFFICE, "assessor")]
Clerk = Annotated[Scope, allow("clerk", "admin")]


class NewGrade(Given):
    """A grade as its paper says: `ltci` 0-5, `disability_certificate` 1-4, `tekun_self_care` in words."""

    scale: Code
    grade: str = Field(pattern=r"^[a-z0-9_]{1,20}$")
    issuer: Line
    issued_on: Day
    valid_from: Day
    valid_to: Day | None = None
    number: str = Field("", max_length=80)


class Grade(Shape):
    """A grade of one scale; `source_id` names the assessment or the paper."""

    id: UUID
    scale: str
    grade: str
    valid_from: date
    valid_to: date | None
    source_id: UUID | None
    recorded_at: datetime


class Entered(Shape):
    """The grade that was recorded."""

    id: UUID


@router.get("/{elder_id}/grades")
async def list_(elder_id: UUID, scope: Readers) -> list[Grade]:
    """List an elder's grades of every scale, newest first."""
    await visible.check_elder(scope, elder_id)
    return [shape_of(Grade, row) for row in await grades.history(scope.conn, elder_id)]


@router.post("/{elder_id}/grades", status_code=201)
async def enter(elder_id: UUID, given: NewGrade, scope: Clerk) -> Entered:
    """Enter a grade of another scale from a paper."""
    await visible.check_elder(scope, elder_id)
    paper = Paper(**given.model_dump())
    made = await grade_entries.enter(scope.conn, scope.keys, elder_id, paper, by=scope.person, now=scope.now)
    return Entered(id=made)
