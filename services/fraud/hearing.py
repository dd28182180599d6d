"""How well a home hears who comes, and how often a phone has no position: silence is weighed by these. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from services.fraud.records import Evidence, Visit

_NOBODY = frozenset({"door_shut", "no_trace"})
_OWN_TRACES = frozenset({"motion", "bed_changed"})
"""What the elder makes alone."""
_MOSTLY = 0.8
_FEW = 0.6
_AROUND = 3.0
"""Minutes around a check-in in which the door is the caregiver's own."""


class Homes:
    """How well each home hears visitors, from all its visits of the month."""

    def __init__(self, visits: Sequence[Visit], own: Mapping[str, Any]) -> None:
        self.own = own
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
        rate, said = self.missing(visit)
        return rate, {"code": "door_shut" if code in _OWN_TRACES else str(code), **said}

    def missing(self, visit: Visit) -> tuple[float, Evidence]:
        """Return how often the door of a visit's home misses a movement, by its other visits; and the counts."""
        heard = [
            v
            for v in self.by_home[visit.home]
            if v.id != visit.id and v.code("devices") in {"door_moved", "nobody_left"}
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
