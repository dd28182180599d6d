"""How many minutes a way takes, for one pair of places and for many at once. Pure.

The earth is flat for the length of a district (the error at 50 km is some metres): a sweep over a route asks
this thousands of times. What people are shown comes from `dispatch.geo`.
"""

from math import cos, hypot, radians
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dispatch.geo import EARTH_KM, START_MINUTES

Floats = NDArray[np.float64]
KM_PER_DEGREE = EARTH_KM * radians(1)


def minutes(lat_1: float, lon_1: float, lat_2: float, lon_2: float, per_km: float) -> float:
    """Return the minutes from one place to another, the start included; none where one is already."""
    if lat_1 == lat_2 and lon_1 == lon_2:
        return 0.0
    east = (lon_2 - lon_1) * cos(radians((lat_1 + lat_2) / 2))
    return START_MINUTES + KM_PER_DEGREE * hypot(lat_2 - lat_1, east) * per_km


def many(lat_1: Any, lon_1: Any, lat_2: Any, lon_2: Any, per_km: Floats) -> Floats:  # noqa: ANN401 - arrays or one number
    """Return the minutes of many ways at once."""
    north = np.asarray(lat_2) - lat_1
    east = (np.asarray(lon_2) - lon_1) * np.cos(np.radians((np.asarray(lat_2) + lat_1) / 2))
    took: Floats = START_MINUTES + KM_PER_DEGREE * np.hypot(north, east) * per_km
    took[(north == 0) & (east == 0)] = 0.0
    return took
