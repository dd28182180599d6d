"""Complaints: until when, how far escalated, who may do what in which state (pure).

A complaint is `open` → `assigned` to a provider → `answered` → `closed`; an answer that is not good enough
goes back to `assigned`. What is withdrawn is closed from any state. Deadlines are days by urgency, a setting
(3, 7 and 15 by default; no published figure).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

Entry = Mapping[str, Any]

SOURCES = ("hotline", "family", "phone", "letter")
KINDS = ("not_made", "late", "short", "manner", "quality", "charge", "safety", "other")
URGENCIES = ("urgent", "ordinary", "complex")
OUTCOMES = ("upheld", "partly", "unfounded", "withdrawn")
FROM = {
    "assign": ("open", "assigned"),
    "answer": ("assigned",),
    "return": ("answered",),
    "close": ("answered",),
}
"""From which states each verb is possible."""
STEPS = (timedelta(0), timedelta(days=1), timedelta(days=3))
"""After the deadline: the first step at once, the second a day later, the third after three days."""
TOLD: tuple[tuple[str, ...], ...] = (
    ("clerk", "auditor"),
    ("clerk", "auditor", "approver"),
    ("approver", "admin"),
)


def due_at(received_at: datetime, urgency: str, days: Mapping[str, int]) -> datetime:
    """Return until when a complaint must be answered: so many times 24 hours after it came."""
    return received_at + timedelta(days=days[urgency])


def step_at(due: datetime, level: int) -> datetime | None:
    """Return when an unanswered complaint of this level is escalated; None: everybody has been told."""
    return due + STEPS[level] if level < len(STEPS) else None


def may(verb: str, state: str, outcome: str | None = None) -> bool:
    """Say whether a verb is possible in a state; withdrawing closes whatever is not closed yet."""
    if verb == "close" and outcome == "withdrawn":
        return state != "closed"
    return state in FROM[verb]


def standing(state: str, due: datetime, now: datetime) -> str:
    """Return `closed`, `answered`, `overdue`, `soon` (within a day) or `in_time`."""
    if state in ("closed", "answered"):
        return state
    if now > due:
        return "overdue"
    return "soon" if due - now <= timedelta(days=1) else "in_time"


def is_given_to(complaint: Mapping[str, Any], provider: UUID) -> bool:
    """Say whether a complaint {provider_id, assigned_at} was given to a provider: naming it is not enough."""
    return complaint["provider_id"] == provider and complaint["assigned_at"] is not None


def part_of(story: Sequence[Entry], provider: UUID) -> Sequence[Entry]:
    """Return the story {action, detail} from when the provider that has it got it: not what others said."""
    since: int | None = None
    for nth, entry in enumerate(story):
        if entry["action"] == "assign":
            is_own = entry["detail"]["provider"] == str(provider)
            since = (nth if since is None else since) if is_own else None
    return [] if since is None else story[since:]
