"""The scripted questions of a case: what is asked now, answers, how grave they make it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from core.db import Row
from dashboards import words
from dashboards.api.shapes import CENTRE, Given, Line, Note, Shape
from dashboards.auth import Guarded, Scope, allow
from dispatch import cases, questions
from dispatch.protocol_script import Node, Step
from dispatch.questions import Asked

router = APIRouter(prefix="/api/v1/cases", tags=["cases"], route_class=Guarded)
Centre = Annotated[Scope, allow(*CENTRE)]
Severity = Annotated[int, Field(ge=1, le=5)]


class Choice(Shape):
    """One possible answer; of a number: the range that begins where the one before ends."""

    code: str
    says: str
    below: float | None = None


class Question(Shape):
    """A question in the reader's language; `kind` is yes_no, choice, number or text."""

    node: str
    kind: str
    asks: str
    hint: str | None
    choices: list[Choice]


class Answered(Shape):
    """A question that has been answered."""

    node: str
    asks: str
    answer: str


class Advised(Shape):
    """What to do, most urgent first."""

    code: str
    says: str


class Kept(Shape):
    """One answer that was ever given; `replaced_at` of one that was changed."""

    node: str
    answer: str
    by: str | None
    at: datetime
    replaced_at: datetime | None


class Protocol(Shape):
    """Where a case stands in its script; `question` is null when all is asked or nothing is scripted."""

    case_id: UUID
    version: str
    question: Question | None
    path: list[Answered]
    advice: list[Advised]
    say: str | None
    severity: int | None = Field(description="as the answers have it; null: they say nothing of it")
    case_severity: int
    overridden_by: str | None
    answers: list[Kept]


class Answering(Given):
    """An answer; `was` is the one that the writer saw (none: it was open), `version` the script they read."""

    node: Line
    answer: Annotated[str, Field(max_length=600)]
    was: Annotated[str, Field(max_length=600)] | None = None
    version: Line | None = None


class Graving(Given):
    """Another severity, set by hand; `was` is the one that the writer saw."""

    severity: Severity
    was: Severity
    note: Note | None = None


@router.get("/{case_id}/protocol")
async def find(case_id: UUID, scope: Centre) -> Protocol:
    """Show the questions of a case: answered, open, what they advise."""
    case = await cases.find(scope.conn, case_id)
    return _shown(scope, case, await questions.of_case(scope.conn, case))


@router.post("/{case_id}/protocol/answer")
async def answer(case_id: UUID, given: Answering, scope: Centre) -> Protocol:
    """Answer a question; 409 names who answered first, or says that it is not asked now."""
    await questions.answer(
        scope.conn,
        case_id,
        given.node,
        given.answer,
        scope.person,
        scope.now,
        was=given.was,
        version=given.version,
    )
    return await find(case_id, scope)


@router.post("/{case_id}/severity")
async def set_severity(case_id: UUID, given: Graving, scope: Centre) -> Protocol:
    """Set how grave a case is by hand; 409 when it is no longer as grave as `was`."""
    person, now = scope.person, scope.now
    conn, to = scope.conn, given.severity
    await questions.set_severity(conn, case_id, to, person, now, was=given.was, note=given.note)
    return await find(case_id, scope)


def _shown(scope: Scope, case: Row, asked: Asked) -> Protocol:
    language, walk = scope.language, asked.walk
    return Protocol(
        case_id=case["id"],
        version=asked.version,
        question=_question(language, walk.question) if walk.question else None,
        path=[_answered(language, step) for step in walk.path],
        advice=[Advised(code=code, says=words.word(language, "advice", code)) for code in walk.advice],
        say=walk.says.get(language),
        severity=walk.severity,
        case_severity=case["severity"],
        overridden_by=asked.overridden_by,
        answers=[_given(row) for row in asked.answers],
    )


def _question(language: str, node: Node) -> Question:
    choices = [
        Choice(
            code=one.code,
            says=one.names.get(language) or words.word(language, "yes_no", one.code),
            below=float(one.below) if one.below is not None else None,
        )
        for one in node.answers
        if node.kind != "text"
    ]
    hint = node.hint.get(language)
    return Question(node=node.code, kind=node.kind, asks=node.asks[language], hint=hint, choices=choices)


def _answered(language: str, step: Step) -> Answered:
    return Answered(node=step.node.code, asks=step.node.asks[language], answer=step.value)


def _given(row: Row) -> Kept:
    return Kept(
        node=row["node"], answer=row["value"], by=row["by_name"], at=row["at"], replaced_at=row["replaced_at"]
    )
