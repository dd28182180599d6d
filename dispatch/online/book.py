"""The book: where everybody is, what is next for them, and until when it can wait. Pure.

Times are minutes since 1970, places WGS-84. A book is filled by `feed`; nothing here asks the database.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from dispatch.online import ways
from dispatch.roster.fitness import CaregiverFacts, VisitFacts, free_of

Window = tuple[float, float]
"""Earliest and latest start."""
FRESH = 30.0
"""Minutes for which a phone's position says more than the plan."""
_ZERO = datetime(1970, 1, 1, tzinfo=UTC)


def minute(at: datetime) -> float:
    """Return an instant as minutes since 1970."""
    return at.timestamp() / 60.0


def instant(minutes: float) -> datetime:
    """Return minutes since 1970 as an instant, to the second."""
    return _ZERO + timedelta(seconds=round(minutes * 60))


@dataclass(frozen=True, slots=True)
class Stop:
    """One person's part in a visit that is still to be made or under way.

    One that is `is_fixed` cannot be at another time (two people meet there, or another visit hangs on it).
    """

    facts: VisitFacts
    carer_id: UUID
    state: str
    priority: int
    lat: float
    lon: float
    minutes: float
    windows: tuple[Window, ...]
    seat: int = 0
    planned: float | None = None
    planned_at: datetime | None = None
    started: float | None = None
    is_promised: bool = False
    is_fixed: bool = False
    is_pinned: bool = False
    is_interruptible: bool = False
    is_emergency: bool = False

    @property
    def key(self) -> tuple[UUID, int]:
        """The visit and the seat in it."""
        return self.facts.visit_id, self.seat

    @property
    def due(self) -> float:
        """When it is to begin."""
        return self.windows[0][0] if self.planned is None else self.planned

    @property
    def latest(self) -> float:
        """The last minute at which it may begin."""
        return self.due if self.is_fixed else max(self.windows[-1][1], self.due)

    def begin(self, arrival: float) -> float:
        """Return when it begins for somebody who comes at `arrival`: as planned, or as soon as it may."""
        due = self.due
        if arrival <= due or self.is_fixed:
            return max(arrival, due)
        for since, until in self.windows:
            if arrival <= until:
                return max(arrival, since)
        return arrival


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody was seen, and when."""

    lat: float
    lon: float
    at: float


@dataclass(slots=True)
class Route:
    """A caregiver, the hours in which they work, and what they still have to do, in order."""

    carer: CaregiverFacts
    spans: tuple[Window, ...]
    per_km: float
    stops: list[Stop] = field(default_factory=list)
    seen: Place | None = None

    def shift(self, now: float) -> Window | None:
        """Return the span of work that holds now, or the next; None: no more today."""
        return next((one for one in self.spans if one[1] > now), None)

    def way(self, one: Stop | Place, other: Stop | Place) -> float:
        """Return the minutes from one place to another, for this person."""
        return ways.minutes(one.lat, one.lon, other.lat, other.lon, self.per_km)


def route_of(carer: CaregiverFacts, factor: float) -> Route:
    """Make an empty route of a caregiver; `factor` is road over great circle."""
    spans = tuple((minute(one.starts_at), minute(one.ends_at)) for one in free_of(carer))
    return Route(carer, _joined(spans), factor / carer.speed_kmh * 60.0)


def _joined(spans: tuple[Window, ...]) -> tuple[Window, ...]:
    """Make one span of shifts that follow each other without a gap."""
    found: list[Window] = []
    for since, until in spans:
        if found and since <= found[-1][1]:
            found[-1] = (found[-1][0], max(until, found[-1][1]))
        else:
            found.append((since, until))
    return tuple(found)


@dataclass
class Book:
    """Everybody's routes; `stamp` counts changes, so that what was computed of them may be kept."""

    factor: float
    routes: dict[UUID, Route] = field(default_factory=dict)
    stamps: dict[UUID, int] = field(default_factory=dict)
    stamp: int = 0
    people_stamp: int = 0
    whose: dict[UUID, set[UUID]] = field(default_factory=dict)

    def set_people(self, carers: Iterable[CaregiverFacts]) -> None:
        """Take everybody's facts anew; routes are kept, whoever is gone is forgotten."""
        before, self.routes = self.routes, {}
        for carer in carers:
            route = route_of(carer, self.factor)
            if carer.caregiver_id in before:
                route.stops = before[carer.caregiver_id].stops
                route.seen = before[carer.caregiver_id].seen
            self.routes[carer.caregiver_id] = route
            self._touch(carer.caregiver_id)
        self.stamp += 1
        self.people_stamp = self.stamp

    def see(self, carer_id: UUID, place: Place) -> None:
        """Note where somebody was seen; what is older than what is known says nothing."""
        route = self.routes.get(carer_id)
        if route and (route.seen is None or route.seen.at < place.at):
            route.seen = place
            self._touch(carer_id)

    def forget(self, visit_id: UUID) -> None:
        """Take a visit out of every route."""
        for carer_id in self.whose.pop(visit_id, ()):
            route = self.routes.get(carer_id)
            if route:
                route.stops = [one for one in route.stops if one.facts.visit_id != visit_id]
                self._touch(carer_id)

    def add(self, stop: Stop) -> None:
        """Put a stop into the route of whoever makes it."""
        route = self.routes.get(stop.carer_id)
        if route:
            route.stops = sorted((*route.stops, stop), key=lambda one: (one.due, one.facts.visit_id))
            self.whose.setdefault(stop.facts.visit_id, set()).add(stop.carer_id)
            self._touch(stop.carer_id)

    def _touch(self, carer_id: UUID) -> None:
        self.stamp += 1
        self.stamps[carer_id] = self.stamp
