from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.geo import distance_km, travel_minutes
from dispatch.travel import gcj
from dispatch.travel.cache import cell, middle
from dispatch.travel.ways import Circle, Point, Ways, leg, matrix
from tests.makers import NOW

places = st.builds(Point, st.floats(-85, 85), st.floats(-180, 180))


@given(places, places)
async def test_a_leg_of_the_great_circle_is_what_an_emergency_counts_with(here: Point, there: Point) -> None:
    km = distance_km(*here, *there)
    found = await leg(Circle(1.35), here, there, 20.0, NOW)
    assert found == (0.0 if km == 0 else pytest.approx(travel_minutes(km, 20.0, 1.35), rel=1e-6, abs=1e-6))


async def test_nobody_takes_time_to_stay() -> None:
    here, there = Point(37.886, 118.526), Point(37.9, 118.526)
    found = await matrix(Circle(1.35), [here, here, there], 15.0, NOW)
    assert found[0, 1] == found[0, 0] == 0.0
    assert found[0, 2] == found[1, 2] > 2.0


def test_minutes_are_the_sources_own_where_they_are_taken_and_known() -> None:
    km = np.array([[0.0, 10.0], [10.0, 0.0]])
    driven = np.array([[np.nan, 12.0], [np.nan, np.nan]])
    assert Ways(km, driven).minutes(20.0).tolist() == [[0.0, 14.0], [32.0, 0.0]]


def test_people_are_told_how_old_ways_are_and_what_is_missing() -> None:
    told = Ways(np.zeros((1, 1)), source="osrm", holes=3, oldest=NOW - timedelta(hours=30)).told(NOW)
    assert told == {"source": "osrm", "holes": 3, "oldest_hours": 30.0, "reason": None}
    assert Ways(np.zeros((1, 1))).told(NOW)["oldest_hours"] is None


@given(places)
def test_a_cell_is_about_ten_metres_wide(point: Point) -> None:
    there = middle(cell(point))
    assert abs(there.lat - point.lat) <= 0.0000501
    assert abs(there.lon - point.lon) <= 0.0000501
    assert cell(there) == cell(point)


def test_a_point_in_china_is_shifted_as_maps_there_are_and_elsewhere_it_stays() -> None:
    moved = gcj.shifted(Point(39.9042, 116.4074))
    assert moved == pytest.approx((39.905603, 116.413641), abs=2e-6)
    assert gcj.shifted(Point(45.46, 9.19)) == Point(45.46, 9.19)
