"""The circle around a place: who can walk there in so many minutes, and who lies outside; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

EARTH_M = 6_371_000.0
_CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Spot:
    """A position, WGS-84."""

    id: UUID
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Reach:
    """Somebody's nearest place: how far on foot, and whether that is within the circle."""

    id: UUID
    nearest: UUID | None
    metres: float
    minutes: float
    is_inside: bool


def radius_m(minutes: float, walk_kmh: float, factor: float) -> float:
    """Return how far as the crow flies one walks in so many minutes when ways are `factor` longer."""
    return minutes / 60 * walk_kmh * 1000 / factor


def reach(
    people: Sequence[Spot], places: Sequence[Spot], minutes: float, walk_kmh: float, factor: float
) -> list[Reach]:
    """Return everybody's nearest place, in the order of `people`; without places everybody is outside."""
    if not places:
        return [Reach(one.id, None, float("inf"), float("inf"), is_inside=False) for one in people]
    found: list[Reach] = []
    targets = _radians(places)
    per_metre = 60 * factor / (walk_kmh * 1000)
    for start in range(0, len(people), _CHUNK):
        some = people[start : start + _CHUNK]
        metres = _metres(_radians(some), targets)
        nearest = metres.argmin(axis=1)
        for one, index, far in zip(some, nearest, metres.min(axis=1), strict=True):
            walk = float(far) * per_metre
            found.append(Reach(one.id, places[int(index)].id, float(far), walk, walk <= minutes))
    return found


def _radians(spots: Iterable[Spot]) -> NDArray[np.float64]:
    return np.radians(np.array([(one.lat, one.lon) for one in spots], dtype=np.float64))


def _metres(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return great-circle distances between all of both."""
    lat, lon = one[:, 0][:, None], one[:, 1][:, None]
    half = (
        np.sin((other[:, 0] - lat) / 2) ** 2
        + np.cos(lat) * np.cos(other[:, 0]) * np.sin((other[:, 1] - lon) / 2) ** 2
    )
    result: Any = 2 * EARTH_M * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    return np.asarray(result, dtype=np.float64)
