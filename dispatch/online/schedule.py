"""When a route's stops begin, from where somebody is now; what they are doing. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from dispatch.online.book import FRESH, Place, Route, Stop

LATE = 15.0
"""Minutes after its start for which a plan is believed although nobody has checked in."""
AHEAD = ("en_route", "accepted", "offered")
"""States of what is still ahead of somebody."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody is, from when they can set out, and what is ahead of them.

    `position` says how that is known: last (a phone), visit (they are at one), way (between two), base.
    """

    place: Place
    free: float
    position: str
    current: Stop | None
    ahead: tuple[Stop, ...]

    @property
    def driving_to(self) -> Stop | None:
        """The stop that they are on the way to."""
        if (
            self.current is None
            and self.ahead
            and (self.position == "way" or self.ahead[0].state == "en_route")
        ):
            return self.ahead[0]
        return None


@dataclass(frozen=True, slots=True)
class Run:
    """When each stop begins, and the first that begins too late (None: all are in time)."""

    begins: tuple[float, ...]
    broken: int | None
    travel: float


def standing(route: Route, now: float) -> Standing:
    """Say where somebody is and what is ahead, from what is known of them."""
    ahead = tuple(one for one in route.stops if one.state in AHEAD)
    at_work = [one for one in route.stops if one.state == "in_progress"]
    if at_work:
        current = max(at_work, key=lambda one: (one.is_emergency, one.started or one.due))
        free = max(now, (current.started or current.due) + current.minutes)
        return Standing(Place(current.lat, current.lon, now), free, "visit", current, ahead)
    shift = route.shift(now)
    free = max(now, shift[0]) if shift else now
    if route.seen and route.seen.at >= now - FRESH:
        return Standing(Place(route.seen.lat, route.seen.lon, now), free, "last", None, ahead)
    base = Place(route.carer.lat, route.carer.lon, now)
    came_from = route.seen if route.seen and shift and route.seen.at >= shift[0] else None
    return _by_plan(route, came_from or base, free, now, ahead)


def _by_plan(route: Route, since: Place, free: float, now: float, ahead: tuple[Stop, ...]) -> Standing:
    """Guess the place of somebody whose phone is silent: on the way to the next, if plan or state say so."""
    if ahead and free <= now and _is_expected(ahead[0], now):
        whole = route.way(since, ahead[0])
        left = ahead[0].due - now
        if whole > 0 and (left < whole or ahead[0].state == "en_route"):
            gone = min(max(1.0 - left / whole, 0.0), 1.0)
            lat = since.lat + (ahead[0].lat - since.lat) * gone
            lon = since.lon + (ahead[0].lon - since.lon) * gone
            return Standing(Place(lat, lon, now), now, "way", None, ahead)
    return Standing(since, free, "base", None, ahead)


def _is_expected(stop: Stop, now: float) -> bool:
    """Say whether a plan is to be believed: a window alone is none, nor one that has not been kept."""
    return stop.planned is not None and now <= stop.due + LATE


def run(
    route: Route, place: Place | Stop, free: float, stops: Sequence[Stop], latest: Sequence[float]
) -> Run:
    """Go through stops in this order from a place; `latest` are the last minutes at which each may begin."""
    begins: list[float] = []
    broken, at, travel = None, free, 0.0
    where: Place | Stop = place
    for nth, stop in enumerate(stops):
        way = route.way(where, stop)
        begin = stop.begin(at + way)
        if begin > latest[nth] and broken is None:
            broken = nth
        begins.append(begin)
        travel += way
        at, where = begin + stop.minutes, stop
    return Run(tuple(begins), broken, travel)


def slack(route: Route, stops: Sequence[Stop], begins: Sequence[float]) -> list[float]:
    """Return until when each stop may begin so that it and all after it are in time, and the shift kept.

    What is late already is not later than it is.
    """
    end = max((until for _, until in route.spans), default=float("inf"))
    latest = [
        max(min(stop.latest, _end_of(route, begin, end) - stop.minutes), begin)
        for stop, begin in zip(stops, begins, strict=True)
    ]
    for nth in range(len(stops) - 2, -1, -1):
        following = latest[nth + 1] - route.way(stops[nth], stops[nth + 1]) - stops[nth].minutes
        latest[nth] = max(min(latest[nth], following), begins[nth])
    return latest


def _end_of(route: Route, at: float, default: float) -> float:
    return next((until for since, until in route.spans if since <= at < until), default)
