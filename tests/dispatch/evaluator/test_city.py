import pytest

from core.errors import Failure
from dispatch.evaluator import city
from tests.dispatch.evaluator.cases import CITY, CITY_PLAN, changed

Steps = tuple[tuple[tuple[str | int, ...], object], ...]
MEAL = ("routes", 2, "visits", 0)
BATH = ("routes", 0, "visits", 0)


def codes(day: Steps = (), plan: Steps = ()) -> list[str]:
    report = city.evaluate(changed(CITY, *day), changed(CITY_PLAN, *plan))
    return [one.code for one in report.violations]


def test_a_leg_is_the_great_circle_by_road_at_25_km_an_hour_and_two_minutes() -> None:
    assert city.seconds((9.0, 45.0), (9.0, 45.0)) == 120
    assert city.seconds((9.0, 45.0), (9.0, 46.0)) == pytest.approx(111.195 * 1.35 / 25 * 3600 + 120, abs=0.1)


def test_what_is_served_and_how_far_it_is_are_the_price() -> None:
    report = city.evaluate(changed(CITY), changed(CITY_PLAN))
    assert report.is_feasible
    legs = 4 * city.seconds((9.0, 45.0), (9.01, 45.0)) + 2 * city.seconds((9.0, 45.0), (9.0, 45.01))
    assert report.total == pytest.approx(legs)
    assert report.figures == pytest.approx({"served": 2, "unserved": 0, "travel_h": legs / 3600})


def test_what_nobody_does_costs_its_price_and_breaks_nothing() -> None:
    report = city.evaluate(changed(CITY), changed(CITY_PLAN, (("routes", 2, "visits"), [])))
    assert report.is_feasible
    assert report.figures["unserved"] == 1
    assert report.cost["unserved"] == city.UNSERVED


@pytest.mark.parametrize(
    ("plan", "found"),
    [
        (((("routes", 2, "care"), 9),), ["unknown_caregiver"]),
        (((("routes", 2, "care"), 1),), ["caregiver_twice"]),
        ((((*MEAL, "visit"), 7),), ["unknown_visit"]),
        ((((*MEAL, "end"), 34601),), ["duration"]),
        ((((*MEAL, "start"), 36001), ((*MEAL, "end"), 36601)), ["window"]),
        ((((*MEAL, "start"), 28801), ((*MEAL, "end"), 29401)), ["travel", "window"]),
        ((((*BATH, "start"), 32100), ((*BATH, "end"), 33000)), ["simultaneous"]),
        (((("routes", 1, "visits"), []),), ["staff"]),
        (((MEAL, {"visit": 2, "start": 32000, "end": 32900}),), ["skill", "gender", "staff"]),
    ],
)  # fmt: skip
def test_each_broken_rule_is_named(plan: Steps, found: list[str]) -> None:
    assert codes(plan=plan) == found


def test_a_shift_ends_when_it_ends() -> None:
    assert codes(day=((("care", 2, "shift"), [28800, 34700]),)) == ["shift_end"]


def test_an_office_that_is_not_there_is_said() -> None:
    with pytest.raises(Failure, match="caregiver 3 has office 4"):
        codes(day=((("care", 2, "office"), 4),))
