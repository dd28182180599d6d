import pytest

from core.errors import Failure
from dispatch.evaluator import hhcrsp
from tests.dispatch.evaluator.cases import HHCRSP, HHCRSP_PLAN, changed, published

STOPS = ("routes", 0, "locations")
OTHER = ("routes", 1, "locations")


def faults(*steps: tuple[tuple[str | int, ...], object]) -> list[str]:
    report = hhcrsp.evaluate(changed(HHCRSP), changed(HHCRSP_PLAN, *steps))
    return [one.code for one in report.violations]


@pytest.mark.parametrize(("name", "cost"), [("10_1", 218.199), ("10_5", 189.543), ("25_1", 428.097)])
def test_published_plans_cost_what_was_published(name: str, cost: float) -> None:
    report = hhcrsp.evaluate(*published(f"hhcrsp/InstanzCPLEX_HCSRP_{name}"))
    assert report.is_feasible
    assert report.total == pytest.approx(cost, abs=0.0005)


def test_travel_lateness_and_the_largest_lateness_are_a_third_each() -> None:
    late = changed(HHCRSP, (("patients", 2, "time_window"), [0, 32]))
    report = hhcrsp.evaluate(late, changed(HHCRSP_PLAN))
    assert report.figures == {"travel": 35.0, "tardiness": 8.0, "highest_tardiness": 8.0, "services": 5.0}
    assert report.total == pytest.approx((35 + 8 + 8) / 3)
    assert report.told()["total"] == 17.0


def test_a_sound_plan_breaks_nothing() -> None:
    assert faults() == []


def test_a_caregiver_without_work_has_no_locations() -> None:
    plan = changed(HHCRSP_PLAN, ((*STOPS,), None))
    report = hhcrsp.evaluate(changed(HHCRSP), plan)
    assert [one.code for one in report.violations] == ["served", "served", "served"]
    assert report.violations[0].where == "p1: nothing of s1"
    assert report.figures["travel"] == 15.0


@pytest.mark.parametrize(
    ("steps", "codes"),
    [
        (((("routes", 0, "caregiver_id"), "c9"),), ["unknown_caregiver", "served", "served", "served"]),
        (((("routes", 1, "caregiver_id"), "c1"),), ["caregiver_twice", "served", "served"]),
        ((((*STOPS, 0, "patient"), "p9"),), ["unknown_patient", "served"]),
        ((((*STOPS, 0, "service"), "s2"),), ["skill", "served"]),
        ((((*STOPS, 0, "service"), "s9"),), ["skill", "served"]),
        ((((*STOPS, 0, "departure_time"), 16),), ["duration", "travel"]),
        (
            (((*STOPS, 0, "arrival_time"), 8), ((*STOPS, 0, "departure_time"), 13)),
            ["early"],
        ),
        (
            (((*STOPS, 1, "arrival_time"), 20.5), ((*STOPS, 1, "departure_time"), 25.5)),
            ["travel", "simultaneous"],
        ),
        (
            (((*OTHER, 1, "arrival_time"), 41), ((*OTHER, 1, "departure_time"), 46)),
            ["sequential"],
        ),
    ],
)  # fmt: skip
def test_each_broken_rule_is_named(
    steps: tuple[tuple[tuple[str | int, ...], object], ...], codes: list[str]
) -> None:
    assert faults(*steps) == codes


def test_one_caregiver_cannot_give_both_services_of_a_pair() -> None:
    able = changed(HHCRSP, (("caregivers", 0, "abilities"), ["s1", "s2"]))
    alone = changed(
        HHCRSP_PLAN,
        (("routes", 1, "locations"), []),
        (STOPS, [
            {"patient": "p1", "service": "s1", "arrival_time": 10, "departure_time": 15},
            {"patient": "p2", "service": "s1", "arrival_time": 20, "departure_time": 25},
            {"patient": "p2", "service": "s2", "arrival_time": 20, "departure_time": 25},
            {"patient": "p3", "service": "s1", "arrival_time": 30, "departure_time": 35},
            {"patient": "p3", "service": "s2", "arrival_time": 35, "departure_time": 40},
        ]),
    )  # fmt: skip
    codes = [one.code for one in hhcrsp.evaluate(able, alone).violations]
    assert codes == ["travel", "same_caregiver", "same_caregiver"]


def test_a_pair_without_a_rule_may_be_given_at_any_time() -> None:
    free = changed(HHCRSP, (("patients", 1, "synchronization"), None))
    later = changed(
        HHCRSP_PLAN,
        (("routes", 1, "locations", 0, "arrival_time"), 10),
        (("routes", 1, "locations", 0, "departure_time"), 15),
    )
    assert hhcrsp.evaluate(free, later).is_feasible


def test_what_is_not_a_plan_is_said_with_the_field() -> None:
    with pytest.raises(Failure, match=r"solution: .*routes.0..locations.0..arrival_time"):
        hhcrsp.evaluate(changed(HHCRSP), changed(HHCRSP_PLAN, ((*STOPS, 0, "arrival_time"), "ten")))
