"""The schematic map: a home, rings of distance, caregivers around it; pure, no basemap (FRONTEND §7)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import cos, hypot, radians
from typing import Any

SIZE = 320
_KM_PER_DEGREE = 111.32
_RINGS = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
_MARGIN = 34
LABELS = 3


@dataclass(frozen=True)
class Pin:
    """Somebody on the map."""

    x: float
    y: float
    name: str
    km: float
    on_shift: bool
    sent: bool
    anchor: str
    label: bool


@dataclass(frozen=True)
class Map:
    """What the macro draws: the home is the middle."""

    size: int
    middle: float
    rings: list[tuple[float, float]]
    pins: list[Pin]


def schematic(lat: float, lon: float, people: Iterable[Mapping[str, Any]], most: int = 8) -> Map:
    """Place the nearest people around a home; the scale fits them, rings say how far."""
    around = sorted((_offset(lat, lon, person), person) for person in _numbered(people))[:most]
    reach = max((distance for (distance, _, _), _ in around), default=1.0)
    outer = next((ring for ring in _RINGS if ring >= reach), _RINGS[-1])
    scale = (SIZE / 2 - _MARGIN) / outer
    middle = SIZE / 2
    rings = [(round(ring * scale, 1), ring) for ring in _RINGS if outer / 6 < ring <= outer]
    pins = [
        _pin(middle, scale, outer, where, person, nth < LABELS)
        for nth, (where, (_, person)) in enumerate(around)
    ]
    return Map(SIZE, middle, rings, pins)


def _numbered(people: Iterable[Mapping[str, Any]]) -> list[tuple[int, Mapping[str, Any]]]:
    return list(enumerate(people))


def _offset(lat: float, lon: float, numbered: tuple[int, Mapping[str, Any]]) -> tuple[float, float, float]:
    person = numbered[1]
    east = (person["lon"] - lon) * _KM_PER_DEGREE * cos(radians(lat))
    north = (person["lat"] - lat) * _KM_PER_DEGREE
    return hypot(east, north), east, north


def _pin(
    middle: float,
    scale: float,
    outer: float,
    where: tuple[float, float, float],
    person: Mapping[str, Any],
    near: bool,  # noqa: FBT001 - one of the nearest
) -> Pin:
    km, east, north = where
    shrink = min(1.0, outer / km) if km else 1.0
    x, y = round(middle + east * shrink * scale, 1), round(middle - north * shrink * scale, 1)
    anchor = "end" if x > SIZE * 0.62 else "start" if x < SIZE * 0.38 else "middle"
    return Pin(
        x,
        y,
        person["name"],
        km,
        bool(person["on_shift"]),
        bool(person["sent"]),
        anchor,
        near or bool(person["sent"]),
    )
