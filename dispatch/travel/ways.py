"""Ways between points, and the minutes that somebody takes for them. Pure: who says them is in `sources`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from dispatch.geo import EARTH_KM, START_MINUTES

Floats = NDArray[np.float64]


class Point(NamedTuple):
    """A place on earth, WGS-84."""

    lat: float
    lon: float


@dataclass(frozen=True, eq=False)
class Ways:
    """From each point (row) to each (column): kilometres by road, and minutes if the source's own are taken.

    `source` is circle, osrm or amap; `holes` counts legs that the source did not give and the circle filled;
    `oldest` is when the oldest leg was fetched; `reason` says why a source was not used to the end.
    """

    km: Floats
    driven: Floats | None = None
    source: str = "circle"
    holes: int = 0
    oldest: datetime | None = None
    reason: dict[str, Any] | None = None

    def minutes(self, speed_kmh: float) -> Floats:
        """Return how long somebody takes, the start included; where nobody moves it is nothing."""
        moving: Floats = self.km / speed_kmh * 60
        if self.driven is not None:
            moving = np.where(np.isnan(self.driven), moving, self.driven)
        return np.where(self.km > 0, moving + START_MINUTES, 0.0)

    def told(self, now: datetime) -> dict[str, Any]:
        """Return what people should know of these ways, as codes and numbers."""
        age = None if self.oldest is None else round((now - self.oldest).total_seconds() / 3600, 1)
        return {"source": self.source, "holes": self.holes, "oldest_hours": age, "reason": self.reason}


class Travel(Protocol):
    """Where ways come from."""

    async def ways(self, points: Sequence[Point], now: datetime) -> Ways:
        """Return the ways from each point to each; never fails: what is not known is the great circle."""


@dataclass(frozen=True)
class Circle:
    """The great circle times a factor of the district's roads."""

    factor: float
    reason: dict[str, Any] | None = None

    async def ways(self, points: Sequence[Point], now: datetime) -> Ways:  # noqa: ARG002 - Travel's signature
        """Return the ways from each point to each."""
        return Ways(circle_km(points) * self.factor, reason=self.reason)


async def matrix(travel: Travel, points: Sequence[Point], speed_kmh: float, now: datetime) -> Floats:
    """Return the minutes from each point to each."""
    return (await travel.ways(points, now)).minutes(speed_kmh)


async def leg(travel: Travel, here: Point, there: Point, speed_kmh: float, now: datetime) -> float:
    """Return the minutes from here to there."""
    return float((await matrix(travel, (here, there), speed_kmh, now))[0, 1])


def circle_km(points: Sequence[Point]) -> Floats:
    """Return the great-circle distance of each pair (haversine), as `geo.distance_km` does for one."""
    lat, lon = np.radians(np.array(points, dtype=np.float64).reshape(-1, 2)).T
    north, east = (lat[:, None] - lat) / 2, (lon[:, None] - lon) / 2
    chord = np.sin(north) ** 2 + np.cos(lat[:, None]) * np.cos(lat) * np.sin(east) ** 2
    found: Floats = 2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(1.0, chord)))
    return found
