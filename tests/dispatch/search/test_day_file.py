import json

import numpy as np
import pytest

from core.errors import Failure
from dispatch.evaluator import EVALUATORS
from dispatch.search.formats import day
from dispatch.search.inspection import check
from dispatch.search.problem import (
    Assignment,
    Break,
    Carer,
    Dropped,
    Fixed,
    Job,
    Problem,
    Promise,
    Solution,
    Task,
    Weights,
)
from tests.dispatch.evaluator.cases import changed

Path_ = tuple[str | int, ...]


def rich() -> Problem:
    """Return a problem that uses everything a problem can say."""
    return Problem(
        carers=(Carer("a", 0, 0, (0, 100), has_break=True), Carer("b", 0, 1, matrix=1)),
        tasks=(
            Task("meal", 0, 1, 10),
            Task("bath/0", 1, 2, 10),
            Task("bath/1", 1, 2, 10),
            Task("old", 2, 1, 5),
        ),
        jobs=(
            Job("meal", (0,), ((10, 20), (40, 50)), drop_cost=50),
            Job("bath", (1, 2), ((60, 70),), link="sequential", gap=(0, 5)),
            Job("old", (3,), ((0, 90),), fixed=(Fixed(0, 80),)),
        ),
        travel=np.array([[[0.0, 5, 6], [5, 0, 7], [6, 7, 0]], [[0, 9, 9], [9, 0, 9], [9, 9, 0]]]),
        allowed=np.array([[True, False], [True, True], [True, True], [False, False]]),
        liking=np.array([[2.0, 0.0], [0, 0], [0, 0], [0, 0]]),
        lunch=Break((20, 60), 15, at_start=True),
        weights=Weights(travel=1, change=5, shift_move=1),
        is_late_allowed=False,
        late_at="end",
        is_overtime_allowed=False,
        leaves_late=False,
        promised=(None, Promise(1, 62), Promise(None, None), None),
    )


def test_a_day_comes_back_from_its_file_as_it_was() -> None:
    problem = rich()
    back = day.read(day.dump(problem)).problem
    check(back)
    assert (back.carers, back.tasks, back.jobs) == (problem.carers, problem.tasks, problem.jobs)
    assert (back.lunch, back.weights, back.promised) == (problem.lunch, problem.weights, problem.promised)
    assert np.array_equal(back.travel, problem.travel)
    assert np.array_equal(back.allowed, problem.allowed)


def test_a_plain_day_comes_back_too() -> None:
    problem = Problem((Carer("a", 0, 0),), (), (), np.zeros((1, 1)), np.zeros((0, 1), dtype=bool))
    back = day.read(day.dump(problem)).problem
    assert back.travel.shape == (1, 1)
    assert back.promised is None
    task, job = Task("t", 0, 0, 1), Job("j", (0,), ((0, 1),))
    plain = Problem((Carer("a", 0, 0),), (task,), (job,), np.zeros((1, 1)), np.ones((1, 1), dtype=bool))
    assert day.read(day.dump(plain)).problem.jobs == plain.jobs


def test_a_day_and_its_plan_are_priced_as_the_search_prices_them() -> None:
    problem = rich()
    instance = day.read(day.dump(problem))
    plan = Solution(
        routes=(
            (Assignment(0, 0, 10, 20), Assignment(1, 0, 60, 70, lunch=35), Assignment(3, 0, 80, 85)),
            (Assignment(2, 1, 60, 70),),
        ),
        dropped=(Dropped(2, "no_room"),),
        cost={},
        total=0.0,
    )
    written = day.write(instance, plan)
    assert written["dropped"] == [{"job": "old", "reason": "no_room"}]
    report = EVALUATORS["day"](day.dump(problem), json.dumps(written).encode())
    assert [one.code for one in report.violations] == []
    assert report.cost["change"] == 5


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("travel",), [], "travel: no matrix"),
        (("jobs", 0, "tasks", 0, "allowed"), [7], "task meal.allowed: no carer 7"),
        (("jobs", 0, "tasks", 0, "liking"), [1], "task meal.liking: not one for each carer"),
        (("weights", "sugar"), 1, "weights.sugar: not one of travel"),
        (("jobs", 2, "fixed", 0, "start"), None, "job old.fixed: who and when"),
    ],
)
def test_what_is_wrong_in_a_day_is_said_with_its_field(path: Path_, value: object, words: str) -> None:
    with pytest.raises(Failure, match=words):
        day.read(changed(json.loads(day.dump(rich())), (path, value)))
