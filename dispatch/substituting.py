"""Who could go instead, the best first, and why not the others; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from dispatch import gaps
from dispatch.gaps import Busy, Errand, Fit
from dispatch.roster.fitness import CaregiverFacts, Reason, Span, VisitFacts, liking, merits, unfit

SAME, LATER = "fits", "fits_moved"


@dataclass(frozen=True, slots=True)
class Vacancy:
    """The visit that needs somebody: its facts, its place, when it was planned, and who has it now."""

    visit: VisitFacts
    lat: float
    lon: float
    planned: datetime | None
    taken_by: frozenset[UUID]


def rank(
    vacancy: Vacancy,
    people: Iterable[CaregiverFacts],
    busy: Mapping[UUID, Sequence[Busy]],
    factor: float,
    now: datetime,
    on: date,
) -> list[Reason]:
    """Return everybody with a code: who fits at the planned time, at another time, or not at all."""
    found = [
        {
            "caregiver_id": str(one.caregiver_id),
            "name": one.name,
            **_reason(vacancy, one, busy, factor, now, on),
        }
        for one in people
        if one.caregiver_id not in vacancy.taken_by
    ]
    return sorted(found, key=_place)


def _reason(
    vacancy: Vacancy,
    one: CaregiverFacts,
    busy: Mapping[UUID, Sequence[Busy]],
    factor: float,
    now: datetime,
    on: date,
) -> Reason:
    visit = vacancy.visit
    reason = unfit(one, visit, on)
    if reason:
        return reason
    own = busy.get(one.caregiver_id, ())
    if vacancy.planned:
        same = Errand((Span(vacancy.planned, vacancy.planned),), visit.minutes, vacancy.lat, vacancy.lon)
        fit = gaps.earliest(same, one, own, factor, now)
        if fit:
            return _figures(SAME, fit, one, visit)
    fit = gaps.earliest(Errand(visit.windows, visit.minutes, vacancy.lat, vacancy.lon), one, own, factor, now)
    return _figures(LATER if vacancy.planned else SAME, fit, one, visit) if fit else {"code": "full"}


def _figures(code: str, fit: Fit, one: CaregiverFacts, visit: VisitFacts) -> Reason:
    return {
        "code": code,
        "starts_at": fit.starts_at.isoformat(),
        "way_min": fit.way_min,
        "extra_min": fit.extra_min,
        "liking_min": round(liking(one, visit), 1),
        "merits": merits(one, visit),
    }


def _place(reason: Reason) -> tuple[int, float, str, str]:
    tier = {SAME: 0, LATER: 1, "full": 2}.get(reason["code"], 3)
    cost: Any = reason.get("extra_min", 0.0) + reason.get("liking_min", 0.0)
    return tier, cost, reason["code"], reason["name"]
