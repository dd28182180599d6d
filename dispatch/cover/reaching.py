"""When nobody would be there: the night, who works in it, who is near enough, what stays uncovered; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, radians

from core.clock import at_local, local_date
from dispatch.geo import START_MINUTES, distance_km, travel_minutes
from dispatch.roster.fitness import CaregiverFacts, Span

KM_A_DEGREE = 111.195


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A person's night: the spans without anybody, how far the nearest who works is (None: nobody does)."""

    spans: tuple[Span, ...]
    nearest_minutes: float | None

    @property
    def minutes(self) -> float:
        """Return how long the night has nobody, in all."""
        return sum((one.ends_at - one.starts_at).total_seconds() for one in self.spans) / 60


def night(now: datetime, start: str, end: str) -> Span:
    """Return what is left of the night that goes on, or the whole of the next one; `HH:MM` local time."""
    today = local_date(now)
    for day in (today - timedelta(days=1), today):
        begins, ends = at_local(day, start), at_local(day, end)
        if ends <= begins:
            ends = at_local(day + timedelta(days=1), end)
        if now < ends:
            return Span(max(begins, now), ends)
    following = today + timedelta(days=1)
    begins, ends = at_local(following, start), at_local(following, end)
    return Span(begins, ends if ends > begins else at_local(following + timedelta(days=1), end))


def holes(window: Span, spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the parts of a window that no span covers, in order."""
    found, at = [], window.starts_at
    for one in sorted(spans, key=lambda span: (span.starts_at, span.ends_at)):
        if one.starts_at > at:
            found.append(Span(at, min(one.starts_at, window.ends_at)))
        at = max(at, one.ends_at)
        if at >= window.ends_at:
            break
    if at < window.ends_at:
        found.append(Span(at, window.ends_at))
    return tuple(one for one in found if one.starts_at < one.ends_at)


def able(
    carers: Iterable[CaregiverFacts], skill: str, window: Span
) -> list[tuple[CaregiverFacts, tuple[Span, ...]]]:
    """Return who has a skill and works in the window, with the spans of their work, leave taken off."""
    on = local_date(window.starts_at)
    found = []
    for carer in carers:
        certified = [one for one in carer.certificates if one.skill == skill]
        is_certified = not certified or any(one.valid_from <= on <= one.valid_to for one in certified)
        if skill in carer.skills and is_certified:
            spans = tuple(part for shift in carer.shifts for part in holes(shift, carer.leaves))
            kept = tuple(
                one for one in spans if one.starts_at < window.ends_at and one.ends_at > window.starts_at
            )
            if kept:
                found.append((carer, kept))
    return found


def uncovered(
    lat: float,
    lon: float,
    window: Span,
    working: Sequence[tuple[CaregiverFacts, tuple[Span, ...]]],
    reach_minutes: float,
    factor: float,
) -> Uncovered:
    """Return when nobody who works could be at a home within reach, from where they begin their work."""
    spans: list[Span] = []
    nearest: float | None = None
    for carer, works in working:
        far = (reach_minutes - START_MINUTES) / 60 * carer.speed_kmh / factor
        minutes = travel_minutes(_distance(lat, lon, carer, far), carer.speed_kmh, factor)
        nearest = minutes if nearest is None else min(nearest, minutes)
        if minutes <= reach_minutes:
            spans += works
    return Uncovered(holes(window, spans), nearest)


def _distance(lat: float, lon: float, carer: CaregiverFacts, far: float) -> float:
    """Return the distance; where the box alone says that it is too far, the box's side will do."""
    north = abs(lat - carer.lat) * KM_A_DEGREE
    east = abs(lon - carer.lon) * KM_A_DEGREE * cos(radians(lat))
    return max(north, east) if max(north, east) > far * 2 else distance_km(lat, lon, carer.lat, carer.lon)
