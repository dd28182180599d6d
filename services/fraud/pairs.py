"""One caregiver in two homes at once, or there faster than anybody drives (DOMAIN §6, 7 and 8). Pure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from dispatch.geo import distance_km
from services.fraud import support
from services.fraud.records import Evidence, Finding, Month, Visit
from services.fraud.thresholds import Thresholds

_LOOK = timedelta(hours=12)
_SAME = 0.5
"""Two visits of one service to one person that share this part are one visit billed twice."""
_NEAR_M = 300.0
_VAGUE_M = 300.0


@dataclass(frozen=True, slots=True)
class Clash:
    """Two visits that cannot both be true, and why."""

    kind: str
    one: Visit
    other: Visit
    score: float
    evidence: Evidence


def check(month: Month, figures: Thresholds) -> Iterator[Finding]:
    """Find clashes by caregiver; in each the visit with less support is doubted, or both."""
    by_caregiver: dict[str, list[Visit]] = defaultdict(list)
    for visit in month.visits:
        for who in {visit.caregiver, visit.companion} - {None}:
            by_caregiver[str(who)].append(visit)
    seen: set[tuple[str, str, str]] = set()
    for who, visits in by_caregiver.items():
        clashes = list(_clashes(visits, month.vehicles.get(who, "other"), figures))
        for finding in _blame(clashes, figures["overlapping"]["margin"]):
            key = (finding.kind, str(finding.visit), "")
            if key not in seen:
                seen.add(key)
                yield finding


def _clashes(visits: Sequence[Visit], vehicle: str, figures: Thresholds) -> Iterator[Clash]:
    ordered = sorted(visits, key=lambda v: (v.start.at, v.id))
    for index, one in enumerate(ordered):
        is_next = True
        for other in ordered[index + 1 :]:
            if other.start.at > one.end.at + _LOOK:
                break
            clash = _overlap(one, other, figures["overlapping"])
            if clash is None and is_next:
                clash = _travel(one, other, vehicle, figures["impossible_travel"])
            is_next = is_next and other.start.at < one.billed_until
            if clash is not None:
                yield clash


def _overlap(one: Visit, other: Visit, own: Mapping[str, float]) -> Clash | None:
    shared = (min(one.billed_until, other.billed_until) - other.start.at).total_seconds() / 60
    if shared < own["minutes"]:
        return None
    apart = metres(one, other)
    figures = {"minutes": round(shared, 1), "other_visit": other.id}
    if one.person == other.person:
        shorter = min(v.planned or v.minutes for v in (one, other))
        if one.service != other.service or shared < _SAME * shorter:
            return None
        return Clash("overlapping", one, other, 0.9, {"code": "billed_twice", **figures})
    if apart < own["apart_m"]:
        return None
    if apart == float("inf"):
        return Clash("overlapping", one, other, 0.9, {"code": "another_home", **figures})
    said = {"code": "two_homes", **figures, "metres": round(apart)}
    return Clash("overlapping", one, other, 0.95, said)


def _travel(one: Visit, other: Visit, vehicle: str, own: Mapping[str, object]) -> Clash | None:
    speeds, near, slack = own["kmh"], own["near_km"], own["slack_minutes"]
    assert isinstance(speeds, Mapping) and isinstance(near, int | float) and isinstance(slack, int | float)  # noqa: S101, PT018 - thresholds are checked when they are read
    left = one.billed_until if _is_forgotten(one) else one.end.at
    gap = max((other.start.at - left).total_seconds() / 60, 0.0)
    apart = metres(one, other)
    km = min(apart, _between_marks(one, other)) / 1000 if apart < float("inf") else 0.0
    limit = speeds.get(vehicle, speeds["other"])
    if km <= near or km <= limit * (gap + slack) / 60:
        return None
    figures = {"km": round(km, 1), "minutes": round(gap, 1), "limit_kmh": limit, "other_visit": other.id}
    score = 0.95 if km > 1.5 * limit * (gap + slack) / 60 else 0.85
    return Clash("impossible_travel", one, other, score, {"code": "too_fast", **figures})


def metres(one: Visit, other: Visit) -> float:
    """Return how far two places of service lie apart; unknown places of two homes count as far."""
    if one.home and one.home == other.home:
        return 0.0
    if one.place is None or other.place is None:
        return float("inf")
    return distance_km(*one.place, *other.place) * 1000


def _between_marks(one: Visit, other: Visit) -> float:
    """Return the way that the phone itself measured; infinite where it did not, or not exactly."""
    left, came = one.end.place, other.start.place
    if left is None or came is None:
        return float("inf")
    vague = (one.end.accuracy_m or 0) + (other.start.accuracy_m or 0)
    return max(distance_km(*left, *came) * 1000 - vague, 0.0)


def _is_forgotten(visit: Visit) -> bool:
    """Say whether the check-out may have been made later, on the way or at the next door."""
    if visit.planned is None or visit.minutes <= visit.planned:
        return False
    if visit.end.place is None or visit.place is None or (visit.end.accuracy_m or 0) > _VAGUE_M:
        return True
    return distance_km(*visit.end.place, *visit.place) * 1000 - (visit.end.accuracy_m or 0) > _NEAR_M


def _blame(clashes: Sequence[Clash], margin: float) -> Iterator[Finding]:
    """Yield a finding a clash, on who is less supported; who clashes most is asked first."""
    left = list(clashes)
    while left:
        count: dict[str, int] = defaultdict(int)
        for clash in left:
            count[clash.one.id] += 1
            count[clash.other.id] += 1
        clash = max(left, key=lambda c: (max(count[c.one.id], count[c.other.id]), c.score, c.one.id))
        left.remove(clash)
        more = count[clash.other.id] - count[clash.one.id]
        lead = support.of(clash.one) - support.of(clash.other) + 0.75 * margin * more
        if abs(lead) < margin:
            for doubted, other in ((clash.one, clash.other), (clash.other, clash.one)):
                yield _finding(clash, doubted, other, is_pair=True)
            continue
        doubted, other = (clash.other, clash.one) if lead > 0 else (clash.one, clash.other)
        yield _finding(clash, doubted, other, is_pair=False)
        left = [c for c in left if doubted.id not in (c.one.id, c.other.id)]


def _finding(clash: Clash, doubted: Visit, other: Visit, *, is_pair: bool) -> Finding:
    said = ({**clash.evidence, "other_visit": other.id},)
    score = round(clash.score * (0.85 if is_pair else 1.0), 4)
    return Finding(clash.kind, doubted.id, (doubted.id, other.id), score, said, is_pair)
