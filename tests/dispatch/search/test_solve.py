"""The search finds good plans that hold, and says what they cost as the evaluator does."""

import itertools
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.search.problem import (
    Assignment,
    Break,
    Carer,
    Fixed,
    Job,
    Problem,
    Progress,
    Promise,
    Task,
    UnsoundProblemError,
    Weights,
)
from dispatch.search.readout import broken
from dispatch.search.solve import solve
from tests.dispatch.search.days import make_day, reported


def make_round(count: int = 4, carers: int = 2, **changes: Any) -> Problem:
    """Make visits on a line, a day's length of time for each."""
    place = np.array([0, 3, 9, 14, 20, 26, 31][: count + 1], dtype=np.float64)
    travel = np.abs(place[:, None] - place[None, :])
    tasks = tuple(Task(f"t{nth}", nth, nth + 1, 10.0) for nth in range(count))
    jobs = tuple(Job(f"j{nth}", (nth,), ((0.0, 500.0),)) for nth in range(count))
    people = tuple(Carer(f"c{nth}", 0, 0, (0.0, 480.0)) for nth in range(carers))
    return replace(Problem(people, tasks, jobs, travel, np.ones((count, carers), dtype=bool)), **changes)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_a_plan_holds_and_costs_what_the_evaluator_says(seed: int) -> None:
    problem = make_day(seed)

    plan = solve(problem, iterations=3_000, seed=seed)

    report = reported(problem, plan)
    assert {violation.code for violation in report.violations} <= {code for code, _ in plan.hard}
    assert report.total == pytest.approx(plan.total, abs=1e-4)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_hard_times_are_kept(seed: int) -> None:
    jobs = tuple(replace(job, drop_cost=80.0, fixed=None) for job in make_day(seed).jobs)
    problem = make_day(seed, jobs=5, is_late_allowed=False, is_overtime_allowed=False)
    problem = replace(problem, jobs=jobs)

    plan = solve(problem, iterations=3_000)

    assert plan.hard == ()
    assert reported(problem, plan).violations == ()


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6))
def test_a_warm_start_is_never_made_worse(seed: int) -> None:
    problem = make_day(seed, jobs=8)
    first = solve(problem, iterations=2_000, seed=1)

    again = solve(problem, iterations=100, seed=2, start=first)
    by_time = solve(problem, iterations=100, seed=2, start=replace(first, order=()))

    assert not reported(problem, by_time).violations or by_time.hard
    assert (len(again.hard), again.total) <= (len(first.hard), first.total + 1e-6)


def best_round(problem: Problem) -> float:
    """Try every way to share and order visits without windows."""
    count, carers = len(problem.jobs), len(problem.carers)
    best = np.inf
    for who in itertools.product(range(carers), repeat=count):
        way = 0.0
        for carer in range(carers):
            mine = [task + 1 for task in range(count) if who[task] == carer]
            way += min(
                sum(problem.travel[a, b] for a, b in itertools.pairwise([0, *order, 0]))
                for order in itertools.permutations(mine)
            )
        best = min(best, way)
    return best


@pytest.mark.parametrize("seed", range(4))
def test_the_best_of_all_plans_is_found_where_all_can_be_tried(seed: int) -> None:
    chance = np.random.default_rng(seed)
    problem = make_round(5, travel=np.round(chance.random((6, 6)) * 50) * (1 - np.eye(6)))

    assert solve(problem, iterations=20_000).total == pytest.approx(best_round(problem))


def test_the_same_seed_gives_the_same_plan() -> None:
    problem = make_day(5, jobs=12, carers=4)

    assert solve(problem, iterations=5_000, seed=3) == solve(problem, iterations=5_000, seed=3)


def test_without_compiler_the_plan_is_the_same() -> None:
    problem = make_day(8, jobs=4)
    code = (
        "from tests.dispatch.search.days import make_day; from dispatch.search.solve import solve;"
        "print(repr(solve(make_day(8, jobs=4), iterations=300, seed=4).total))"
    )

    plain = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(Path(__file__).parents[3])},
    )  # fmt: skip

    assert float(plain.stdout) == pytest.approx(solve(problem, iterations=300, seed=4).total, abs=1e-6)


def test_progress_is_told_and_the_search_stops_when_asked() -> None:
    heard: list[Progress] = []

    plan = solve(
        make_day(2, jobs=20, carers=5), seconds=60, progress=heard.append, stop=lambda: len(heard) > 1
    )

    assert len(heard) == 2
    assert plan.total <= heard[0].best.total
    assert heard[1].iterations > heard[0].iterations > 0


def test_two_processes_search_and_the_better_plan_is_kept() -> None:
    problem = make_day(3, jobs=10, carers=4)
    alone = solve(problem, iterations=2_000, seed=0)

    assert solve(problem, iterations=2_000, seed=0, threads=2).total <= alone.total + 1e-6


def test_two_processes_stop_when_asked() -> None:
    heard: list[Progress] = []

    problem = make_day(3, jobs=10, carers=4)

    plan = solve(problem, seconds=120, threads=2, progress=heard.append, stop=lambda: bool(heard))

    assert plan.routes


def test_what_is_fixed_stays_and_the_rest_is_planned_around_it() -> None:
    problem = make_round()
    jobs = (*problem.jobs[:1], replace(problem.jobs[1], fixed=(Fixed(1, 200.0),)), *problem.jobs[2:])

    plan = solve(replace(problem, jobs=jobs), iterations=5_000)

    assert Assignment(1, 1, 200.0, 210.0) in plan.routes[1]
    assert plan.hard == ()


def test_what_was_promised_is_changed_only_for_a_gain() -> None:
    told = tuple(Promise(nth % 2, 50.0 + 100.0 * nth) for nth in range(4))
    cheap = make_round(promised=told, weights=Weights(travel=1.0, change=1.0))
    dear = replace(cheap, weights=Weights(travel=1.0, change=500.0, shift_move=1.0))

    assert solve(cheap, iterations=20_000).cost["change"] == 2.0
    plan = solve(dear, iterations=20_000)
    assert (plan.cost["change"], plan.cost["shift_move"]) == (0.0, 0.0)
    assert sorted((stop.task, stop.start) for route in plan.routes for stop in route) == [
        (nth, 50.0 + 100.0 * nth) for nth in range(4)
    ]


def test_work_is_shared_when_idling_is_dear() -> None:
    problem = make_round(weights=Weights(travel=0.01, max_idle=10.0))

    assert all(solve(problem, iterations=5_000).routes)


def test_a_task_that_nobody_may_do_is_left_out_with_its_reason() -> None:
    allowed = np.ones((4, 2), dtype=bool)
    allowed[2] = False

    plan = solve(make_round(allowed=allowed), iterations=2_000)

    assert [(one.job, one.reason) for one in plan.dropped] == [(2, "nobody_allowed")]
    assert plan.hard == (("mandatory", 2),)


def test_carers_may_travel_at_different_speeds() -> None:
    problem = make_round()
    carers = (problem.carers[0], replace(problem.carers[1], matrix=1))

    plan = solve(
        replace(problem, carers=carers, travel=np.stack([problem.travel * 9, problem.travel])),
        iterations=9_000,
    )

    assert not plan.routes[0]
    assert len(plan.routes[1]) == 4


def test_a_day_without_work_or_without_people_is_a_plan() -> None:
    nobody = make_round(carers=0)

    assert (
        solve(replace(make_round(), tasks=(), jobs=(), allowed=np.ones((0, 2), dtype=bool)), seconds=1).total
        == 0
    )
    assert len(solve(nobody, iterations=100).dropped) == 4


def test_a_matrix_with_holes_is_refused_by_name() -> None:
    travel = make_round().travel.copy()
    travel[1, 2] = np.nan

    with pytest.raises(UnsoundProblemError, match="1 holes, the first in matrix 0 from 1 to 2"):
        solve(make_round(travel=travel))


def test_a_shift_across_midnight_is_a_shift() -> None:
    late = tuple(replace(carer, shift=(1300.0, 1700.0)) for carer in make_round().carers)
    jobs = tuple(replace(job, windows=((1430.0, 1560.0),)) for job in make_round().jobs)

    plan = solve(replace(make_round(jobs=jobs), carers=late), iterations=3_000)

    assert plan.dropped == ()
    assert min(stop.start for route in plan.routes for stop in route) >= 1430


def test_what_should_hold_and_does_not_is_named() -> None:
    problem = make_round(is_late_allowed=False, is_overtime_allowed=False, lunch=Break((100, 200), 30))
    jobs = (replace(problem.jobs[0], fixed=(Fixed(0, 20.0),)), *problem.jobs[1:])
    routes = ((Assignment(0, 0, 30.0, 40.0), Assignment(1, 0, 510.0, 520.0, lunch=180.0)), ())

    found = set(broken(replace(problem, jobs=jobs), routes, [2]))

    assert found == {("mandatory", 2), ("fixed", 0), ("late", 1), ("break", 0), ("overtime", 0)}


def test_two_processes_that_die_leave_the_search_to_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONHOME", "/nowhere")  # no interpreter starts with it

    assert len(solve(make_round(), iterations=500, threads=2).routes) == 2


def test_a_budget_that_is_over_before_it_begins_still_gives_a_plan() -> None:
    assert solve(make_round(), seconds=1e-6).dropped == ()
    assert solve(make_round(), seconds=0.002, start=solve(make_round(), iterations=10)).dropped == ()
