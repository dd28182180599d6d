import json
from typing import Any

import pytest

from core.errors import Failure
from dispatch.evaluator import uhhc
from dispatch.evaluator.report import Report
from tests.dispatch.evaluator.cases import PLANS, changed, published

TINY: dict[str, Any] = json.loads((PLANS / "uhhc" / "tiny.json").read_bytes())
PLAN: dict[str, Any] = json.loads((PLANS / "uhhc" / "tiny.solution.json").read_bytes())
FIRST, SECOND = ("routes", 0, "locations"), ("routes", 1, "locations")
Steps = tuple[tuple[tuple[str | int, ...], object], ...]


def price(day: Steps = (), plan: Steps = ()) -> Report:
    return uhhc.evaluate(changed(TINY, *day), changed(PLAN, *plan))


def codes(report: Report) -> list[str]:
    return [one.code for one in (*report.violations, *report.lenient)]


def test_the_worked_example_costs_what_was_worked_out_by_hand() -> None:
    report = price()
    assert report.total == 1704
    assert report.is_feasible
    assert list(report.cost.values()) == [72, 252, 108, 148, 45, 972, 7, 100, 0]


@pytest.mark.parametrize("name", ["i-100", "i-235"])
def test_published_plans_cost_exactly_what_was_published(name: str) -> None:
    instance, solution = published(f"uhhc/{name}")
    report = uhhc.evaluate(instance, solution)
    assert report.is_feasible
    assert report.total == json.loads(solution)["cost"]["objective"]


@pytest.mark.parametrize(
    ("plan", "found"),
    [
        (((("routes", 0, "caregiver_id"), "c9"),), ["unknown_caregiver", "served", "unserved"]),
        (((("routes", 1, "caregiver_id"), "c1"),), ["caregiver_twice", "served", "unserved"]),
        ((((*FIRST, 2, "patient"), "Z"),), ["unknown_patient", "unserved"]),
        ((((*FIRST, 2, "service"), "s1"),), ["skill", "served"]),
        ((((*FIRST, 2, "departure_time"), 339),), ["duration"]),
        ((((*FIRST, 2, "departure_time"), 341),), ["duration"]),
        ((((*FIRST, 1, "arrival_time"), 224), ((*FIRST, 1, "departure_time"), 254)), ["simultaneous"]),
        ((((*SECOND, 1, "arrival_time"), 260), ((*SECOND, 1, "departure_time"), 280)), ["travel"]),
        ((((*FIRST, 0, "end_time"), 219),), ["lunch_duration"]),
        ((((*FIRST, 0, "end_time"), 221),), ["lunch_duration"]),
        ((((*FIRST, 0, "start_time"), 179), ((*FIRST, 0, "end_time"), 209)), ["lunch_time"]),
        ((((*FIRST, 0, "patient"), "E"),), ["shift_start", "lunch_at_nobody", "lunch_elsewhere"]),
        ((((*FIRST, 0, "patient"), "C"),), ["lunch_elsewhere"]),
        ((((*SECOND, 0, "arrival_time"), 188), ((*SECOND, 0, "departure_time"), 218)),
         ["shift_start", "simultaneous"]),
    ],
)  # fmt: skip
def test_each_broken_rule_is_named(plan: Steps, found: list[str]) -> None:
    assert [code for code in codes(price(plan=plan)) if code != "travel" or "travel" in found] == found


def test_a_service_before_the_first_window_opens_is_early() -> None:
    assert codes(price(day=((("patients", 2, "time_windows", 0, "start"), 270),))) == ["early"]


def test_who_is_incompatible_may_not_come() -> None:
    assert codes(price(day=((("patients", 1, "incompatible_caregivers"), ["c1"]),))) == ["incompatible"]


def test_one_caregiver_cannot_be_both_of_a_pair_and_sequences_have_their_gap() -> None:
    ordered: Steps = (
        (("patients", 0, "synchronization"), {"type": "sequential", "distance": {"min": 0, "max": 9}}),
    )
    assert price(day=ordered).is_feasible
    apart: Steps = (
        (("patients", 0, "synchronization"), {"type": "sequential", "distance": {"min": 5, "max": 9}}),
    )
    assert codes(price(day=apart)) == ["sequential"]
    bare: Steps = ((("patients", 0, "synchronization"), {"type": "sequential"}),)
    assert price(day=bare).is_feasible
    independent: Steps = ((("patients", 0, "synchronization"), None),)
    assert price(day=independent).is_feasible
    able: Steps = ((("caregivers", 0, "abilities"), ["s0", "s1"]),)
    alone = [
        *PLAN["routes"][0]["locations"][:2],
        {"patient": "A", "service": "s1", "arrival_time": 225, "departure_time": 255},
        *PLAN["routes"][0]["locations"][2:],
    ]
    report = price(day=able, plan=((FIRST, alone), ((*SECOND, 0), PLAN["routes"][1]["locations"][1])))
    assert "same_caregiver" in codes(report)  # fmt: skip


def test_lunches_that_only_the_publishers_tool_lets_pass_are_lenient() -> None:
    lunch = {"patient": "C", "service": "lunch_break", "start_time": 190, "end_time": 220}
    stops = [lunch, *PLAN["routes"][1]["locations"]]
    report = price(plan=((SECOND, stops),))
    assert [one.code for one in report.lenient] == ["lunch_not_due", "lunch_elsewhere"]
    both = [PLAN["routes"][0]["locations"][0], *PLAN["routes"][0]["locations"]]
    report = price(plan=((FIRST, both),))
    assert [one.code for one in report.lenient] == ["two_lunches", "lunch_elsewhere"]


def test_a_day_of_a_lunch_alone_is_spent_at_the_office() -> None:
    report = price(plan=((FIRST, PLAN["routes"][0]["locations"][:1]),))
    assert report.cost["travel_time"] == 34
    assert [one.code for one in report.lenient] == ["lunch_elsewhere"]


def test_without_a_rule_there_is_no_lunch_and_nobody_misses_one() -> None:
    rule: Steps = ((("lunch_breaks",), None),)
    assert "lunch_unknown" in codes(price(day=rule))
    assert price(day=rule, plan=(((*FIRST,), []),)).figures["missed_lunch_break"] == 0


def test_by_the_start_of_a_service_less_is_late_and_lunch_may_end_later() -> None:
    starts: Steps = ((("metadata", "time_window_met"), "at_service_start"),)
    report = price(day=starts)
    assert report.figures["total_tardiness"] == 34
    late: Steps = (
        ((*FIRST, 0, "start_time"), 350),
        ((*FIRST, 0, "end_time"), 380),
        ((*FIRST, 0, "patient"), "B"),
    )
    assert "lunch_time" not in codes(price(day=starts, plan=late))
    assert "lunch_time" in codes(price(plan=late))


def test_who_is_left_out_of_the_file_is_idle_for_the_whole_shift_and_misses_lunch() -> None:
    report = price(plan=((("routes",), PLAN["routes"][1:]),))
    assert report.figures["max_idle_time"] == 300
    assert report.figures["missed_lunch_break"] == 1


def test_times_may_stand_under_other_names_and_must_stand_somewhere() -> None:
    stop = {"patient": "C", "service": "s1", "start_service_time": 264, "end_service_time": 284}
    assert price(plan=(((*SECOND, 1), stop),)).total == 1704
    with pytest.raises(Failure, match="the stop s1 at C has no start and end"):
        price(plan=(((*SECOND, 1), {"patient": "C", "service": "s1"}),))


def test_durations_may_be_the_usual_ones_of_a_service() -> None:
    usual: Steps = ((("patients", 0, "required_services", 0, "duration"), None),)
    assert price(day=usual).total == 1704


def test_a_service_that_is_not_wanted_is_named_and_a_day_from_nowhere_is_refused() -> None:
    assert codes(price(plan=(((*SECOND, 1, "service"), "s9"),))) == ["skill", "served"]
    with pytest.raises(Failure, match="starts or ends at d9"):
        price(day=((("caregivers", 0, "departing_point"), "d9"),))
