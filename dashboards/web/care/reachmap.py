"""The map of places with their circles and who lives outside; pure, no basemap (FRONTEND)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from dashboards.vocabulary.mark import N_

WIDTH, MARGIN = 800.0, 24.0
_LOWEST, _HIGHEST = 320.0, 640.0
_M_PER_DEGREE = 111_320.0
MOST_PEOPLE = 3000
ABOUT, OF, MINUTES = N_("Outside the circle"), N_("Kinds of places"), N_("Minutes on foot")
COLUMNS = (
    (N_("Elder"), 16),
    (N_("Area"), 20),
    (N_("Nearest place"), 28),
    (N_("Metres"), 10),
    (N_("Minutes on foot"), 14),
)


@dataclass(frozen=True)
class Dot:
    """Somebody or something on the map."""

    x: float
    y: float
    name: str
    is_inside: bool = True


@dataclass(frozen=True)
class Drawn:
    """What the template draws; `radius` is the circle's, in the map's own units."""

    width: float
    height: float
    radius: float
    places: list[Dot]
    people: list[Dot]
    is_cut: bool


def draw(
    places: Sequence[Mapping[str, Any]],
    people: Iterable[tuple[Mapping[str, Any], bool]],
    radius_m: float,
) -> Drawn | None:
    """Lay out places and people so that everything fits; None when there is nothing."""
    shown = list(people)
    spots = [*places, *(row for row, _ in shown)]
    if not spots:
        return None
    lats, lons = [row["lat"] for row in spots], [row["lon"] for row in spots]
    south, west = min(lats), min(lons)
    east_m = _M_PER_DEGREE * cos(radians(sum(lats) / len(lats)))
    span_x = max((max(lons) - west) * east_m, 2 * radius_m, 1.0)
    span_y = max((max(lats) - south) * _M_PER_DEGREE, 1.0)
    scale = min((WIDTH - 2 * MARGIN) / span_x, (_HIGHEST - 2 * MARGIN) / span_y)
    height = max(_LOWEST, span_y * scale + 2 * MARGIN)

    def dot(row: Mapping[str, Any], *, is_inside: bool = True) -> Dot:
        x = (WIDTH - (max(lons) - west) * east_m * scale) / 2 + (row["lon"] - west) * east_m * scale
        y = height - (height - (max(lats) - south) * _M_PER_DEGREE * scale) / 2
        return Dot(
            round(x, 1), round(y - (row["lat"] - south) * _M_PER_DEGREE * scale, 1), row["name"], is_inside
        )

    dots = [dot(row, is_inside=inside) for row, inside in shown[:MOST_PEOPLE]]
    return Drawn(
        WIDTH,
        round(height, 1),
        round(radius_m * scale, 1),
        [dot(row) for row in places],
        sorted(dots, key=lambda one: not one.is_inside),
        len(shown) > MOST_PEOPLE,
    )
