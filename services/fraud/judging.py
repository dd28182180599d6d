"""All checks over a month, and which of a visit's kinds is the main one (docs/manual/audit.md). Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from services.fraud import late, lengths, outliers, pairs, photos, places, presence, registers
from services.fraud.hearing import Others
from services.fraud.records import Finding, Month, Visit
from services.fraud.thresholds import Thresholds

CHECKS: tuple[Callable[[Month, Thresholds], Iterator[Finding]], ...] = (
    registers.check,
    pairs.check,
    photos.check,
    late.check,
    places.check,
)
"""What is told by registers, clocks, photos and positions."""
WEIGHED: tuple[Callable[[Month, Thresholds, Others], Iterator[Finding]], ...] = (
    lengths.check,
    presence.check,
)
"""What silence tells: weighed, and the heavier if the same caregiver was found otherwise."""
_SURE = 0.85
_FIRST = ("billed_away", "overlapping", "impossible_travel", "reused_photo", "back_filled", "shortened")


def judge(month: Month, figures: Thresholds) -> list[Finding]:
    """Return every finding of the month, visits first, each visit's main one marked; then outliers."""
    found = [finding for check in CHECKS for finding in check(month, figures)]
    by_visit: dict[str, dict[str, Finding]] = defaultdict(dict)
    visits = {visit.id: visit for visit in month.visits}
    sure = _sure(found, visits)
    found += [finding for check in WEIGHED for finding in check(month, figures, sure)]
    for finding in found:
        mine = by_visit[str(finding.visit)]
        held = mine.get(finding.kind)
        mine[finding.kind] = finding if held is None else _both(held, finding)
    made = [one for identity in sorted(by_visit) for one in _ranked(visits[identity], by_visit[identity])]
    return made + list(outliers.check(month, made, figures))


def _both(held: Finding, finding: Finding) -> Finding:
    """Return one finding of a kind with all that speaks for it, the surer first."""
    first, second = (held, finding) if held.score >= finding.score else (finding, held)
    visits = (*first.visits, *(one for one in second.visits if one not in first.visits))
    return replace(first, visits=visits, evidence=first.evidence + second.evidence)


def _sure(found: Sequence[Finding], visits: Mapping[str, Visit]) -> Others:
    """Return by caregiver the visits that were found by hard signs."""
    made: dict[str, set[str]] = defaultdict(set)
    for finding in found:
        if finding.score >= _SURE and not finding.is_pair and finding.visit is not None:
            made[visits[finding.visit].caregiver].add(finding.visit)
    return made


def _ranked(visit: Visit, found: Mapping[str, Finding]) -> Iterator[Finding]:
    main = main_of(
        [*found], is_denied=_is_denied(found.get("never_made")), is_placed=visit.says("phone") == "agrees"
    )
    for kind, finding in found.items():
        yield replace(
            finding, is_main=kind == main, provider=visit.provider, caregiver=visit.caregiver, key=visit.id
        )


def main_of(kinds: Sequence[str], *, is_denied: bool, is_placed: bool) -> str:
    """Return the kind that says most: what was done before what is missing, special before general."""
    for kind in _FIRST:
        if kind in kinds:
            return kind
    if is_denied:
        return "never_made"
    if "faked_place" in kinds:
        return "faked_place"
    order = ("contradicted", "never_made") if is_placed else ("never_made", "contradicted")
    return next(kind for kind in order if kind in kinds)


def _is_denied(finding: Finding | None) -> bool:
    return finding is not None and any(one["code"] == "denied" for one in finding.evidence)
