"""Every place in every route where one more visit could be put, as arrays; who may make it. Pure.

A line of the table is the gap between two stops of somebody (or before the first, or after the last). What is
put there may make the next stop later by `TOLERANCE` at most, so that no further promise breaks.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from dispatch.online import ways
from dispatch.online.book import Book, Route, Stop
from dispatch.online.schedule import run, slack, standing
from dispatch.online.ways import Floats
from dispatch.roster.fitness import liking, unfit

TOLERANCE = 15.0
"""Minutes by which a visit may be later than was promised before the promise is broken."""
NEVER = 1e18
_FREE, _LAT, _LON, _NEXT_LAT, _NEXT_LON, _LATEST, _HAS_NEXT, _SINCE, _UNTIL, _PER_KM, _WIDTH = range(11)


@dataclass(frozen=True, slots=True)
class Found:
    """Where a visit could go: to whom, when it would begin, what it costs in minutes of travel."""

    carer_id: UUID
    begin: float
    cost: float


@dataclass(frozen=True, slots=True)
class _Kept:
    stamp: int
    until: float
    lines: Floats


@dataclass(frozen=True, slots=True)
class _Table:
    """All lines, whose each is, and until when nobody's have to be made anew."""

    stamp: int
    until: float
    order: list[UUID]
    nth: dict[UUID, int]
    lines: Floats
    whose: NDArray[np.intp]


@dataclass
class Places:
    """The gaps of a whole book, each route's kept until it changes or the plan does not hold any more."""

    book: Book
    kept: dict[UUID, _Kept] = field(default_factory=dict)
    able: dict[tuple[UUID, date], tuple[int, NDArray[np.bool_], Floats]] = field(default_factory=dict)
    table: _Table | None = None

    def find(
        self, stop: Stop, on: date, now: float, changed: dict[UUID, list[Stop]], without: Iterable[UUID]
    ) -> Found | None:
        """Return the cheapest place for a stop with somebody else; None: there is none.

        `changed` are routes as they will be, `without` are people who are out of the question.
        """
        table = self._whole(now)
        able, liked = self._able(stop, on, table.order)
        mask = able[table.whose]
        for one in {*changed, *without}:
            mask &= table.whose != table.nth[one]
        lines, whose = [table.lines[mask]], [table.whose[mask]]
        for one in changed.keys() - set(without):
            nth = table.nth[one]
            if able[nth]:
                lines.append(lines_of(self.book.routes[one], changed[one], now))
                whose.append(np.full(len(lines[-1]), nth))
        begin, cost = _price(np.concatenate(lines), stop, now)
        if cost.min(initial=NEVER) >= NEVER:
            return None
        of = np.concatenate(whose)
        total = cost + liked[of]
        best = int(total.argmin())
        return Found(table.order[int(of[best])], float(begin[best]), float(total[best]))

    def _able(self, stop: Stop, on: date, order: list[UUID]) -> tuple[NDArray[np.bool_], Floats]:
        key = (stop.facts.visit_id, on)
        known = self.able.get(key)
        if known is None or known[0] != self.book.people_stamp:
            carers = [self.book.routes[one].carer for one in order]
            able = np.array([unfit(one, stop.facts, on) is None for one in carers], dtype=bool)
            liked = np.array([liking(one, stop.facts) for one in carers], dtype=np.float64)
            known = self.able[key] = (self.book.people_stamp, able, liked)
        return known[1], known[2]

    def _whole(self, now: float) -> _Table:
        table = self.table
        if table is None or table.stamp != self.book.stamp or now >= table.until:
            order = list(self.book.routes)
            kept = [self._lines(one, now) for one in order]
            lines = [one.lines for one in kept]
            whose = np.repeat(np.arange(len(order)), [len(one) for one in lines])
            until = min((one.until for one in kept), default=NEVER)
            nth = {one: place for place, one in enumerate(order)}
            whole = np.concatenate([_NONE, *lines])
            table = self.table = _Table(self.book.stamp, until, order, nth, whole, whose)
        return table

    def _lines(self, carer_id: UUID, now: float) -> _Kept:
        kept = self.kept.get(carer_id)
        stamp = self.book.stamps.get(carer_id, 0)
        if kept is None or kept.stamp != stamp or now >= kept.until:
            route = self.book.routes[carer_id]
            until = max(_until(route, now), now + GOOD)
            kept = self.kept[carer_id] = _Kept(stamp, until, lines_of(route, route.stops, now))
        return kept


GOOD = 1.0
"""Minutes for which the gaps of somebody on the way, or late, are good enough."""
_NONE: Floats = np.empty((0, _WIDTH))


def _until(route: Route, now: float) -> float:
    """Say until when the lines of a route hold although time goes on: nobody is late, nothing is over."""
    where, shift = standing(route, now), route.shift(now)
    over = shift[1] if shift else NEVER
    if not where.ahead:
        return min(over, where.free) if where.free > now else over
    leaves = where.ahead[0].due - route.way(where.place, where.ahead[0])
    return min(over, leaves, where.free if where.free > now else NEVER)


def lines_of(route: Route, stops: list[Stop], now: float) -> Floats:
    """Return the gaps of one route, from where its person is now."""
    if route.shift(now) is None:
        return _NONE
    changed = Route(route.carer, route.spans, route.per_km, stops, route.seen)
    where = standing(changed, now)
    ahead = where.ahead
    begins = run(changed, where.place, where.free, ahead, [NEVER] * len(ahead)).begins
    latest = slack(changed, ahead, begins)
    table = np.empty((len(ahead) + 1, _WIDTH))
    free, lat, lon = where.free, where.place.lat, where.place.lon
    for nth in range(len(ahead) + 1):
        following = ahead[nth] if nth < len(ahead) else None
        since, until = _span(route, free)
        limit = min(latest[nth], max(begins[nth], ahead[nth].due + TOLERANCE)) if following else NEVER
        to = (following.lat, following.lon) if following else (lat, lon)
        table[nth] = (free, lat, lon, *to, limit, following is not None, since, until, route.per_km)
        if following:
            free, lat, lon = begins[nth] + following.minutes, following.lat, following.lon
    return table


def _span(route: Route, at: float) -> tuple[float, float]:
    return next((one for one in route.spans if one[1] > at), (NEVER, NEVER))


def _price(table: Floats, stop: Stop, now: float) -> tuple[Floats, Floats]:
    """Return when the stop would begin in each gap, and how many minutes of travel it adds there."""
    per_km = table[:, _PER_KM]
    there = ways.many(table[:, _LAT], table[:, _LON], stop.lat, stop.lon, per_km)
    arrival = np.maximum(np.maximum(table[:, _FREE], table[:, _SINCE]), now) + there
    begin = _begins(stop, arrival)
    onward = ways.many(stop.lat, stop.lon, table[:, _NEXT_LAT], table[:, _NEXT_LON], per_km)
    direct = ways.many(table[:, _LAT], table[:, _LON], table[:, _NEXT_LAT], table[:, _NEXT_LON], per_km)
    has_next = table[:, _HAS_NEXT] > 0
    ends = begin + stop.minutes
    fits = (ends <= table[:, _UNTIL]) & (~has_next | (ends + onward <= table[:, _LATEST]))
    cost = there + np.where(has_next, onward - direct, 0.0) + np.abs(begin - stop.due) / 4
    return begin, np.where(fits & (begin < NEVER), cost, NEVER)


def _begins(stop: Stop, arrival: Floats) -> Floats:
    """Return when a stop would begin for each arrival; NEVER: too late."""
    if stop.is_fixed:
        return np.where(arrival <= stop.due, stop.due, NEVER)
    begin = np.full(arrival.shape, NEVER)
    for since, until in reversed(stop.windows):
        begin = np.where(arrival <= until, np.maximum(arrival, since), begin)
    return np.where(arrival <= stop.due, stop.due, begin)
