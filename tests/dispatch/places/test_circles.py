"""Who can walk to a place in a quarter of an hour."""

from uuid import UUID

import pytest

from dispatch import geo
from dispatch.places import circles
from dispatch.places.circles import Spot, radius_m, reach

HERE = (37.886, 118.526)


def spot(nth: int, north_m: float) -> Spot:
    return Spot(UUID(int=nth), HERE[0] + north_m / 111_195, HERE[1])


def test_a_quarter_of_an_hour_on_foot_is_hardly_750_metres_as_the_crow_flies() -> None:
    assert radius_m(15, 4, 1.35) == pytest.approx(740.7, abs=0.1)


def test_the_nearest_place_decides_and_the_circle_ends_at_its_radius() -> None:
    places = [spot(1, 0), spot(2, 5000)]
    inside, outside = reach([spot(3, 735), spot(4, 750)], places, 15, 4, 1.35)
    assert (inside.nearest, inside.is_inside, outside.is_inside) == (UUID(int=1), True, False)
    assert outside.minutes == pytest.approx(15.19, abs=0.01)


def test_distances_are_those_of_the_rest_of_the_house() -> None:
    [one] = reach([Spot(UUID(int=1), 37.9, 118.6)], [Spot(UUID(int=2), *HERE)], 15, 4, 1)
    assert one.metres == pytest.approx(geo.distance_km(37.9, 118.6, *HERE) * 1000, rel=1e-5)


def test_without_places_everybody_is_outside() -> None:
    [one] = reach([spot(1, 0)], [], 15, 4, 1.35)
    assert (one.nearest, one.is_inside) == (None, False)


def test_many_people_are_taken_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(circles, "_CHUNK", 2)
    found = reach([spot(n, n * 100) for n in range(5)], [spot(9, 0)], 15, 4, 1.35)
    assert [one.id.int for one in found] == [0, 1, 2, 3, 4]
    assert [one.metres for one in found] == sorted(one.metres for one in found)
