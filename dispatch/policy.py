"""Escalation as data: who is told at which step, and how long the next one waits. It never stops silently."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from core.errors import Invalid
from core.events import OPERATORS

AUDIENCES: dict[str, tuple[str, ...]] = {
    "operators": ("operator", "admin"),
    "duty_managers": ("operator", "duty_manager", "admin"),
    "everyone": ("operator", "duty_manager", "admin", "family"),
}
DEFAULT: tuple[dict[str, Any], ...] = (
    {"audience": "operators", "wait_seconds": 60},
    {"audience": "duty_managers", "wait_seconds": 120},
    {"audience": "everyone", "wait_seconds": 300},
)
FAMILY = (*OPERATORS, "family")
"""Who hears of the changes that a family may see."""


@dataclass(frozen=True)
class Notice:
    """One step of an escalation: whom it tells, and when the next is due if nobody answers."""

    step: int
    audience: str
    roles: tuple[str, ...]
    wait: timedelta


def notice(steps: list[dict[str, Any]], step: int) -> Notice:
    """Return step number `step` (0 is the opening); the last repeats for ever."""
    entry = steps[min(step, len(steps) - 1)]
    audience = str(entry["audience"])
    return Notice(step, audience, AUDIENCES[audience], timedelta(seconds=entry["wait_seconds"]))


def check(steps: list[dict[str, Any]]) -> None:
    """Raise Invalid naming the step that cannot be followed."""
    errors: list[dict[str, object]] = []
    if not steps:
        errors.append({"field": "steps", "code": "empty", "message": "a policy needs at least one step"})
    for place, entry in enumerate(steps):
        if entry.get("audience") not in AUDIENCES:
            words = f"one of {', '.join(AUDIENCES)}"
            errors.append({"field": f"steps.{place}.audience", "code": "unknown", "message": words})
        wait = entry.get("wait_seconds")
        if not isinstance(wait, int) or isinstance(wait, bool) or wait <= 0:
            words = "a whole number of seconds above 0"
            errors.append({"field": f"steps.{place}.wait_seconds", "code": "not_positive", "message": words})
    if errors:
        raise Invalid("the escalation policy cannot be followed", errors)


IDLE = timedelta(minutes=10)
"""A claimed case in which nothing happens for so long is told to the duty manager."""
ARRIVAL = timedelta(minutes=45)
"""Nine of ten responders are on scene within 45 minutes of the decision to send (DOMAIN §4)."""
REPEAT = timedelta(minutes=15)
"""How often what is still overdue is told again."""


@dataclass(frozen=True)
class Overdue:
    """What the clock found in a case, whom to tell, and when to look again."""

    reason: str
    notice: Notice


def overdue(
    state: str, visit_state: str | None, steps: list[dict[str, Any]], step: int, offer_wait: timedelta
) -> Overdue | None:
    """Say what is overdue in a case whose deadline has passed; None: nothing in this state can be."""
    if state == "raised":
        return Overdue("unanswered", notice(steps, step + 1))
    waiting = {
        "claimed": ("idle", IDLE),
        "verified": ("idle", IDLE),
        "dispatched": ("not_accepted", offer_wait) if visit_state == "offered" else ("not_arrived", REPEAT),
        "on_scene": ("not_back", REPEAT),
    }
    if state not in waiting:
        return None
    reason, wait = waiting[state]
    return Overdue(reason, Notice(step, "duty_managers", AUDIENCES["duty_managers"], wait))
