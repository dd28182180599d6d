"""Who goes to an emergency: who is there first for the least harm, and for everybody else the reason why not.

Pure: every fact is given. Rows keep codes and numbers; the faces render them in words. What leaving costs the
people who wait for somebody is asked of `disrupt` (the book of routes), only of those who are near enough.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from dispatch.geo import distance_km, travel_minutes

PREEMPT_MINUTES = 5.0
"""What leaving a routine visit counts for in the ranking: an idle person goes first unless much farther."""
WHOLE_PROVIDER = 2
WHOLE = 10
"""So many at most are asked at once when a whole provider is."""
RINGS = 3
"""1 the nearest of the home's own provider, 2 all of them, 3 neighbouring providers by agreement."""


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
class Disruption:
    """What it does to others that somebody goes: its cost in minutes, and the visit that is left.

    So many visits are made by somebody else, later, or by nobody for now.
    """

    minutes: float = 0.0
    left: Busy | None = None
    handed_over: int = 0
    postponed: int = 0
    released: int = 0


@dataclass(frozen=True)
class Candidate:
    """A caregiver and the facts that decide.

    `free_in` are the minutes until they can set out from where they are; `reluctance` is what the elder's
    wish against them counts for; `ring` is who they are to the home's provider (1 its own, 3 a neighbour's).
    """

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
    answer: str = "declined"
    free_in: float = 0.0
    reluctance: float = 0.0
    away: Mapping[str, Any] | None = None
    ring: int = 1


@dataclass(frozen=True)
class Need:
    """What is needed, where and when; `on` is the local date of `at`; `ask` is how many are asked at once."""

    service: str
    skill: str
    priority: int
    lat: float
    lon: float
    at: datetime
    on: date
    reach_min: float
    travel_factor: float
    ask: int = 1
    ring: int = 3


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


def leaving(need: Need, candidate: Candidate) -> Disruption:
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


def match(
    need: Need, candidates: Iterable[Candidate], disrupt: Callable[[Need, Candidate], Disruption] = leaving
) -> Match:
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


def _ordered(need: Need, able: list[_Seen], disrupt: Callable[[Need, Candidate], Disruption]) -> list[_Seen]:
    """Put the best first; whoever cannot be asked, whatever the harm, is not looked at more closely."""
    able.sort(key=lambda one: one.rank)
    looked: list[_Seen] = []
    for nth, one in enumerate(able):
        if len(looked) >= need.ask and sorted(looked, key=_rank)[need.ask - 1].rank < one.rank:
            return [*sorted(looked, key=_rank), *able[nth:]]
        looked.append(replace(one, disruption=disrupt(need, one.candidate)))
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
        "at": _iso(need.at),
        "reach_min": need.reach_min,
        "ring": need.ring,
    }


def _entry(candidate: Candidate, reason: Reason) -> Reason:
    return {"caregiver_id": str(candidate.caregiver_id), "name": candidate.name, **reason}


def _ruled_out(need: Need, seen: _Seen) -> Reason | None:
    """Return the first reason against a candidate, the hardest first; None: may go."""
    candidate = seen.candidate
    return (
        _by_answer(candidate)
        or _by_ring(need, candidate)
        or _by_skill(need, candidate)
        or _by_shift(need, candidate)
        or _by_work(need, candidate)
        or _by_distance(need, seen)
    )


def _by_answer(candidate: Candidate) -> Reason | None:
    if candidate.declined_at is None:
        return None
    return {"code": candidate.answer, "at": _iso(candidate.declined_at)}


def _by_ring(need: Need, candidate: Candidate) -> Reason | None:
    """Leave out whose turn comes later, and who has no agreement with the home's provider."""
    if candidate.ring <= need.ring:
        return None
    return {"code": "later_ring" if candidate.ring <= RINGS else "no_agreement", "ring": candidate.ring}


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
    if candidate.away is not None:
        return {"code": "on_leave", **candidate.away}
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


def _iso(at: datetime) -> str:
    return at.isoformat()


def rings(last: int, ask: int, *, is_one: bool) -> list[tuple[int, int]]:
    """Return the rings that come after `last` (0: the first), and how many of each are asked at once.

    Where the whole district `is_one` ring, the next nearest of it are asked again and again.
    """
    if is_one:
        return [(1, ask)]
    return [(ring, WHOLE if ring == WHOLE_PROVIDER else ask) for ring in range(min(last + 1, RINGS), RINGS + 1)]
