"""Where a visit fits between others: the earliest start, and what the detour costs; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

from dispatch.geo import distance_km, travel_minutes
from dispatch.roster.fitness import CaregiverFacts, Span, free_of

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Busy(Span):
    """A visit that somebody has already, and where."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Fit:
    """When a visit may begin at the earliest, how long the way is, and how much longer the round gets."""

    starts_at: datetime
    way_min: float
    extra_min: float


@dataclass(frozen=True, slots=True)
class Errand:
    """What is to be fitted in: its windows (earliest and latest start), its length and its place."""

    windows: tuple[Span, ...]
    minutes: int
    lat: float
    lon: float


def earliest(
    errand: Errand, carer: CaregiverFacts, busy: Iterable[Busy], factor: float, not_before: datetime
) -> Fit | None:
    """Return the earliest fit of an errand into a caregiver's time; None: there is none."""
    taken = sorted(busy, key=lambda one: (one.starts_at, one.ends_at))
    found = [
        fit
        for free in free_of(carer)
        for before, after in _gaps(free, taken)
        if (fit := _fit(errand, carer, (free, before, after), factor, not_before))
    ]
    return min(found, key=lambda fit: (fit.starts_at, fit.extra_min), default=None)


def _gaps(free: Span, taken: Sequence[Busy]) -> list[tuple[Busy | None, Busy | None]]:
    inside = [one for one in taken if one.starts_at < free.ends_at and one.ends_at > free.starts_at]
    last = list(accumulate(inside, _later))
    return list(zip([None, *last], [*inside, None], strict=True))


def _later(one: Busy, other: Busy) -> Busy:
    return other if other.ends_at >= one.ends_at else one


def _fit(
    errand: Errand,
    carer: CaregiverFacts,
    gap: tuple[Span, Busy | None, Busy | None],
    factor: float,
    not_before: datetime,
) -> Fit | None:
    free, before, after = gap
    here, came_from = (errand.lat, errand.lon), _place(before, carer)
    way = _minutes(came_from, here, carer, factor)
    onward = _minutes(here, (after.lat, after.lon), carer, factor) if after else 0.0
    ready = before.ends_at + timedelta(minutes=way) if before else free.starts_at
    ends_by = min(after.starts_at - timedelta(minutes=onward), free.ends_at) if after else free.ends_at
    latest = ends_by - timedelta(minutes=errand.minutes)
    for window in errand.windows:
        start = max(ready, free.starts_at, window.starts_at, not_before)
        if start <= min(latest, window.ends_at):
            direct = _minutes(came_from, (after.lat, after.lon), carer, factor) if after else 0.0
            return Fit(start, round(way, 1), round(way + onward - direct, 1))
    return None


def _place(before: Busy | None, carer: CaregiverFacts) -> Place:
    return (before.lat, before.lon) if before else (carer.lat, carer.lon)


def _minutes(start: Place, end: Place, carer: CaregiverFacts, factor: float) -> float:
    return travel_minutes(distance_km(*start, *end), carer.speed_kmh, factor)
