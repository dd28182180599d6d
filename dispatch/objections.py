"""What speaks against sending somebody to an emergency, in codes and numbers; distance apart. Pure."""

from typing import Any

from dispatch.needs import RINGS, Candidate, Need

Reason = dict[str, Any]


def by_answer(candidate: Candidate) -> Reason | None:
    """Leave out who has said no, or nothing."""
    if candidate.declined_at is None:
        return None
    return {"code": candidate.answer, "at": candidate.declined_at.isoformat()}


def by_ring(need: Need, candidate: Candidate) -> Reason | None:
    """Leave out whose turn comes later, and who has no agreement with the home's provider."""
    if candidate.ring <= need.ring:
        return None
    return {"code": "later_ring" if candidate.ring <= RINGS else "no_agreement", "ring": candidate.ring}


def by_skill(need: Need, candidate: Candidate) -> Reason | None:
    """Leave out who lacks the skill, or whose certificates of it are all out of force."""
    if need.skill not in candidate.skills:
        return {"code": "no_skill", "skill": need.skill}
    certified = [c for c in candidate.certificates if c.skill == need.skill]
    if not certified or any(c.valid_from <= need.on <= c.valid_to for c in certified):
        return None
    expired = [c.valid_to for c in certified if c.valid_to < need.on]
    if expired:
        last = max(expired)
        days = (need.on - last).days
        return {
            "code": "certificate_expired",
            "skill": need.skill,
            "valid_to": last.isoformat(),
            "days": days,
        }
    start = min(c.valid_from for c in certified)
    return {"code": "certificate_not_yet", "skill": need.skill, "valid_from": start.isoformat()}


def by_shift(need: Need, candidate: Candidate) -> Reason | None:
    """Leave out who does not work now."""
    if candidate.shift_until is not None and need.at < candidate.shift_until:
        return None
    if candidate.away is not None:
        return {"code": "on_leave", **candidate.away}
    return {
        "code": "off_shift",
        "next_shift": candidate.next_shift.isoformat() if candidate.next_shift else None,
    }


def by_work(need: Need, candidate: Candidate) -> Reason | None:
    """Leave out who is on something as urgent."""
    held = [b for b in candidate.busy if b.priority <= need.priority]
    if not held:
        return None
    first = min(held, key=lambda b: (b.priority, b.until, b.visit_id))
    return {
        "code": "busy",
        "visit_id": str(first.visit_id),
        "priority": first.priority,
        "until": first.until.isoformat(),
    }
