"""Meals on a route: within the box, warm at the last door, and whoever cannot be reached is named."""

from itertools import pairwise, permutations
from math import hypot
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.places.batches import Delivery, Door, Limits, Point, build

STOVE = Point(0, 0)
LIMITS = Limits(box=12, latest=60, handing_over=2, routes=3)


def minutes(one: Point, other: Point) -> float:
    return hypot(one.lat - other.lat, one.lon - other.lon)


def doors(*points: tuple[float, float], meals: int = 1) -> list[Door]:
    return [Door(UUID(int=nth), Point(*point), meals) for nth, point in enumerate(points, 1)]


def names(delivery: Delivery) -> list[list[int]]:
    return [[stop.door.id.int for stop in route] for route in delivery.routes]


def test_doors_of_one_direction_make_one_route_in_their_order() -> None:
    found = build(STOVE, doors((0, 20), (0, 10), (0, 30)), LIMITS, minutes)
    assert names(found) == [[2, 1, 3]]
    assert [stop.arrives for stop in found.routes[0]] == [10, 22, 34]


def test_two_directions_make_two_routes() -> None:
    found = build(STOVE, doors((0, 30), (0, 28), (0, -30), (0, -28)), LIMITS, minutes)
    assert sorted(sorted(route) for route in names(found)) == [[1, 2], [3, 4]]


def test_a_box_holds_no_more_than_it_holds() -> None:
    found = build(STOVE, doors((0, 1), (0, 2), (0, 3)), Limits(2, 60, 1, 3), minutes)
    assert [len(route) for route in found.routes] == [2, 1]


def test_who_lives_too_far_or_eats_too_much_or_finds_no_carrier_is_named() -> None:
    far, big, *rest = doors((0, 99), (0, 1), (0, 50), (0, -50))
    found = build(STOVE, [far, Door(big.id, big.at, 20), *rest], Limits(12, 60, 2, 1), minutes)
    named = {(one.door.id.int, one.code) for one in found.left}
    assert named == {(1, "too_far"), (2, "too_many"), (3, "no_carrier")}


def test_nothing_to_carry_is_no_route() -> None:
    assert build(STOVE, [], LIMITS, minutes) == Delivery((), ())


POINTS = st.lists(st.tuples(st.integers(-40, 40), st.integers(-40, 40)), max_size=10)


@settings(deadline=None)
@given(POINTS, st.integers(1, 4), st.integers(1, 6))
def test_everybody_is_served_in_time_or_named(points: list[tuple[int, int]], routes: int, box: int) -> None:
    asked = doors(*points)
    found = build(STOVE, asked, Limits(box, 60, 2, routes), minutes)
    served = [stop.door.id for route in found.routes for stop in route]
    assert sorted([*served, *(one.door.id for one in found.left)]) == sorted(one.id for one in asked)
    assert len(found.routes) <= routes
    for route in found.routes:
        assert sum(stop.door.meals for stop in route) <= box
        assert route[-1].arrives <= 60
        assert all(one.arrives <= other.arrives for one, other in pairwise(route))


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=1, max_size=6, unique=True))
def test_a_short_route_is_hardly_longer_than_the_shortest(points: list[tuple[int, int]]) -> None:
    asked = doors(*points)
    [route] = build(STOVE, asked, Limits(12, 1000, 0, 1), minutes).routes

    def length(order: tuple[Door, ...]) -> float:
        return sum(minutes(one, other) for one, other in pairwise([STOVE, *(door.at for door in order)]))

    best = min(length(order) for order in permutations(asked))
    assert route[-1].arrives <= best * 1.5 + 1e-6
