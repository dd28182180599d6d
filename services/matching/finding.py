"""What a person's standing asks of a clerk: enrol, end, suspend, resume, or nothing; pure."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.standings import Reason, Standing

KINDS = ("not_enrolled", "no_longer")
ACTIONS = ("enrol", "end", "suspend", "resume", "dismiss")
_STABLE = ("code", "has", "was", "ended_on", "died_on", "by", "absence", "since", "why", "on", "scale")
"""Figures that make a reason another one; an age that grows by a year does not."""


@dataclass(frozen=True, slots=True)
class Found:
    """A match: its kind, the reasons with their records, what is proposed, and a mark of the reasons."""

    kind: str
    reasons: tuple[Reason, ...]
    proposal: str
    fingerprint: str


def look(scheme_code: str, standing: Standing, *, has_applied: bool) -> Found | None:
    """Return what a clerk should look at, or None; whoever's application is under way is not looked for."""
    if standing.enrolled.holds:
        if not standing.unmet:
            return None
        only_away = all(one["code"] == "unmet_present" for one in standing.unmet)
        return _found("no_longer", scheme_code, standing.unmet, "suspend" if only_away else "end")
    if standing.unmet or has_applied:
        return None
    [why] = standing.enrolled.reasons
    reasons = (*standing.eligible.reasons, why)
    was_suspended = why["code"] == "enrolment_suspended"
    return _found("not_enrolled", scheme_code, reasons, "resume" if was_suspended else "enrol")


def _found(kind: str, scheme_code: str, reasons: Sequence[Reason], proposal: str) -> Found:
    lines = sorted("|".join(f"{name}={one[name]}" for name in _STABLE if one.get(name)) for one in reasons)
    text = "\n".join((kind, scheme_code, *lines))
    return Found(kind, tuple(reasons), proposal, hashlib.sha256(text.encode()).hexdigest()[:32])


def ends_from(reasons: Sequence[Reason], today: date) -> date:
    """Return the day from which an enrolment should end: after a death that day, else today."""
    died = [one["died_on"] for one in reasons if one["code"] == "unmet_alive" and one.get("died_on")]
    return date.fromordinal(date.fromisoformat(died[0]).toordinal() + 1) if died else today
