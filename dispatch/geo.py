"""Distances on the earth and the time that they take."""

from math import asin, cos, radians, sin, sqrt

EARTH_KM = 6371.0088
START_MINUTES = 2.0
"""From the decision to the first step outside."""


def distance_km(lat_1: float, lon_1: float, lat_2: float, lon_2: float) -> float:
    """Return the great-circle distance (haversine) of two WGS-84 points."""
    north, east = radians(lat_2 - lat_1) / 2, radians(lon_2 - lon_1) / 2
    chord = sin(north) ** 2 + cos(radians(lat_1)) * cos(radians(lat_2)) * sin(east) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(chord)))


def travel_minutes(km: float, speed_kmh: float, factor: float) -> float:
    """Return how long somebody takes to come, the start included; `factor` is road over great circle."""
    return START_MINUTES + km * factor / speed_kmh * 60
