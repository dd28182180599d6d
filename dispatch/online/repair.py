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
from dispatch.online.schedule import Standing, run, standing

HANDED_OVER = 4.0
"""Minutes of waiting for help that a visit is worth which somebody else makes."""
POSTPONED = 2.0
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
        """What it costs, as minutes that an emergency might wait to spare it."""
        worth = {"handed_over": HANDED_OVER, "postponed": POSTPONED, "released": RELEASED}
        cost = sum(worth[one.code] + (PINNED if one.stop.is_pinned else 0.0) for one in self.changes)
        return cost + (INTERRUPTED if self.interrupted else 0.0)


def free_at(where: Standing, call: Call, now: float) -> tuple[float, Stop | None]:
    """Return when somebody can set out, and the visit that they would interrupt for it."""
    current = where.current
    if current is None or not (call.may_interrupt and current.is_interruptible):
        return where.free, None
    if where.free <= now + HANDING_OVER + INTERRUPTED:
        return where.free, None
    return now + HANDING_OVER, current


def repair(places: Places, route: Route, call: Call, now: float) -> Repair:
    """Send somebody to an emergency, and say what becomes of the rest of their day."""
    where = standing(route, now)
    free, interrupted = free_at(where, call, now)
    there = Place(call.lat, call.lon, now)
    arrival = free + route.way(where.place, there)
    ahead = list(where.ahead)
    if interrupted:
        again = ((now, now + RESUME),)
        ahead.insert(0, replace(interrupted, windows=again, planned=None, started=None, is_fixed=False))
    latest = _latest(route, where, ahead, interrupted)
    after = arrival + call.minutes
    kept, out = _eject(route, there, after, ahead, latest)
    changes = _postponed(route, there, after, kept, latest)
    moved = _move(places, route, call, now, (there, after), kept, out, latest)
    return Repair(arrival, free, interrupted, (*changes, *moved))


def _latest(
    route: Route, where: Standing, ahead: Sequence[Stop], interrupted: Stop | None
) -> dict[tuple[UUID, int], float]:
    """Return until when each stop may begin; what is late without the emergency is not late because of it."""
    alone = ahead[1:] if interrupted else ahead
    begins = run(route, where.place, where.free, alone, [NEVER] * len(alone)).begins
    found = {one.key: _by_shift(route, one, begin) for one, begin in zip(alone, begins, strict=True)}
    if interrupted:
        found[ahead[0].key] = ahead[0].latest
    return found


def _by_shift(route: Route, stop: Stop, begin: float) -> float:
    until = next((until for since, until in route.spans if since <= begin < until), begin)
    return max(min(stop.latest, until - stop.minutes), begin)


def _eject(
    route: Route, there: Place, after: float, ahead: list[Stop], latest: dict[tuple[UUID, int], float]
) -> tuple[list[Stop], list[Stop]]:
    """Take out as few stops as make the others come in time: whichever carries farthest, the least urgent."""
    kept = list(ahead)
    out: list[Stop] = []
    while True:
        broken = _broken(route, there, after, kept, latest)
        if broken is None:
            return kept, out
        choices = []
        for nth in range(broken + 1):
            rest = kept[:nth] + kept[nth + 1 :]
            reaches = _broken(route, there, after, rest, latest)
            reach = len(kept) if reaches is None else reaches
            one = kept[nth]
            choices.append((one.is_emergency, one.is_pinned, -reach, -one.priority, -nth))
        worst = -min(choices)[-1]
        out.append(kept.pop(worst))


def _broken(
    route: Route, there: Place, after: float, stops: Sequence[Stop], latest: dict[tuple[UUID, int], float]
) -> int | None:
    return run(route, there, after, stops, [latest[one.key] for one in stops]).broken


def _postponed(
    route: Route, there: Place, after: float, kept: Sequence[Stop], latest: dict[tuple[UUID, int], float]
) -> list[Change]:
    """Return who is told that the same person comes later."""
    begins = run(route, there, after, kept, [latest[one.key] for one in kept]).begins
    return [
        Change(one, "postponed", route.carer.caregiver_id, begin, one.is_promised)
        for one, begin in zip(kept, begins, strict=True)
        if one.state == "in_progress" or begin > one.due + TOLERANCE
    ]


def _move(
    places: Places,
    route: Route,
    call: Call,
    now: float,
    start: tuple[Place, float],
    kept: list[Stop],
    out: Sequence[Stop],
    latest: dict[tuple[UUID, int], float],
) -> list[Change]:
    """Find another place for every stop that was taken out: later with the same person, else with another."""
    own, changes = list(kept), []
    changed: dict[UUID, list[Stop]] = {}
    for stop in sorted(out, key=lambda one: (one.priority, one.due)):
        later = _later(route, start, own, stop, latest)
        if later is not None:
            own, begin = later
            changes.append(Change(stop, "postponed", route.carer.caregiver_id, begin, stop.is_promised))
            continue
        change = _hand_over(places, call.on, now, stop, changed, route)
        changes.append(change)
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


def _later(
    route: Route,
    start: tuple[Place, float],
    own: list[Stop],
    stop: Stop,
    latest: dict[tuple[UUID, int], float],
) -> tuple[list[Stop], float] | None:
    """Put a stop elsewhere into the same person's day, where it adds least; None: nowhere."""
    best: tuple[float, list[Stop], float] | None = None
    if stop.is_fixed:
        return None
    for nth in range(len(own) + 1):
        stops = [*own[:nth], stop, *own[nth:]]
        found = run(route, start[0], start[1], stops, [latest[one.key] for one in stops])
        if found.broken is None and (best is None or found.travel < best[0]):
            best = (found.travel, stops, found.begins[nth])
    return None if best is None else (best[1], best[2])
