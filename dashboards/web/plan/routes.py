"""The map of a day: every caregiver's round from home to home, drawn without a basemap; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import cos, radians
from typing import Any
from uuid import UUID

WIDTH, HEIGHT = 720, 480
COLOURS = 8
_MARGIN = 28
_KM_PER_DEGREE = 111.32
_BARS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stop:
    """A home on a round; `nth` counts from 1."""

    x: float
    y: float
    nth: int
    visit: Row


@dataclass(frozen=True, slots=True)
class Round:
    """One caregiver's way of a day."""

    caregiver: Row
    colour: int
    x: float
    y: float
    points: str
    stops: list[Stop]
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Map:
    """What the template draws; `bar` is (pixels, kilometres) of the scale."""

    width: int
    height: int
    rounds: list[Round]
    left: list[Stop]
    bar: tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Frame:
    lat: float
    lon: float
    scale: float
    east: float

    def at(self, lat: float, lon: float) -> tuple[float, float]:
        """Return where a place lies in the drawing."""
        x = WIDTH / 2 + (lon - self.lon) * self.east * self.scale
        y = HEIGHT / 2 - (lat - self.lat) * _KM_PER_DEGREE * self.scale
        return round(x, 1), round(y, 1)


def draw(
    caregivers: Iterable[Row], visits: Iterable[Row], left: Iterable[Row] = (), chosen: UUID | None = None
) -> Map:
    """Draw each caregiver's visits in their order, and who is left without anybody."""
    people, stops, alone = list(caregivers), list(visits), list(left)
    frame = _frame([(one["lat"], one["lon"]) for one in (*people, *stops, *alone)])
    rounds = [
        _round(nth, one, [v for v in stops if v["row_caregiver_id"] == one["id"]], frame, chosen)
        for nth, one in enumerate(people)
    ]
    rounds.sort(key=lambda one: one.is_chosen)
    nobody = [Stop(*frame.at(one["lat"], one["lon"]), nth, one) for nth, one in enumerate(alone, 1)]
    length = next((km for km in reversed(_BARS) if km * frame.scale <= WIDTH / 4), _BARS[0])
    return Map(WIDTH, HEIGHT, rounds, nobody, (round(length * frame.scale, 1), length))


def _round(nth: int, caregiver: Row, visits: list[Row], frame: _Frame, chosen: UUID | None) -> Round:
    start = frame.at(caregiver["lat"], caregiver["lon"])
    ordered = sorted(visits, key=lambda one: (one["starts_at"], one["id"]))
    stops = [Stop(*frame.at(one["lat"], one["lon"]), place, one) for place, one in enumerate(ordered, 1)]
    points = " ".join(f"{x},{y}" for x, y in (start, *((one.x, one.y) for one in stops)))
    return Round(caregiver, nth % COLOURS, *start, points, stops, caregiver["id"] == chosen)


def _frame(places: list[tuple[float, float]]) -> _Frame:
    """Fit all places into the drawing, true to scale; one place alone lies in the middle."""
    lats = [lat for lat, _ in places] or [0.0]
    lons = [lon for _, lon in places] or [0.0]
    lat, lon = (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2
    east = _KM_PER_DEGREE * cos(radians(lat))
    wide, high = (max(lons) - min(lons)) * east, (max(lats) - min(lats)) * _KM_PER_DEGREE
    scale = min((WIDTH - 2 * _MARGIN) / max(wide, 1.0), (HEIGHT - 2 * _MARGIN) / max(high, 1.0))
    return _Frame(lat, lon, scale, east)
