"""Who goes to an emergency: who is there first for the least harm, and for everybody else the reason why not.

Pure: every fact is given. Rows keep codes and numbers; the faces render them in words. What leaving costs the
people who wait for somebody is asked of `disrupt` (the book of routes), only of those who are near enough.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from math import inf
from typing import Any
from uuid import UUID

from dispatch import objections
from dispatch.geo import distance_km, travel_minutes
from dispatch.needs import RINGS, WHOLE, WHOLE_PROVIDER, Busy, Candidate, Certificate, Disruption, Need

__all__ = (
    "RINGS",
    "Asked",
    "Busy",
    "Candidate",
    "Certificate",
    "Disruption",
    "Match",
    "Need",
    "match",
    "rings",
)
PREEMPT_MINUTES = 5.0
"""What leaving a routine visit counts for in the ranking: an idle person goes first unless much farther."""


@dataclass(frozen=True)
class Asked:
    """Somebody who is asked: how long they would take, from how far."""

    caregiver_id: UUID
    ring: int
    eta_min: float
    distance_km: float


@dataclass(frozen=True)
class Match:
    """The one who goes (None: nobody), the visit they leave for it, why, and everybody who is asked."""

    chosen: UUID | None
    preempts: UUID | None
    eta_min: float | None
    why: dict[str, Any]
    asked: tuple[Asked, ...] = ()


Reason = dict[str, Any]
Disrupt = Callable[[Need, Candidate, float], Disruption]
"""Asked what it costs others that somebody goes; what costs the third figure or more need not be exact."""


def leaving(need: Need, candidate: Candidate, _limit: float) -> Disruption:
    """Say what it costs to leave a less urgent visit, where nothing is known of the rest of the day."""
    lesser = [b for b in candidate.busy if b.priority > need.priority]
    left = min(lesser, key=lambda b: (b.until, b.visit_id), default=None)
    return Disruption(PREEMPT_MINUTES, left) if left else Disruption()


@dataclass(frozen=True)
class _Seen:
    """A candidate as seen from the need: the way, and what it does to others (None: not looked at)."""

    candidate: Candidate
    km: float
    minutes: float
    disruption: Disruption | None = None

    @property
    def rank(self) -> tuple[float, UUID]:
        """Who arrives first goes first, the harm counted; equals are ordered by id."""
        harm = self.disruption.minutes if self.disruption else 0.0
        return self.minutes + self.candidate.reluctance + harm, self.candidate.caregiver_id


def match(need: Need, candidates: Iterable[Candidate], disrupt: Disrupt = leaving) -> Match:
    """Pick who arrives first for the least harm among those who may go, and account for every other."""
    people = [_see(need, one) for one in sorted(candidates, key=lambda c: c.caregiver_id)]
    reasons = {one.candidate.caregiver_id: _ruled_out(need, one) for one in people}
    able = _ordered(need, [one for one in people if reasons[one.candidate.caregiver_id] is None], disrupt)
    for place, one in enumerate(able, start=1):
        code = "chosen" if place == 1 else "asked_too" if place <= need.ask else "farther"
        beside = {} if place == 1 else {"place": place, "chosen_eta_min": _eta(able[0])}
        reasons[one.candidate.caregiver_id] = {"code": code, **beside, **_figures(one)}
    chosen = _entry(able[0].candidate, _figures(able[0])) if able else None
    considered = [_entry(one.candidate, reasons[one.candidate.caregiver_id] or {}) for one in people]
    why: Reason = {"request": _request(need), "chosen": chosen, "considered": considered}
    if not able:
        return Match(None, None, None, why)
    first = able[0]
    left = first.disruption.left if first.disruption else None
    asked = tuple(_asked(one) for one in able[: need.ask])
    return Match(first.candidate.caregiver_id, left.visit_id if left else None, _eta(first), why, asked)


def _ordered(need: Need, able: list[_Seen], disrupt: Disrupt) -> list[_Seen]:
    """Put the best first; whoever cannot be asked, whatever the harm, is not looked at more closely."""
    able.sort(key=lambda one: one.rank)
    looked: list[_Seen] = []
    for nth, one in enumerate(able):
        limit = inf
        if len(looked) >= need.ask:
            last = sorted(looked, key=_rank)[need.ask - 1].rank
            if last < one.rank:
                return [*sorted(looked, key=_rank), *able[nth:]]
            limit = last[0] - one.rank[0]
        looked.append(replace(one, disruption=disrupt(need, one.candidate, limit)))
    return sorted(looked, key=_rank)


def _rank(seen: _Seen) -> tuple[float, UUID]:
    return seen.rank


def _see(need: Need, candidate: Candidate) -> _Seen:
    km = distance_km(need.lat, need.lon, candidate.lat, candidate.lon)
    way = travel_minutes(km, candidate.speed_kmh, need.travel_factor)
    return _Seen(candidate, km, candidate.free_in + way)


def _asked(seen: _Seen) -> Asked:
    return Asked(seen.candidate.caregiver_id, seen.candidate.ring, _eta(seen), round(seen.km, 2))


def _request(need: Need) -> Reason:
    return {
        "service": need.service,
        "skill": need.skill,
        "priority": need.priority,
        "at": need.at.isoformat(),
        "reach_min": need.reach_min,
        "ring": need.ring,
    }


def _entry(candidate: Candidate, reason: Reason) -> Reason:
    return {"caregiver_id": str(candidate.caregiver_id), "name": candidate.name, **reason}


def _ruled_out(need: Need, seen: _Seen) -> Reason | None:
    """Return the first reason against a candidate, the hardest first; None: may go."""
    candidate = seen.candidate
    return (
        objections.by_answer(candidate)
        or objections.by_ring(need, candidate)
        or objections.by_skill(need, candidate)
        or objections.by_shift(need, candidate)
        or objections.by_work(need, candidate)
        or _by_distance(need, seen)
    )


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
    if seen.candidate.free_in:
        figures["free_in_min"] = round(seen.candidate.free_in, 1)
    harm = seen.disruption
    if harm and harm.left:
        figures["preempts"] = str(harm.left.visit_id)
        figures["preempts_priority"] = harm.left.priority
        figures["preempt_min"] = round(harm.minutes, 1)
    if harm and harm.handed_over + harm.postponed + harm.released:
        figures["handed_over"] = harm.handed_over
        figures["postponed"] = harm.postponed
        figures["released"] = harm.released
    return figures


def rings(last: int, ask: int, *, is_one: bool) -> list[tuple[int, int]]:
    """Return the rings that come after `last` (0: the first), and how many of each are asked at once.

    Where the whole district `is_one` ring, the next nearest of it are asked again and again.
    """
    if is_one:
        return [(1, ask)]
    return [
        (ring, WHOLE if ring == WHOLE_PROVIDER else ask) for ring in range(min(last + 1, RINGS), RINGS + 1)
    ]
