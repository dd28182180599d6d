"""The schematic map: who is on it, at which scale, and whose name has room."""

from itertools import pairwise
from typing import Any

import pytest

from dashboards.web import maps

LAT, LON = 37.89, 118.53
KM = 1 / 111.32


def person(
    name: str, km_north: float, km_east: float = 0, *, on: bool = True, sent: bool = False
) -> dict[str, Any]:
    return {"name": name, "lat": LAT + km_north * KM, "lon": LON + km_east * KM, "on_shift": on, "sent": sent}


def drawn(*people: dict[str, Any]) -> maps.Map:
    return maps.schematic(LAT, LON, people)


def test_a_home_alone_has_its_rings_and_nobody() -> None:
    plan = drawn()
    assert (plan.pins, [km for _, km in plan.rings]) == ([], [0.5, 1.0])
    assert plan.rings[-1][0] == plan.middle - 30


@pytest.mark.parametrize(("km", "outer"), [(0.4, 0.5), (0.51, 1.0), (4.9, 5.0), (99, 100.0)])
def test_the_scale_is_the_first_ring_that_holds_the_nearest(km: float, outer: float) -> None:
    assert drawn(person("a", km)).rings[-1][1] == outer


def test_beyond_the_last_ring_the_scale_is_the_distance_itself() -> None:
    plan = drawn(person("far", 260))
    assert [km for _, km in plan.rings] == [100.0]
    assert plan.pins[0].y == 30


def test_north_is_up_east_is_right_and_names_stand_outside() -> None:
    pins = {pin.name: pin for pin in drawn(person("n", 1), person("e", 0, 1), person("w", 0, -1)).pins}
    assert pins["n"].y < 160 == pins["n"].x
    assert (pins["e"].y, pins["w"].y) == (160, 160)
    assert pins["w"].x < 160 < pins["e"].x
    assert (pins["e"].side, pins["w"].side) == ("start", "end")


def test_three_on_shift_and_whoever_was_sent_are_named_one_line_apart() -> None:
    people = [person(str(nth), 1 + nth / 100) for nth in range(5)]
    pins = drawn(*people, person("sent", 1.2, on=False, sent=True)).pins
    named = [pin for pin in pins if pin.side]
    assert [pin.name for pin in named] == ["0", "1", "2", "sent"]
    lines = sorted(pin.text_y for pin in named)
    assert all(below - above >= 14 for above, below in pairwise(lines))


def test_who_is_off_shift_is_shown_only_within_the_scale_or_when_nobody_is_on() -> None:
    far, near = person("far", 40, on=False), person("near", 0.3, on=False)
    assert [pin.name for pin in drawn(far, near, person("on", 0.9)).pins] == ["near", "on"]
    assert [pin.name for pin in drawn(far, near).pins] == ["near", "far"]
    assert [pin.name for pin in drawn(near, person("sent", 40, on=False, sent=True)).pins] == ["near", "sent"]
