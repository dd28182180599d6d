import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.errors import Failure
from dispatch.evaluator import EVALUATORS
from dispatch.search import formats
from dispatch.search.formats import city, hhcrsp, uhhc
from dispatch.search.inspection import check
from dispatch.search.problem import (
    Assignment,
    Break,
    Carer,
    Dropped,
    Solution,
    Task,
    Weights,
)
from dispatch.search.solve import solve
from tests.dispatch.evaluator.cases import CITY, HHCRSP, PLANS, changed

TINY: dict[str, Any] = json.loads((PLANS / "uhhc" / "tiny.json").read_bytes())
Path_ = tuple[str | int, ...]


def test_an_hhcrsp_day_is_a_problem_of_three_equal_prices() -> None:
    problem = hhcrsp.read(changed(HHCRSP)).problem
    check(problem)
    assert [job.link for job in problem.jobs] == ["independent", "simultaneous", "sequential"]
    assert problem.jobs[2].gap == (5.0, 10.0)
    assert problem.tasks[2] == Task("p2/s2", job=1, node=2, duration=5)
    assert problem.allowed.tolist() == [
        [True, False],
        [True, False],
        [False, True],
        [True, False],
        [False, True],
    ]
    assert problem.weights == Weights(travel=1 / 3, tardiness=1 / 3, highest_tardiness=1 / 3)
    assert all(job.drop_cost is None for job in problem.jobs)


def test_a_day_without_patients_is_a_day() -> None:
    data = changed(HHCRSP, (("patients",), []))
    instance = hhcrsp.read(data)
    plan = hhcrsp.write(instance, solve(instance.problem, iterations=1))
    assert EVALUATORS["hhcrsp"](data, json.dumps(plan).encode()).total == 0


def test_a_pair_without_synchronization_is_independent() -> None:
    problem = hhcrsp.read(changed(HHCRSP, (("patients", 1, "synchronization"), None))).problem
    assert problem.jobs[1].link == "independent"


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("patients", 0, "time_window"), [10], r"patients\[0\].time_window|array"),
        (("patients", 0, "time_window"), [20, 10], r"patients\[0\].time_window: from 20 to 10"),
        (("patients", 1, "id"), "p1", r"patients\[1\].id: p1 is there twice"),
        (("patients", 0, "required_caregivers"), [], r"patients\[0\].required_caregivers: one or two"),
        (("patients", 0, "required_caregivers", 0, "service"), "s9", r"service: no service s9"),
        (("patients", 0, "required_caregivers", 0, "duration"), None, r"duration: no duration"),
        (("patients", 0, "required_caregivers", 0, "duration"), -1, r"duration: a service never takes -1"),
        (("patients", 2, "synchronization", "distance"), None, r"synchronization.distance: is missing"),
        (("caregivers", 0, "abilities"), ["s9"], r"caregivers\[0\].abilities: no service s9"),
        (("central_offices",), [], r"central_offices: one office"),
        (("distances", 3), [1], r"distances\[3\]: 1 columns, 4 rows"),
        (("distances", 0, 2), -4, r"distances\[0\]\[2\]: a leg is never -4"),
        (("distances",), [[0]], r"distances: 1 rows, 4 places"),
        (("patients",), None, "missing required field patients"),
    ],
)
def test_what_is_wrong_in_an_hhcrsp_file_is_said_with_its_field(
    path: Path_, value: object, words: str
) -> None:
    with pytest.raises(Failure, match=words):
        hhcrsp.read(changed(HHCRSP, (path, value)))


def test_a_uhhc_day_is_a_problem_with_its_own_weights() -> None:
    problem = uhhc.read(changed(TINY)).problem
    check(problem)
    assert problem.lunch == Break((180, 360), 30, at_start=False)
    assert problem.late_at == "end"
    assert problem.leaves_late
    assert problem.carers[0] == Carer("c1", 0, 0, (120, 420), has_break=True)
    assert problem.jobs[1].windows == ((160.0, 220.0), (300.0, 360.0))
    assert [job.drop_cost for job in problem.jobs] == [None, None, None, 100]
    assert problem.liking is not None
    assert problem.liking[0].tolist() == [7, 0]
    assert problem.weights == Weights(
        travel=1, tardiness=3, highest_tardiness=2, waiting=4, overtime=5, max_idle=6, missed_break=50
    )


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("metadata", "name"), "bazirha-1", r"metadata.name: who leaves early"),
        (
            ("metadata", "cost_components", "travel_time"),
            "HARD",
            r"float.*metadata.cost_components.travel_time",
        ),
        (("caregivers", 0, "departing_point"), "d9", r"caregivers\[0\].departing_point: no point d9"),
        (("caregivers", 0, "arrival_point"), "d9", r"caregivers\[0\].arrival_point: no point d9"),
        (("caregivers", 0, "working_shift", "end"), 100, r"caregivers\[0\].working_shift: from 120 to 100"),
        (
            ("terminal_points", 0, "distance_matrix_index"),
            7,
            r"terminal_points\[0\].distance_matrix_index: 7",
        ),
        (("patients", 0, "distance_matrix_index"), -1, r"patients\[0\].distance_matrix_index: -1"),
        (("patients", 0, "time_windows"), [], r"patients\[0\].time_windows: none"),
        (("patients", 1, "time_windows", 1, "start"), 210, r"patients\[1\].time_windows\[1\]: begins before"),
        (("patients", 1, "required_services"), [], r"patients\[1\].required_services: one or two"),
        (("patients", 1, "required_services", 0, "service"), "s9", r"service: no service s9"),
        (("patients", 0, "synchronization"), {"type": "sequential"}, r"synchronization.distance: is missing"),
        (("lunch_breaks", "end"), 100, r"lunch_breaks: from 180 to 100"),
    ],
)
def test_what_is_wrong_in_a_uhhc_file_is_said_with_its_field(path: Path_, value: object, words: str) -> None:
    with pytest.raises(Failure, match=words):
        uhhc.read(changed(TINY, (path, value)))


def test_uhhc_pairs_may_be_sequential_or_independent_and_a_day_may_have_no_lunch() -> None:
    ordered = {"type": "sequential", "distance": {"min": 5, "max": 9}}
    problem = uhhc.read(
        changed(TINY, (("patients", 0, "synchronization"), ordered), (("lunch_breaks",), None))
    ).problem
    assert (problem.jobs[0].link, problem.jobs[0].gap, problem.lunch) == ("sequential", (5, 9), None)
    free = uhhc.read(changed(TINY, (("patients", 0, "synchronization"), {"type": "independent"}))).problem
    assert free.jobs[0].link == "independent"


def test_a_city_is_a_problem_of_hard_times_and_pairs() -> None:
    problem = city.read(changed(CITY)).problem
    check(problem)
    assert not problem.is_late_allowed
    assert not problem.is_overtime_allowed
    assert [len(job.tasks) for job in problem.jobs] == [1, 2]
    assert problem.jobs[1].link == "simultaneous"
    assert problem.allowed.tolist() == [[True, False, True], [True, True, False], [True, True, False]]
    assert problem.travel[0, 1] == np.ceil(1.111949 * 1.35 / 25 * 3600 + 120)


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("care", 0, "office"), 1, r"care\[0\].office: 1, and there are 1"),
        (("care", 1, "id"), 1, r"care\[1\].id: 1 is there twice"),
        (("visits", 0, "lat"), 95, r"visits\[0\]: 9, 95 is nowhere on earth"),
        (("visits", 0, "tw"), [2, 1], r"visits\[0\].tw: from 2 to 1"),
        (("visits", 0, "dur"), -5, r"visits\[0\].dur: a service never takes -5"),
        (("offices", 0), [200, 0], r"offices\[0\]: 200, 0 is nowhere"),
    ],
)
def test_what_is_wrong_in_a_city_file_is_said_with_its_field(path: Path_, value: object, words: str) -> None:
    with pytest.raises(Failure, match=words):
        city.read(changed(CITY, (path, value)))


def test_plans_are_written_as_their_publishers_write_them() -> None:
    data = changed(TINY)
    instance = uhhc.read(data)
    tiny = Solution(
        routes=(
            (Assignment(0, 0, 225, 255, lunch=190.0000000001), Assignment(2, 0, 300, 340)),
            (Assignment(1, 1, 225, 255), Assignment(3, 1, 264.5, 284.5)),
        ),
        dropped=(Dropped(3, "no_room"),),
        cost={},
        total=1704.0,
    )
    written = uhhc.write(instance, tiny)
    assert written["cost"] == {"objective": 1704, "violations": 0}
    assert written["global_ordering"] == ["A", "C", "B"]
    assert written["routes"][0]["locations"][0] == {
        "patient": "A", "service": "lunch_break", "start_time": 190, "end_time": 220,
    }  # fmt: skip
    report = EVALUATORS["uhhc"](data, json.dumps(written).encode())
    assert [one.code for one in report.violations] == []
    assert uhhc.write(instance, Solution(((), ()), (), {}, 0.0))["routes"] == [
        {"caregiver_id": "c1"},
        {"caregiver_id": "c2"},
    ]


def test_an_hhcrsp_plan_is_written_with_starts_and_ends() -> None:
    data = changed(HHCRSP)
    routes = (
        (Assignment(0, 0, 10, 15), Assignment(1, 0, 20, 25), Assignment(3, 0, 30, 35)),
        (Assignment(2, 1, 20, 25), Assignment(4, 1, 40, 45)),
    )
    written = hhcrsp.write(hhcrsp.read(data), Solution(routes, (), {}, 0.0))
    assert written["global_ordering"] == ["p1", "p2", "p3"]
    assert EVALUATORS["hhcrsp"](data, json.dumps(written).encode()).is_feasible


def test_a_city_plan_names_who_is_left_out() -> None:
    data = changed(CITY)
    routes = ((Assignment(1, 0, 32000, 32900),), (Assignment(2, 1, 32000, 32900),), ())
    written = city.write(city.read(data), Solution(routes, (Dropped(0, "no_room"),), {}, 0.0))
    assert written["unserved"] == [1]
    report = EVALUATORS["city"](data, json.dumps(written).encode())
    assert report.is_feasible
    assert report.figures["served"] == 1


def test_a_file_may_be_gzipped_and_is_named_when_it_is_wrong(tmp_path: Path) -> None:
    packed = tmp_path / "day.json.gz"
    packed.write_bytes(gzip.compress(changed(CITY)))
    assert len(formats.read(packed, "city").problem.jobs) == 2
    packed.write_bytes(gzip.compress(b"{}"))
    with pytest.raises(Failure, match=r"day.json.gz: not understood: object missing required field"):
        formats.read(packed, "city")
    packed.write_bytes(gzip.compress(changed(CITY))[:40])
    with pytest.raises(Failure, match="cannot be read"):
        formats.read(packed, "city")
