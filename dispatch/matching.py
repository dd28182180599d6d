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


@dataclass(frozen=True)
class _Seen:
    """A candidate as seen from the need: the way, and the less urgent visit that would be left."""

    candidate: Candidate
    km: float
    minutes: float
    left: Busy | None

    @property
    def rank(self) -> tuple[float, UUID]:
        """Who arrives first goes first; equals are ordered by id."""
        return self.minutes + (PREEMPT_MINUTES if self.left else 0.0), self.candidate.caregiver_id


def match(need: Need, candidates: Iterable[Candidate]) -> Match:
    """Pick the candidate who arrives first among those who may go, and account for every other."""
    people = [_see(need, one) for one in sorted(candidates, key=lambda c: c.caregiver_id)]
    reasons = {one.candidate.caregiver_id: _ruled_out(need, one) for one in people}
    able = sorted(
        (one for one in people if reasons[one.candidate.caregiver_id] is None), key=lambda o: o.rank
    )
    chosen = _figures(able[0]) if able else None
    for place, one in enumerate(able, start=1):
        reasons[one.candidate.caregiver_id] = (
            {"code": "chosen", **_figures(one)}
            if place == 1
            else {"code": "farther", "place": place, **_figures(one), "chosen_eta_min": _eta(able[0])}
        )
    why: Reason = {
        "request": _request(need),
        "chosen": _entry(able[0].candidate, chosen) if chosen else None,
        "considered": [_entry(one.candidate, reasons[one.candidate.caregiver_id] or {}) for one in people],
    }
    if not able:
        return Match(None, None, None, why)
    first = able[0]
    left = first.left.visit_id if first.left else None
    return Match(first.candidate.caregiver_id, left, _eta(first), why)


def _see(need: Need, candidate: Candidate) -> _Seen:
    km = distance_km(need.lat, need.lon, candidate.lat, candidate.lon)
    lesser = [b for b in candidate.busy if b.priority > need.priority]
    left = min(lesser, key=lambda b: (b.until, b.visit_id), default=None)
    return _Seen(candidate, km, travel_minutes(km, candidate.speed_kmh, need.travel_factor), left)


def _request(need: Need) -> Reason:
    return {
        "service": need.service,
        "skill": need.skill,
        "priority": need.priority,
        "at": _iso(need.at),
        "reach_min": need.reach_min,
    }


def _entry(candidate: Candidate, reason: Reason) -> Reason:
    return {"caregiver_id": str(candidate.caregiver_id), "name": candidate.name, **reason}


def _ruled_out(need: Need, seen: _Seen) -> Reason | None:
    """Return the first reason against a candidate, the hardest first; None: may go."""
    candidate = seen.candidate
    return (
        _by_answer(candidate)
        or _by_skill(need, candidate)
        or _by_shift(need, candidate)
        or _by_work(need, candidate)
        or _by_distance(need, seen)
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


def _by_distance(need: Need, seen: _Seen) -> Reason | None:
    if seen.minutes <= need.reach_min:
        return None
    return {"code": "too_far", **_way(seen), "reach_min": need.reach_min}


def _way(seen: _Seen) -> Reason:
    return {
        "distance_km": round(seen.km, 2),
        "eta_min": _eta(seen),
        "speed_kmh": seen.candidate.speed_kmh,
        "position": seen.candidate.position,
    }


def _eta(seen: _Seen) -> float:
    return round(seen.minutes, 1)


def _figures(seen: _Seen) -> Reason:
    figures = _way(seen)
    if seen.left:
        figures["preempts"] = str(seen.left.visit_id)
        figures["preempts_priority"] = seen.left.priority
        figures["preempt_min"] = PREEMPT_MINUTES
    return figures


def _iso(at: datetime) -> str:
    return at.isoformat()
