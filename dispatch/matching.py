"""Who goes to an emergency: the nearest who may, and for everybody else the reason why not.

Pure: every fact is given. Rows keep codes and numbers; the faces render them in words.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from dispatch.geo import distance_km, travel_minutes

PREEMPT_MINUTES = 5.0
"""What leaving a routine visit counts for in the ranking: an idle person goes first unless much farther."""


@dataclass(frozen=True)
class Certificate:
    """A certified skill; once it is certified it may be used only while the certificate is in force."""

    skill: str
    valid_from: date
    valid_to: date


@dataclass(frozen=True)
class Busy:
    """A visit that somebody is on, or has been promised for now; priority 1 is the most urgent."""

    visit_id: UUID
    priority: int
    until: datetime


@dataclass(frozen=True)
class Candidate:
    """A caregiver and the facts that decide."""

    caregiver_id: UUID
    name: str
    skills: frozenset[str]
    certificates: tuple[Certificate, ...]
    shift_until: datetime | None
    next_shift: datetime | None
    lat: float
    lon: float
    position: str
    speed_kmh: float
    busy: tuple[Busy, ...] = ()
    declined_at: datetime | None = None


@dataclass(frozen=True)
class Need:
    """What is needed, where and when; `on` is the local date of `at`."""

    service: str
    skill: str
    priority: int
    lat: float
    lon: float
    at: datetime
    on: date
    reach_min: float
    travel_factor: float


@dataclass(frozen=True)
class Match:
    """The one who goes (None: nobody), the visit they leave for it, and why."""

    chosen: UUID | None
    preempts: UUID | None
    eta_min: float | None
    why: dict[str, Any]


Reason = dict[str, Any]


def match(need: Need, candidates: Iterable[Candidate]) -> Match:
    """Pick the candidate who arrives first among those who may go, and account for every other."""
    people = sorted(candidates, key=lambda c: c.caregiver_id)
    reasons = {c.caregiver_id: _ruled_out(need, c) for c in people}
    able = sorted((_rank(need, c), c.caregiver_id, c) for c in people if reasons[c.caregiver_id] is None)
    request: Reason = {
        "reach_min": need.reach_min,
        "service": need.service,
        "skill": need.skill,
        "priority": need.priority,
        "at": _iso(need.at),
    }
    chosen: Reason | None = None
    for place, (_, caregiver_id, candidate) in enumerate(able):
        figures = _figures(need, candidate)
        if chosen is None:
            chosen = figures
            reasons[caregiver_id] = {"code": "chosen", **figures}
        else:
            reasons[caregiver_id] = {
                "code": "farther",
                "place": place + 1,
                **figures,
                "chosen_eta_min": chosen["eta_min"],
            }
    considered = [_entry(c, reasons[c.caregiver_id] or {}) for c in people]
    if chosen is None:
        return Match(None, None, None, {"request": request, "chosen": None, "considered": considered})
    first = able[0][2]
    why = {"request": request, "chosen": _entry(first, chosen), "considered": considered}
    left = _left_for(need, first)
    return Match(first.caregiver_id, left.visit_id if left else None, chosen["eta_min"], why)


def _entry(candidate: Candidate, reason: Reason) -> Reason:
    return {"caregiver_id": str(candidate.caregiver_id), "name": candidate.name, **reason}


def _ruled_out(need: Need, candidate: Candidate) -> Reason | None:
    """Return the first reason against a candidate, the hardest first; None: may go."""
    return (
        _by_answer(candidate)
        or _by_skill(need, candidate)
        or _by_shift(need, candidate)
        or _by_work(need, candidate)
        or _by_distance(need, candidate)
    )


def _by_answer(candidate: Candidate) -> Reason | None:
    if candidate.declined_at is None:
        return None
    return {"code": "declined", "at": _iso(candidate.declined_at)}


def _by_skill(need: Need, candidate: Candidate) -> Reason | None:
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


def _by_shift(need: Need, candidate: Candidate) -> Reason | None:
    if candidate.shift_until is not None and need.at < candidate.shift_until:
        return None
    return {"code": "off_shift", "next_shift": _iso(candidate.next_shift) if candidate.next_shift else None}


def _by_work(need: Need, candidate: Candidate) -> Reason | None:
    held = [b for b in candidate.busy if b.priority <= need.priority]
    if not held:
        return None
    first = min(held, key=lambda b: (b.priority, b.until, b.visit_id))
    return {
        "code": "busy",
        "visit_id": str(first.visit_id),
        "priority": first.priority,
        "until": _iso(first.until),
    }


def _by_distance(need: Need, candidate: Candidate) -> Reason | None:
    if _minutes(need, candidate) <= need.reach_min:
        return None
    return {"code": "too_far", **_way(need, candidate), "reach_min": need.reach_min}


def _km(need: Need, candidate: Candidate) -> float:
    return distance_km(need.lat, need.lon, candidate.lat, candidate.lon)


def _left_for(need: Need, candidate: Candidate) -> Busy | None:
    """Return the less urgent visit that the candidate would leave."""
    lesser = [b for b in candidate.busy if b.priority > need.priority]
    return min(lesser, key=lambda b: (b.until, b.visit_id), default=None)


def _rank(need: Need, candidate: Candidate) -> float:
    return _minutes(need, candidate) + (PREEMPT_MINUTES if _left_for(need, candidate) else 0.0)


def _minutes(need: Need, candidate: Candidate) -> float:
    return travel_minutes(_km(need, candidate), candidate.speed_kmh, need.travel_factor)


def _way(need: Need, candidate: Candidate) -> Reason:
    return {
        "distance_km": round(_km(need, candidate), 2),
        "eta_min": round(_minutes(need, candidate), 1),
        "speed_kmh": candidate.speed_kmh,
        "position": candidate.position,
    }


def _figures(need: Need, candidate: Candidate) -> Reason:
    figures = _way(need, candidate)
    left = _left_for(need, candidate)
    if left:
        figures["preempts"] = str(left.visit_id)
        figures["preempts_priority"] = left.priority
        figures["preempt_min"] = PREEMPT_MINUTES
    return figures


def _iso(at: datetime) -> str:
    return at.isoformat()
