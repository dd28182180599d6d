"""Links that open a map. Ours are WGS-84; Chinese maps draw in GCJ-02, so theirs are shifted. Pure."""

from math import cos, pi, sin, sqrt

_AXIS = 6378245.0
_ECCENTRICITY = 0.00669342162296594323
_WEST, _EAST, _SOUTH, _NORTH = 73.66, 135.05, 3.86, 53.55
AMAP = "https://uri.amap.com/navigation"


def links(lat: float, lon: float) -> dict[str, str]:
    """Return {geo, amap}: the phone's own choice of a map, and Amap by bicycle; no name goes with them."""
    east = shifted(lat, lon)
    return {
        "geo": f"geo:{lat:.6f},{lon:.6f}?q={lat:.6f},{lon:.6f}",
        "amap": f"{AMAP}?to={east[1]:.6f},{east[0]:.6f}&mode=ride&coordinate=gaode&callnative=1",
    }


def shifted(lat: float, lon: float) -> tuple[float, float]:
    """Return the GCJ-02 position of a WGS-84 one; outside China they are the same."""
    if not (_WEST < lon < _EAST and _SOUTH < lat < _NORTH):
        return lat, lon
    x, y = lon - 105.0, lat - 35.0
    angle = lat / 180.0 * pi
    magic = 1 - _ECCENTRICITY * sin(angle) ** 2
    north = _north(x, y) * 180.0 / ((_AXIS * (1 - _ECCENTRICITY)) / (magic * sqrt(magic)) * pi)
    east = _east(x, y) * 180.0 / (_AXIS / sqrt(magic) * cos(angle) * pi)
    return lat + north, lon + east


def _waves(value: float, *parts: tuple[float, float]) -> float:
    return sum(weight * sin(value / length * pi) for weight, length in parts) * 2.0 / 3.0


def _north(x: float, y: float) -> float:
    found = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    found += _waves(x, (20.0, 1 / 6), (20.0, 1 / 2))
    found += _waves(y, (20.0, 1.0), (40.0, 3.0))
    return found + _waves(y, (160.0, 12.0), (320.0, 30.0))


def _east(x: float, y: float) -> float:
    found = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    found += _waves(x, (20.0, 1 / 6), (20.0, 1 / 2))
    found += _waves(x, (20.0, 1.0), (40.0, 3.0))
    return found + _waves(x, (150.0, 12.0), (300.0, 30.0))
