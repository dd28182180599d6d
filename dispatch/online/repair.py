"""What becomes of somebody's day when they leave for an emergency: as few broken promises as can be. Pure.

What cannot wait any more is put into the day of somebody else who may make it; what nobody can take waits.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from uuid import UUID

from dispatch.online.book import Place, Route, Stop
from dispatch.online.places import NEVER, TOLERANCE, Places
from dispatch.online.schedule import Run, Standing, run, standing

HANDED_OVER = 3.0
"""Minutes of waiting for help that a visit is worth which somebody else makes."""
POSTPONED = 1.5
"""… which is made later than was promised."""
RELEASED = 12.0
"""… which nobody can make for now."""
PINNED = 6.0
"""… which a manager has fixed."""
INTERRUPTED = 6.0
"""… which has begun, and is left."""
RESUME = 120.0
"""Minutes within which somebody comes back to a visit that was interrupted."""
HANDING_OVER = 1.0
"""Minutes that it takes to leave a visit that has begun."""

Code = Literal["handed_over", "postponed", "released"]


@dataclass(frozen=True, slots=True)
class Call:
    """An emergency: where, how long it takes, the local day, and whether it may interrupt."""

    lat: float
    lon: float
    minutes: float
    on: date
    may_interrupt: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one stop: who makes it now (None: nobody yet), and when."""

    stop: Stop
    code: Code
    carer_id: UUID | None
    begin: float | None
    is_broken: bool


@dataclass(frozen=True, slots=True)
class Repair:
    """When somebody would come, the visit that they leave half done, and what becomes of their others."""

    arrival: float
    free: float
    interrupted: Stop | None
    changes: tuple[Change, ...]

    @property
    def minutes(self) -> float:
        """What the changes cost, as minutes that an emergency might wait to spare them."""
        worth = {"handed_over": HANDED_OVER, "postponed": POSTPONED, "released": RELEASED}
        return sum(worth[one.code] + (PINNED if one.stop.is_pinned else 0.0) for one in self.changes)


def free_at(where: Standing, call: Call, now: float) -> tuple[float, Stop | None]:
    """Return when somebody can set out, and the visit that they would interrupt for it."""
    current = where.current
    if current is None or not (call.may_interrupt and current.is_interruptible):
        return where.free, None
    if where.free <= now + HANDING_OVER + INTERRUPTED:
        return where.free, None
    return now + HANDING_OVER, current


def repair(places: Places, route: Route, call: Call, now: float, limit: float = NEVER) -> Repair:
    """Send somebody to an emergency, and say what becomes of the rest of their day.

    A repair that is sure to cost `limit` or more is not thought through: it says what it costs at least.
    """
    where = standing(route, now)
    free, interrupted = free_at(where, call, now)
    there = Place(call.lat, call.lon, now)
    arrival = free + route.way(where.place, there)
    start = _Start(there, arrival + call.minutes)
    kept, out = _eject(route, start, _ahead(route, where, interrupted, now))
    found = Repair(arrival, free, interrupted, _postponed(route, start, kept))
    if found.minutes + POSTPONED * len(out) >= limit:
        unthought = tuple(Change(one, "postponed", None, None, one.is_promised) for one, _ in out)
        return replace(found, changes=(*found.changes, *unthought))
    moved = _move(places, route, call.on, now, start, kept, out)
    return replace(found, changes=(*found.changes, *moved))


@dataclass(frozen=True, slots=True)
class _Start:
    """Where and when the rest of the day begins: the emergency, when it is over."""

    place: Place
    at: float


_Due = tuple[Stop, float]
"""A stop, and the last minute at which it may begin."""


def _ahead(route: Route, where: Standing, interrupted: Stop | None, now: float) -> list[_Due]:
    """Return what is ahead; what is late without the emergency is not late because of it."""
    begins = run(route, where.place, where.free, where.ahead, [NEVER] * len(where.ahead)).begins
    found = [(one, _by_shift(route, one, begin)) for one, begin in zip(where.ahead, begins, strict=True)]
    if interrupted:
        again = ((now, now + RESUME),)
        first = replace(interrupted, windows=again, planned=None, started=None, is_fixed=False)
        found.insert(0, (first, first.latest))
    return found


def _by_shift(route: Route, stop: Stop, begin: float) -> float:
    until = next((until for since, until in route.spans if since <= begin < until), begin)
    return max(min(stop.latest, until - stop.minutes), begin)


def _eject(route: Route, start: _Start, ahead: list[_Due]) -> tuple[list[_Due], list[_Due]]:
    """Take out as few as make the others come in time: what reaches farthest, is least urgent, can wait."""
    kept = list(ahead)
    out: list[_Due] = []
    while True:
        broken = _run(route, start, kept).broken
        if broken is None:
            return kept, out
        choices = []
        for nth in range(broken + 1):
            reaches = _run(route, start, kept[:nth] + kept[nth + 1 :]).broken
            reach = len(kept) if reaches is None else reaches
            one, latest = kept[nth]
            choices.append((one.is_emergency, one.is_pinned, -reach, -one.priority, -latest, -nth))
        out.append(kept.pop(-min(choices)[-1]))


def _run(route: Route, start: _Start, stops: Sequence[_Due]) -> Run:
    return run(route, start.place, start.at, [one for one, _ in stops], [latest for _, latest in stops])


def _postponed(route: Route, start: _Start, kept: Sequence[_Due]) -> tuple[Change, ...]:
    """Return who is told that the same person comes later."""
    begins = _run(route, start, kept).begins
    return tuple(
        Change(one, "postponed", route.carer.caregiver_id, begin, one.is_promised)
        for (one, _), begin in zip(kept, begins, strict=True)
        if one.state == "in_progress" or begin > one.due + TOLERANCE
    )


def _move(
    places: Places,
    route: Route,
    on: date,
    now: float,
    start: _Start,
    kept: list[_Due],
    out: Sequence[_Due],
) -> list[Change]:
    """Find another place for every stop that was taken out: later with the same person, else with another."""
    own, changes = list(kept), []
    changed: dict[UUID, list[Stop]] = {}
    for due in sorted(out, key=lambda one: (one[0].priority, one[0].due)):
        later = _later(route, start, own, due)
        if later is None:
            changes.append(_hand_over(places, on, now, due[0], changed, route))
        else:
            own, begin = later
            stop, whom = due[0], route.carer.caregiver_id
            changes.append(Change(stop, "postponed", whom, begin, stop.is_promised))
    return changes


def _hand_over(
    places: Places, on: date, now: float, stop: Stop, changed: dict[UUID, list[Stop]], route: Route
) -> Change:
    beside = places.book.whose.get(stop.facts.visit_id, set())
    without = {*beside, route.carer.caregiver_id}
    found = None if stop.is_pinned else places.find(stop, on, now, changed, without)
    if found is None:
        return Change(stop, "released", None, None, stop.is_promised)
    there = changed.get(found.carer_id) or list(places.book.routes[found.carer_id].stops)
    moved = replace(stop, carer_id=found.carer_id, planned=found.begin, state="offered", started=None)
    changed[found.carer_id] = sorted((*there, moved), key=lambda one: (one.due, one.facts.visit_id))
    return Change(stop, "handed_over", found.carer_id, found.begin, stop.is_promised)


def _later(route: Route, start: _Start, own: list[_Due], due: _Due) -> tuple[list[_Due], float] | None:
    """Put a stop elsewhere into the same person's day, where it adds least; None: nowhere."""
    best: tuple[float, list[_Due], float] | None = None
    if due[0].is_fixed:
        return None
    for nth in range(len(own) + 1):
        stops = [*own[:nth], due, *own[nth:]]
        found = _run(route, start, stops)
        if found.broken is None and (best is None or found.travel < best[0]):
            best = (found.travel, stops, found.begins[nth])
    return None if best is None else (best[1], best[2])
