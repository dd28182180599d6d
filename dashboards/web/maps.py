"""The schematic map: a home, rings of distance, caregivers around it; pure, no basemap (FRONTEND §7)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import cos, hypot, radians
from typing import Any

SIZE = 320
MIDDLE = SIZE / 2
NEAREST, LABELS = 5, 3
_KM_PER_DEGREE = 111.32
_RINGS = (0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 12.0, 20.0, 50.0, 100.0)
_MARGIN, _LINE = 30, 14


@dataclass(frozen=True)
class Pin:
    """Somebody on the map; `side` is where the name stands, None when there is no room for it."""

    x: float
    y: float
    name: str
    on_shift: bool
    sent: bool
    side: str | None
    text_y: float


@dataclass(frozen=True)
class Map:
    """What the macro draws: the home is the middle."""

    size: int
    middle: float
    rings: list[tuple[float, float]]
    pins: list[Pin]


@dataclass(frozen=True)
class _Place:
    km: float
    east: float
    north: float
    person: Mapping[str, Any]


def schematic(lat: float, lon: float, people: Iterable[Mapping[str, Any]]) -> Map:
    """Place people around a home: the scale fits whoever was sent and the nearest on shift."""
    places = sorted((_place(lat, lon, person) for person in people), key=lambda place: place.km)
    wanted = [p for p in places if p.person["on_shift"]][:NEAREST] or places[:NEAREST]
    wanted += [p for p in places if p.person["sent"] and p not in wanted]
    reach = max((place.km for place in wanted), default=1.0)
    outer = next((ring for ring in _RINGS if ring >= reach), reach)
    scale = (MIDDLE - _MARGIN) / outer
    rings = [(round(ring * scale, 1), ring) for ring in _RINGS if outer / 5 < ring <= outer]
    shown = [place for place in places if place.km <= outer]
    named = {id(p) for p in [p for p in wanted if p.person["sent"]] + wanted[:LABELS]}
    return Map(SIZE, MIDDLE, rings, _pins(shown, scale, named))


def _place(lat: float, lon: float, person: Mapping[str, Any]) -> _Place:
    east = (person["lon"] - lon) * _KM_PER_DEGREE * cos(radians(lat))
    north = (person["lat"] - lat) * _KM_PER_DEGREE
    return _Place(hypot(east, north), east, north, person)


def _pins(places: Iterable[_Place], scale: float, named: set[int]) -> list[Pin]:
    """Write names to the outer side of their pins, one line apart."""
    pins: list[Pin] = []
    taken: dict[str, list[float]] = {"start": [], "end": []}
    for place in places:
        x, y = round(MIDDLE + place.east * scale, 1), round(MIDDLE - place.north * scale, 1)
        side = "start" if x >= MIDDLE else "end"
        text_y = y + 4
        if id(place) in named:
            while any(abs(text_y - other) < _LINE for other in taken[side]):
                text_y += 1
            taken[side].append(text_y)
        person = place.person
        shown = side if id(place) in named else None
        pins.append(Pin(x, y, person["name"], bool(person["on_shift"]), bool(person["sent"]), shown, text_y))
    return pins
