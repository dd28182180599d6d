"""Four steps of guardianship, one after the other: investigate, determine, choose, care (DOMAIN §3; pure).

Who determines civil capacity is not who investigated: two people, as with money.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

STEPS = ("investigate", "determine", "choose", "care")
FINDINGS: Mapping[str, tuple[str, ...]] = {
    "investigate": ("no_relative", "relative_able", "relative_unable", "relative_unwilling"),
    "determine": ("none", "limited", "full"),
    "choose": ("relative", "village_committee", "institution", "organisation", "civil_affairs"),
    "care": ("at_home", "with_guardian", "institution"),
}
"""What a step may find; the reports name the steps, the findings are ours (L)."""


@dataclass(frozen=True, slots=True)
class Done:
    """A step that was done: the day, by whom."""

    on: date
    by: UUID


def next_step(done: Mapping[str, Done]) -> str | None:
    """Return the step that comes next, None: all are done."""
    return next((step for step in STEPS if step not in done), None)


def objection(
    done: Mapping[str, Done], step: str, new: Done, *, has_guardian: bool, today: date
) -> str | None:
    """Return why a step cannot be recorded as it is, or None: it can."""
    if step != next_step(done):
        return "step_done" if step in done else "step_order"
    if new.on > today:
        return "future"
    if done and new.on < max(one.on for one in done.values()):
        return "before_previous"
    if step == "determine" and new.by == done["investigate"].by:
        return "same_person"
    return "no_guardian" if step == "care" and not has_guardian else None


def capacity(finding: str) -> str:
    """Return the civil capacity that a determination leaves; full capacity needs no guardianship."""
    return finding if finding in ("none", "limited") else "unknown"
