"""Disputes of a grade as decisions: until when, on what grounds, who may look again, what came of it (pure).

GB/T 42195-2022 says that a dispute leads to a review by others; the number of days is a district setting of
ours (L). Until the review is signed the disputed grade stays in force: nobody loses or gains by disputing.
"""

from datetime import date, timedelta
from typing import Literal
from uuid import UUID

from core.grades import ORDER

GROUNDS = ("answers", "changed_since", "process", "assessor", "other")
"""Why somebody disputes: answers that do not fit, changed since, how it went, who assessed, other."""
Outcome = Literal["same", "milder", "worse"]
Objection = Literal["same_assessors", "before_disputed"]


def last_day(signed_on: date, days: int) -> date:
    """Return the last day on which a grade signed on a day may be disputed."""
    return signed_on + timedelta(days=days)


def objection(
    disputed: tuple[UUID, UUID | None], disputed_on: date, reviewer: UUID, reviewed_on: date
) -> Objection | None:
    """Return why somebody may not review on a day what two others assessed, or None: they may."""
    if reviewer in disputed:
        return "same_assessors"
    return "before_disputed" if reviewed_on <= disputed_on else None


def outcome(disputed: str, review: str) -> Outcome:
    """Compare two grades of the scale."""
    before, after = ORDER.index(disputed), ORDER.index(review)
    if before == after:
        return "same"
    return "milder" if after < before else "worse"
