"""Nobody came, or nobody did what was billed: what the home's devices and people say (kinds 1, 9). Pure.

A door's sensor misses a movement now and then, so silence is weighed: how often this home's door misses (from
its other visits), how often this caregiver's phone has no position, and how rarely visits are made up at all.
With m = the home's share of missed movements, p = the caregiver's share of visits without a position:

    score = prior · f / (prior · f + (1 - prior) · m² · p)      f: the door did not move by chance

with p only where the phone said nothing. A home that heard nobody several times running has a broken sensor.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from services.fraud import support
from services.fraud.hearing import Homes, Others, Placeless, prior
from services.fraud.records import Evidence, Finding, Month, Visit
from services.fraud.thresholds import Thresholds

_DENIED = 0.95
_DEAF = frozenset({None, "no_devices", "devices_silent", "not_listening"})


def check(month: Month, figures: Thresholds, others: Others) -> Iterator[Finding]:
    """Find visits that were denied, that nobody noticed, and baths during which the bed stayed occupied."""
    own = figures["presence"]
    homes, placeless = Homes(month.visits, own, others), Placeless(month.visits, own)
    beds = _Beds(month.visits, own, homes.found)
    for visit in month.visits:
        denied = _denied(visit)
        if denied:
            yield denied
        nobody = homes.nobody(visit)
        if nobody:
            before = prior(own["prior"], others, visit, own["most_prior"])
            yield from _nobody(visit, nobody, placeless.share(visit), before, own)
        elif beds.is_contradicted(visit):
            minutes = visit.witnesses["devices"].get("minutes", round(visit.minutes))
            said = {"code": "bed_occupied", "minutes": minutes}
            yield Finding("contradicted", visit.id, (visit.id,), 0.93, (said,))


def _denied(visit: Visit) -> Finding | None:
    """Believe who says that nobody came, unless door and changing code both say the contrary."""
    if visit.code("elder") != "denied":
        return None
    seen = (
        (visit.code("devices") == "door_moved") + support.is_strong(visit) + (visit.says("phone") == "agrees")
    )
    if seen > 1:
        return None
    said = {"code": "denied", "by": str(visit.witnesses["elder"].get("by", "elder"))}
    return Finding("never_made", visit.id, (visit.id,), _DENIED - 0.15 * seen, (said,))


def _nobody(
    visit: Visit,
    nobody: tuple[float, Evidence],
    placeless: float,
    before: tuple[float, int],
    own: Mapping[str, Any],
) -> Iterator[Finding]:
    (missed, said), (share, known) = nobody, before
    is_silent = visit.says("phone") == "absent"
    honest = missed**2 * (placeless if is_silent else 1.0)
    made_up = share * (1 - own["own_door"])
    score = round(made_up / (made_up + (1 - share) * honest), 4)
    if score < own["score"] or support.is_strong(visit) or visit.says("elder") == "agrees":
        return
    evidence: tuple[Evidence, ...] = (said,)
    if is_silent:
        evidence = (said, {"code": "no_position", "share": round(placeless, 3)})
    if known:
        evidence += ({"code": "others_found", "visits": known},)
    yield Finding("never_made", visit.id, (visit.id,), score, evidence)
    if not is_silent:
        yield Finding("contradicted", visit.id, (visit.id,), score, evidence)


class _Beds:
    """Baths with the bed occupied: contradicted, unless this person is bathed in bed, or the bed is stuck."""

    def __init__(self, visits: Sequence[Visit], own: Mapping[str, Any], found: AbstractSet[str]) -> None:
        self.share, self.found = own["bed_share"], found
        self.baths: dict[str, list[Visit]] = defaultdict(list)
        for visit in visits:
            if visit.service == "bath" and visit.code("devices") not in _DEAF:
                self.baths[visit.person].append(visit)

    def is_contradicted(self, visit: Visit) -> bool:
        """Say whether the bed contradicts a bath, given the person's other baths and grade."""
        if visit.code("devices") != "bed_occupied":
            return False
        others = [v for v in self.baths[visit.person] if v.id != visit.id and v.id not in self.found]
        if not others:
            return visit.grade != "total"
        occupied = sum(v.code("devices") == "bed_occupied" for v in others)
        return bool(occupied < self.share * len(others))
