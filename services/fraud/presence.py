"""Nobody came, or nobody did what was billed: what the home's devices and the people say (kinds 1 and 9). Pure.

A door's sensor misses a movement now and then, so silence is weighed: how often this home's door misses (from
its other visits), how often this caregiver's phone has no position, and how rarely visits are made up at all.
With m = the home's share of missed movements, p = the caregiver's share of visits without a position:

    score = prior · f / (prior · f + (1 - prior) · m² · p)      f: the door did not move by chance

with p only where the phone said nothing. A home that heard nobody several times running has a broken sensor.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

from services.fraud import support
from services.fraud.hearing import Homes, Placeless
from services.fraud.records import Evidence, Finding, Month, Visit
from services.fraud.thresholds import Thresholds

_DENIED = 0.95


def check(
    month: Month, figures: Thresholds, others: Mapping[str, Set[str]] | None = None
) -> Iterator[Finding]:
    """Find visits that were denied, that nobody noticed, and baths during which the bed stayed occupied.

    `others` are visits found by surer signs, by caregiver: who made up one may have made up another.
    """
    own = figures["presence"]
    homes, placeless = Homes(month.visits, own), Placeless(month.visits, own)
    beds = _Beds(month.visits, own)
    for visit in month.visits:
        denied = _denied(visit)
        if denied:
            yield denied
        nobody = homes.nobody(visit)
        if nobody:
            known = len((others or {}).get(visit.caregiver, frozenset()) - {visit.id})
            yield from _nobody(visit, nobody, placeless.share(visit), known, own)
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
    visit: Visit, nobody: tuple[float, Evidence], placeless: float, known: int, own: Mapping[str, Any]
) -> Iterator[Finding]:
    missed, said = nobody
    phone = visit.says("phone")
    is_silent = phone == "absent"
    honest = missed**2 * (placeless if is_silent else 1.0)
    prior, made_up = min(own["prior"] * (1 + 2 * known), own["most_prior"]), 1 - own["own_door"]
    score = round(prior * made_up / (prior * made_up + (1 - prior) * honest), 4)
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

    def __init__(self, visits: Sequence[Visit], own: Mapping[str, Any]) -> None:
        self.share = own["bed_share"]
        self.baths: dict[str, list[Visit]] = defaultdict(list)
        for visit in visits:
            if visit.service == "bath" and visit.says("devices") != "absent":
                self.baths[visit.person].append(visit)

    def is_contradicted(self, visit: Visit) -> bool:
        """Say whether the bed contradicts a bath, given the person's other baths and grade."""
        if visit.code("devices") != "bed_occupied":
            return False
        others = [v for v in self.baths[visit.person] if v.id != visit.id]
        if not others:
            return visit.grade != "total"
        occupied = sum(v.code("devices") == "bed_occupied" for v in others)
        return bool(occupied < self.share * len(others))
