"""Positions that were made up, or are another place than the home (DOMAIN §6, kind 3). Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import Any

from dispatch.geo import distance_km
from services.fraud import support
from services.fraud.records import Evidence, Finding, Mark, Month, Visit
from services.fraud.thresholds import Thresholds

Place = tuple[float, float]
_EXACT_M = 100.0
"""A position with a worse accuracy teaches nobody where a home stands."""
_SPREAD_M = 250.0


def check(month: Month, figures: Thresholds) -> Iterator[Finding]:
    """Find simulated, repeated, typed-in and far positions, each with what it rests on."""
    own = figures["faked_place"]
    homes, repeated = learned(month.visits, own), _Repeats(month.visits, own)
    for visit in month.visits:
        found = (
            _mock(visit)
            or repeated.of(visit)
            or _typed(visit, own)
            or _far(visit, homes, month.geofence_m, own)
        )
        if found:
            score, said = found
            yield Finding("faked_place", visit.id, (visit.id,), score, said)


def learned(visits: Sequence[Visit], own: Mapping[str, Any]) -> Mapping[str, Place]:
    """Return where homes stand by most of the phones, where the register's place is off by a block."""
    said: dict[str, list[Place]] = defaultdict(list)
    registered: dict[str, Place] = {}
    for visit in visits:
        if visit.place is not None:
            registered[visit.home] = visit.place
        if visit.start.place and (visit.start.accuracy_m or 0) <= _EXACT_M:
            said[visit.home].append(visit.start.place)
    made: dict[str, Place] = {}
    for home, places in said.items():
        middle = median(p[0] for p in places), median(p[1] for p in places)
        close = sum(_metres(one, middle) < _SPREAD_M for one in places)
        is_known = len(places) >= own["learn_visits"] and close * 2 > len(places)
        if is_known and home in registered and _metres(middle, registered[home]) < own["learn_m"]:
            made[home] = middle
    return made


def away(visit: Visit, mark: Mark, homes: Mapping[str, Place], geofence_m: float) -> float | None:
    """Return how far beyond the fence a mark lies, its accuracy allowed for; None without a position."""
    if mark.place is None or visit.place is None:
        return None
    near = [_metres(mark.place, place) for place in (visit.place, homes.get(visit.home)) if place]
    return min(near) - geofence_m - (mark.accuracy_m or 0)


def _mock(visit: Visit) -> tuple[float, tuple[Evidence, ...]] | None:
    if visit.start.is_mock or visit.end.is_mock:
        return 0.97, ({"code": "simulated_position"},)
    return None


class _Repeats:
    """Coordinates that come back to the last digit on other days: no receiver does that by itself."""

    def __init__(self, visits: Sequence[Visit], own: Mapping[str, Any]) -> None:
        days: dict[tuple[str, Place], set[str]] = defaultdict(set)
        for visit in visits:
            for place in (visit.start.place, visit.end.place):
                if place is not None:
                    days[visit.caregiver, place].add(f"{visit.start.at:%F}")
        self.least = own["repeats"]
        self.days = {key: len(seen) for key, seen in days.items()}
        shares = Counter(v.caregiver for v in visits if self._count(v) >= self.least)
        every = Counter(v.caregiver for v in visits if v.start.place)
        self.is_coarse = bool(every) and (
            median(shares[who] / count for who, count in every.items()) > own["coarse_share"]
        )

    def of(self, visit: Visit) -> tuple[float, tuple[Evidence, ...]] | None:
        """Return on how many days this caregiver's phone said the very same coordinates.

        Phones that give six digits (a tenth of a metre) meet one coordinate twice by chance in a home that is
        visited often; so on no more than `repeats` days both ends of the visit must have been there before.
        """
        count = self._count(visit)
        if self.is_coarse or count < self.least or support.is_independent(visit):
            return None
        if count == self.least and not self._both(visit):
            return None
        return (0.92 if count > self.least else 0.85), ({"code": "repeated_position", "days": count},)

    def _both(self, visit: Visit) -> bool:
        ends = (visit.start.place, visit.end.place)
        return all(end is not None and self.days[visit.caregiver, end] >= self.least for end in ends)

    def _count(self, visit: Visit) -> int:
        places = [place for place in (visit.start.place, visit.end.place) if place]
        return max((self.days[visit.caregiver, place] for place in places), default=0)


def _typed(visit: Visit, own: Mapping[str, Any]) -> tuple[float, tuple[Evidence, ...]] | None:
    """Find the register's own coordinates at both ends: typed in, not measured."""
    if visit.place is None or visit.start.place is None or visit.end.place is None:
        return None
    off = max(_metres(place, visit.place) for place in (visit.start.place, visit.end.place))
    if off > own["exact_m"] or support.is_independent(visit):
        return None
    return 0.85, ({"code": "register_position", "metres": round(off, 2)},)


def _far(
    visit: Visit, homes: Mapping[str, Place], geofence_m: float, own: Mapping[str, Any]
) -> tuple[float, tuple[Evidence, ...]] | None:
    """Find both ends far from the home (or the first, without a second); a witness at the home excuses it."""
    exact = [(mark.accuracy_m or 0) <= own["vague_m"] for mark in (visit.start, visit.end)]
    start, end = (away(visit, mark, homes, geofence_m) for mark in (visit.start, visit.end))
    known = [one for one, is_exact in ((start, exact[0]), (end, exact[1])) if is_exact and one is not None]
    if start is None or not exact[0] or min(known) < own["far_m"] or support.is_independent(visit):
        return None
    said: list[Evidence] = [{"code": "far_from_home", "metres": round(min(known) + geofence_m)}]
    if visit.says("code") == "agrees":
        said.append({"code": "code_elsewhere"})
    return (0.9 if len(known) > 1 else 0.75), tuple(said)


def _metres(one: Place, other: Place) -> float:
    return distance_km(*one, *other) * 1000
