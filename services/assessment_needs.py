"""Who has to be assessed, why, and until when: what rows say about a person, as a decision (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from uuid import UUID

Cause = Literal["application", "condition", "dispute", "lapsing", "lapsed", "ungraded", "asked"]
CAUSES: tuple[Cause, ...] = ("application", "condition", "dispute", "lapsing", "lapsed", "ungraded", "asked")
REASON: Mapping[str, str] = {
    "application": "first",
    "condition": "immediate",
    "dispute": "review",
    "lapsing": "routine",
    "lapsed": "routine",
    "ungraded": "first",
    "asked": "other",
}
"""Which of the form's five reasons a cause stands for; somebody graded before who applies is no first one."""


@dataclass(frozen=True, slots=True)
class Patience:
    """A district's days from the cause to the assessment."""

    application: int
    condition: int
    ahead: int


@dataclass(frozen=True, slots=True)
class Need:
    """Somebody to be assessed."""

    elder: UUID
    cause: str
    cause_id: UUID | None
    reason: str
    due_on: date


def need(
    elder: UUID, cause: str, cause_id: UUID | None, on: date, *, was_graded: bool, patience: Patience
) -> Need:
    """Say for which reason and until when somebody is assessed.

    `on` is the day of the cause: applied, reported, review promised until, or the last day of the grade.
    """
    days = {
        "application": patience.application,
        "ungraded": patience.application,
        "condition": patience.condition,
    }
    reason = "routine" if cause == "application" and was_graded else REASON[cause]
    return Need(elder, cause, cause_id, reason, on + timedelta(days=days.get(cause, 0)))


def objection(
    assessors: tuple[UUID, UUID | None], before: tuple[UUID | None, UUID | None]
) -> Literal["same_assessor", "same_assessors"] | None:
    """Return why two people may not be sent together, or to a review of what `before` assessed, or None."""
    first, second = assessors
    if first == second:
        return "same_assessor"
    named = {one for one in assessors if one}
    return "same_assessors" if named & {one for one in before if one} else None
