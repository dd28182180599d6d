"""Meals on a route: one box, several doors, warm until the last one; pure.

Doors are gathered around the one farthest from the stove while a box holds them and the last of them still
eats in time; each route is ordered by nearest neighbour and 2-opt, so that the sum of arrivals is small.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

Minutes = Callable[["Point", "Point"], float]
"""How long it takes from one point to another."""


@dataclass(frozen=True, slots=True)
class Point:
    """A position."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Door:
    """One door with its meals."""

    id: UUID
    at: Point
    meals: int = 1


@dataclass(frozen=True, slots=True)
class Limits:
    """What a route must keep: minutes are counted from when the route may leave the stove."""

    box: int
    latest: float
    """The last door is reached by then."""
    handing_over: float
    """Minutes at each door."""
    routes: int
    """How many can be on their way."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A door on a route, and when it is reached."""

    door: Door
    arrives: float


@dataclass(frozen=True, slots=True)
class Left:
    """A door that no route serves, and why: too_far even alone, too_many for a box, no_carrier left."""

    door: Door
    code: str
    minutes: float


@dataclass(frozen=True, slots=True)
class Delivery:
    """What was built."""

    routes: tuple[tuple[Stop, ...], ...]
    left: tuple[Left, ...]


def build(stove: Point, doors: Sequence[Door], limits: Limits, minutes: Minutes) -> Delivery:
    """Build routes until nobody waits or nobody is left to carry."""
    far = {door.id: minutes(stove, door.at) for door in doors}
    left = [_unfit(door, far[door.id], limits) for door in doors]
    waiting = [door for door, why in zip(doors, left, strict=True) if why is None]
    routes: list[tuple[Stop, ...]] = []
    while waiting and len(routes) < limits.routes:
        route = _one(stove, waiting, far, limits, minutes)
        taken = {stop.door.id for stop in route}
        waiting = [door for door in waiting if door.id not in taken]
        routes.append(route)
    unserved = [Left(door, "no_carrier", far[door.id]) for door in waiting]
    return Delivery(tuple(routes), (*(why for why in left if why), *unserved))


def _unfit(door: Door, far: float, limits: Limits) -> Left | None:
    if far > limits.latest:
        return Left(door, "too_far", far)
    return Left(door, "too_many", far) if door.meals > limits.box else None


def _one(
    stove: Point, waiting: Sequence[Door], far: dict[UUID, float], limits: Limits, minutes: Minutes
) -> tuple[Stop, ...]:
    """Gather doors around the farthest one; who comes next is nearest to any door that is gathered."""
    seed = max(waiting, key=lambda door: (far[door.id], str(door.id)))
    route = _timed(stove, [seed], limits, minutes)
    rest = [door for door in waiting if door is not seed]
    while rest:
        inside = [stop.door for stop in route]
        best = min(rest, key=lambda door: (min(minutes(one.at, door.at) for one in inside), str(door.id)))
        rest.remove(best)
        if sum(door.meals for door in inside) + best.meals > limits.box:
            continue
        longer = _timed(stove, [*inside, best], limits, minutes)
        if longer[-1].arrives <= limits.latest:
            route = longer
    return route


def _timed(stove: Point, doors: Sequence[Door], limits: Limits, minutes: Minutes) -> tuple[Stop, ...]:
    """Order doors and say when each is reached."""
    return _walk(stove, _improved(stove, _nearest_first(stove, doors, minutes), minutes), limits, minutes)


def _walk(stove: Point, order: Sequence[Door], limits: Limits, minutes: Minutes) -> tuple[Stop, ...]:
    stops, at, here = [], 0.0, stove
    for door in order:
        at += minutes(here, door.at)
        stops.append(Stop(door, at))
        at, here = at + limits.handing_over, door.at
    return tuple(stops)


def _nearest_first(stove: Point, doors: Sequence[Door], minutes: Minutes) -> list[Door]:
    rest, order, here = list(doors), [], stove
    while rest:
        best = min(rest, key=lambda door: (minutes(here, door.at), str(door.id)))
        rest.remove(best)
        order.append(best)
        here = best.at
    return order


def _improved(stove: Point, order: list[Door], minutes: Minutes) -> list[Door]:
    """Turn parts of the route round as long as that shortens it (2-opt; the way back does not count)."""
    best, length = order, _length(stove, order, minutes)
    is_better = True
    while is_better:
        is_better = False
        for first in range(len(best) - 1):
            for last in range(first + 2, len(best) + 1):
                other = [*best[:first], *reversed(best[first:last]), *best[last:]]
                shorter = _length(stove, other, minutes)
                if shorter < length - 1e-9:
                    best, length, is_better = other, shorter, True
    return best


def _length(stove: Point, order: Sequence[Door], minutes: Minutes) -> float:
    points = [stove, *(door.at for door in order)]
    return sum(minutes(one, other) for one, other in pairwise(points))
