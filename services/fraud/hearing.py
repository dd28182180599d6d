"""How well a home hears who comes, and how often a phone has no position: what silence weighs. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from statistics import median
from typing import Any

from services.fraud.records import Evidence, Visit

Others = Mapping[str, AbstractSet[str]]
"""Visits that were found by surer signs, by caregiver: who made up one may have made up another."""
_NOBODY = frozenset({"door_shut", "no_trace"})
_HEARD = frozenset({"door_moved", "nobody_left"})
_OWN_TRACES = frozenset({"motion", "bed_changed"})
"""What the elder makes alone."""
_MOSTLY = 0.8
_FEW = 0.6
_AROUND = 3.0
"""Minutes around a check-in in which the door is the caregiver's own."""


class Homes:
    """How well each home hears visitors, from all its visits of the month."""

    def __init__(self, visits: Sequence[Visit], own: Mapping[str, Any], others: Others) -> None:
        self.own = own
        self.found = {visit for found in others.values() for visit in found}
        self.by_home: dict[str, list[Visit]] = defaultdict(list)
        for visit in sorted(visits, key=lambda v: (v.start.at, v.id)):
            self.by_home[visit.home].append(visit)
        counts = [_moves(v) for v in visits if v.code("devices") == "door_moved" and _moves(v)]
        self.usual = median(counts) if counts else 0.0
        self.place = {v.id: at for mine in self.by_home.values() for at, v in enumerate(mine)}

    def nobody(self, visit: Visit) -> tuple[float, Evidence] | None:
        """Return how often the home misses a movement, and what it says; None when it does not say nobody."""
        mine = self.by_home[visit.home]
        others = [v for v in mine if v.id != visit.id]
        code = visit.code("devices")
        if code in _OWN_TRACES and visit.says("devices") == "agrees":
            if not self._hears_doors(visit, others):
                return None
        elif visit.says("devices") != "contradicts" or code not in _NOBODY:
            return None
        if self._is_broken(visit, mine):
            return None
        if code == "no_trace" and not any(v.code("devices") in _HEARD for v in others):
            return self._without_door(others)
        rate, said = self.missing(visit)
        if rate > self.own["miss_most"]:
            return None
        return rate, {"code": "door_shut" if code in _OWN_TRACES else str(code), **said}

    def _without_door(self, others: Sequence[Visit]) -> tuple[float, Evidence]:
        """Return the same for a home that hears motion only: how often it notices nobody, as a root."""
        heard = [v for v in others if v.id not in self.found and v.says("devices") != "absent"]
        missed = sum(v.code("devices") == "no_trace" for v in heard)
        prior, weight = self.own["miss_prior"], self.own["miss_weight"]
        rate = (missed + prior * weight) / (len(heard) + weight)
        return rate**0.5, {"code": "no_trace", "visits": len(heard), "missed": missed}

    def missing(self, visit: Visit) -> tuple[float, Evidence]:
        """Return how often the home's door misses a movement, by its other visits, and the counts."""
        heard = [
            v
            for v in self.by_home[visit.home]
            if v.id != visit.id and v.id not in self.found and v.code("devices") in _HEARD
        ]
        missed = sum(self._is_missed(v) for v in heard)
        prior, weight = self.own["miss_prior"], self.own["miss_weight"]
        return (missed + prior * weight) / (1.5 * len(heard) + weight), {
            "visits": len(heard),
            "missed": missed,
        }

    def _is_missed(self, visit: Visit) -> bool:
        """Say whether one of the two movements of a visit was not heard."""
        if visit.code("devices") == "nobody_left":
            gone = float(visit.witnesses["devices"].get("minutes", 0))
            return gone >= visit.minutes - _AROUND or visit.says("phone") == "agrees"
        return 0 < _moves(visit) <= _FEW * self.usual

    def _hears_doors(self, visit: Visit, others: Sequence[Visit]) -> bool:
        """Say whether the door tells of nearly every visit in this home; then motion alone is the elder's."""
        if "traces" not in visit.witnesses.get("devices", {}):
            return False
        told = [v for v in others if v.says("devices") != "absent"]
        moved = sum("door_moved" in v.witnesses["devices"].get("traces", {}) for v in told)
        moved += sum(v.code("devices") == "nobody_left" for v in told)
        return len(told) >= 4 and moved >= _MOSTLY * len(told)  # noqa: PLR2004 - fewer visits say nothing

    def _is_broken(self, visit: Visit, mine: Sequence[Visit]) -> bool:
        """Say whether the sensor was at fault: silent for good afterwards, or deaf to many in a row."""
        at = self.place[visit.id]
        after = mine[at + 1 : at + 3]
        if after and all(v.code("devices") in {"devices_silent", "no_devices"} for v in after):
            return True
        run = 1
        for way in (mine[:at][::-1], mine[at + 1 :]):
            for other in way:
                if other.code("devices") not in _NOBODY or other.says("phone") != "agrees":
                    break
                run += 1
        return bool(run >= self.own["stuck_visits"])


def _moves(visit: Visit) -> int:
    return int(visit.witnesses.get("devices", {}).get("traces", {}).get("door_moved", 0))


class Placeless:
    """How often a caregiver's phone gives no position, against what is usual."""

    def __init__(self, visits: Sequence[Visit], own: Mapping[str, Any]) -> None:
        self.weight = own["placeless_weight"]
        self.of: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for visit in visits:
            count = self.of[visit.caregiver]
            count[0] += visit.says("phone") == "absent"
            count[1] += 1
        silent = sum(count[0] for count in self.of.values())
        self.usual = (silent + 1) / (len(visits) + 10)

    def share(self, visit: Visit) -> float:
        """Return the share of this caregiver's other visits without a position."""
        silent, count = self.of[visit.caregiver]
        silent, count = silent - (visit.says("phone") == "absent"), count - 1
        return float((silent + self.weight * self.usual) / (count + self.weight))


def prior(share: float, others: Others, visit: Visit, most: float) -> tuple[float, int]:
    """Return how likely such a fraud is before looking, and how many others of the caregiver were found."""
    known = len(others.get(visit.caregiver, frozenset()) - {visit.id})
    return min(share * (1 + 2 * known), most), known
