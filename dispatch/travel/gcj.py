"""WGS-84 to GCJ-02, the shifted coordinates that maps of mainland China use; outside it nothing moves."""

from math import cos, pi, radians, sin, sqrt

from dispatch.travel.ways import Point

_AXIS, _ECCENTRICITY = 6378245.0, 0.00669342162296594323
_SOUTH, _NORTH, _WEST, _EAST = 0.8293, 55.8271, 72.004, 137.8347


def shifted(point: Point) -> Point:
    """Return where a point stands on a Chinese map."""
    if not (_SOUTH <= point.lat <= _NORTH and _WEST <= point.lon <= _EAST):
        return point
    north, east = _north(point.lon - 105, point.lat - 35), _east(point.lon - 105, point.lat - 35)
    angle = radians(point.lat)
    magic = 1 - _ECCENTRICITY * sin(angle) ** 2
    north = north * 180 / (_AXIS * (1 - _ECCENTRICITY) / (magic * sqrt(magic)) * pi)
    east = east * 180 / (_AXIS / sqrt(magic) * cos(angle) * pi)
    return Point(point.lat + north, point.lon + east)


def _waves(x: float) -> float:
    return (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3


def _north(x: float, y: float) -> float:
    flat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    slow = (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    return flat + _waves(x) + slow + (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3


def _east(x: float, y: float) -> float:
    flat = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    slow = (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    return flat + _waves(x) + slow + (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
