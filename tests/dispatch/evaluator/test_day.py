from typing import Any

import pytest

from dispatch.evaluator import day
from dispatch.evaluator.report import Report
from tests.dispatch.evaluator.cases import changed

DAY: dict[str, Any] = {
    "carers": [
        {"id": "a", "start": 0, "end": 0, "shift": [0, 100], "has_break": True},
        {"id": "b", "start": 0, "end": 0, "shift": [0, 100]},
    ],
    "jobs": [
        {
            "id": "meal",
            "tasks": [{"id": "meal/0", "node": 1, "duration": 10, "allowed": [0, 1], "liking": [2, 0]}],
            "windows": [[10, 20], [40, 50]],
            "drop_cost": 50,
        },
        {
            "id": "bath",
            "tasks": [
                {"id": "bath/0", "node": 2, "duration": 10, "allowed": [0, 1],
                 "promised": {"carer": 1, "start": 58}},
                {"id": "bath/1", "node": 2, "duration": 10, "allowed": [0, 1], "promised": {}},
            ],
            "windows": [[60, 70]],
            "link": "simultaneous",
        },
    ],
    "travel": [[[0, 5, 6], [5, 0, 7], [6, 7, 0]]],
    "weights": {"travel": 1, "tardiness": 3, "waiting": 1, "max_idle": 1, "missed_break": 9, "change": 5,
                "shift_move": 1},
    "lunch": {"window": [20, 60], "duration": 15},
}  # fmt: skip
PLAN: dict[str, Any] = {
    "routes": [
        {
            "carer": "a",
            "stops": [
                {"task": "meal/0", "start": 10, "end": 20},
                {"task": "bath/0", "start": 60, "end": 70, "lunch": 30},
            ],
        },
        {"carer": "b", "stops": [{"task": "bath/1", "start": 60, "end": 70}]},
    ]
}
MEAL, BATH, OTHER = (("routes", 0, "stops", 0), ("routes", 0, "stops", 1), ("routes", 1, "stops", 0))
Steps = tuple[tuple[tuple[str | int, ...], object], ...]


def price(file: Steps = (), plan: Steps = ()) -> Report:
    return day.evaluate(changed(DAY, *file), changed(PLAN, *plan))


def codes(file: Steps = (), plan: Steps = ()) -> list[str]:
    return [one.code for one in price(file, plan).violations]


def test_every_component_is_what_was_worked_out_by_hand() -> None:
    report = price()
    assert report.is_feasible
    assert report.cost == {
        "travel": 5 + 7 + 6 + 6 + 6,
        "tardiness": 0,
        "waiting": 3 + 15,
        "max_idle": 100 - 6 - 6 - 10,
        "missed_break": 0,
        "change": 5,
        "shift_move": 2,
        "liking": 2,
        "unserved": 0,
    }
    assert report.figures["served"] == 2


def test_who_does_not_leave_late_waits_before_the_first_stop() -> None:
    report = price(((("leaves_late",), False),))
    assert report.cost["waiting"] == 3 + 15 + 5 + 54


def test_waiting_after_a_break_that_opens_the_day_is_only_idle() -> None:
    first = {"task": "meal/0", "start": 40, "end": 50, "lunch": 20}
    report = price(((("carers", 1, "shift"), [54, 76]),), ((MEAL, first), ((*BATH, "lunch"), None)))
    assert report.is_feasible
    assert report.cost["waiting"] == 3
    assert report.figures["max_idle"] == 15 + 5 + 3 + 24


def test_a_start_between_two_windows_is_late_for_the_first() -> None:
    report = price(plan=(((*MEAL, "start"), 25), ((*MEAL, "end"), 35), ((*BATH, "lunch"), 42)))
    assert report.figures["tardiness"] == 5
    hard = codes(
        ((("is_late_allowed",), False),),
        (((*MEAL, "start"), 25), ((*MEAL, "end"), 35), ((*BATH, "lunch"), 42)),
    )
    assert hard == ["late"]
    by_end = price(
        ((("late_at",), "end"),), (((*MEAL, "start"), 15), ((*MEAL, "end"), 25), ((*BATH, "lunch"), 32))
    )
    assert by_end.figures["tardiness"] == 5  # fmt: skip


def test_what_is_left_out_costs_or_was_mandatory() -> None:
    report = price(plan=(((*MEAL[:3],), [PLAN["routes"][0]["stops"][1]]),))
    assert report.cost["unserved"] == 50
    assert report.cost["liking"] == 0
    assert codes(plan=((("routes",), []),)) == ["mandatory"]


def test_overtime_is_a_price_or_a_fault() -> None:
    short: Steps = ((("carers", 0, "shift"), [0, 70]), (("weights", "overtime"), 2))
    assert price(short).cost["overtime"] == 12
    assert codes((*short, (("is_overtime_allowed",), False))) == ["overtime"]


def test_a_shift_without_an_end_has_no_overtime() -> None:
    report = price(((("carers", 0, "shift"), [0, None]), (("weights", "max_idle"), 0)))
    assert report.figures["overtime"] == 0


@pytest.mark.parametrize(
    ("plan", "found"),
    [
        (((("routes", 1, "carer"), "z"),), ["unknown_carer", "served"]),
        (((("routes", 1, "carer"), "a"),), ["carer_twice", "served"]),
        ((((*OTHER, "task"), "tea"),), ["unknown_task", "served"]),
        ((((*MEAL, "end"), 19),), ["duration"]),
        ((((*MEAL, "start"), 4), ((*MEAL, "end"), 14)), ["shift_start", "early"]),
        ((((*BATH, "lunch"), 26),), ["travel"]),
        ((((*BATH, "lunch"), 46),), ["travel", "break_time"]),
        ((((*MEAL, "lunch"), -10),), ["break_time", "two_breaks", "shift_start"]),
        ((((*OTHER, "lunch"), 30),), ["break_not_due"]),
        ((((*OTHER, "start"), 61), ((*OTHER, "end"), 71)), ["simultaneous"]),
    ],
)
def test_each_broken_rule_is_named(plan: Steps, found: list[str]) -> None:
    assert sorted(codes(plan=plan)) == sorted(found)


def test_one_carer_cannot_be_both_and_sequences_have_their_gap() -> None:
    both = [*PLAN["routes"][0]["stops"], {"task": "bath/1", "start": 70, "end": 80}]
    file: Steps = ((("jobs", 1, "link"), "sequential"), (("jobs", 1, "gap"), [5, 9]))
    assert codes(file, (((*MEAL[:3],), both), (("routes", 1, "stops"), []))) == ["same_carer", "sequential"]
    assert (
        codes(((("jobs", 1, "link"), "independent"),), (((*OTHER, "start"), 65), ((*OTHER, "end"), 75))) == []
    )


def test_who_is_not_allowed_may_not_come() -> None:
    assert codes(((("jobs", 0, "tasks", 0, "allowed"), [1]),)) == ["allowed"]


def test_what_is_fixed_stays_whoever_else_would_be_allowed() -> None:
    fixed = [{"carer": 0, "start": 10}]
    file: Steps = ((("jobs", 0, "fixed"), fixed), (("jobs", 0, "tasks", 0, "allowed"), []))
    assert codes(file) == []
    assert codes(file, (((*MEAL, "start"), 11), ((*MEAL, "end"), 21))) == ["fixed"]
    assert codes(((("jobs", 0, "fixed"), [{"carer": 1, "start": 10}]),)) == ["fixed"]


def test_a_day_without_a_rule_of_breaks_has_none() -> None:
    assert codes(((("lunch",), None),)) == ["break_not_due"]


def test_a_day_without_likings_and_moves_has_no_price_for_them() -> None:
    plain: Steps = ((("jobs", 0, "tasks", 0, "liking"), None), (("weights", "shift_move"), 0))
    report = price(plain)
    assert report.cost["liking"] == 0
    assert report.figures["shift_move"] == 0
