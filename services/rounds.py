"""The round of a day: promised times stand; homes of the same time come in the shortest way (pure)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby, pairwise, permutations

from dispatch.geo import distance_km

Point = tuple[float, float]
"""Latitude and longitude, WGS-84."""
_EXACT = 7
"""So many homes are tried in every order; of more the nearest comes next."""


def order(times: Sequence[datetime], points: Sequence[Point]) -> list[int]:
    """Return the order in which homes are called at, as places in what was given."""
    sequence = sorted(range(len(times)), key=lambda at: (times[at], at))
    found: list[int] = []
    for _, group in groupby(sequence, key=lambda at: times[at]):
        start = points[found[-1]] if found else None
        found += _shortest(list(group), points, start)
    return found


def legs(points: Sequence[Point]) -> list[float | None]:
    """Return the way to each home from the one before in km, None for the first."""
    ways = [distance_km(*one, *other) for one, other in pairwise(points)]
    return [None, *ways] if points else []


def _shortest(homes: list[int], points: Sequence[Point], start: Point | None) -> list[int]:
    if len(homes) <= _EXACT:
        return list(min(permutations(homes), key=lambda way: (_length(way, points, start), way)))
    left, found = list(homes), []
    here = start or points[homes[0]]
    while left:
        nearest = min(left, key=lambda at: (distance_km(*here, *points[at]), at))
        left.remove(nearest)
        found.append(nearest)
        here = points[nearest]
    return found


def _length(way: Iterable[int], points: Sequence[Point], start: Point | None) -> float:
    line = [*([start] if start else []), *(points[at] for at in way)]
    return sum(distance_km(*one, *other) for one, other in pairwise(line))
