"""What is wrong with a day is said by name; what no plan can hold has a reason."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from dispatch.search.inspection import check, reasons
from dispatch.search.problem import Carer, Fixed, Job, Problem, Promise, Task, UnsoundProblemError, Weights


def make_pair(**changes: Any) -> Problem:
    carers = (Carer("ann", 0, 0, (0.0, 100.0)), Carer("bo", 0, 0, (0.0, 100.0)))
    tasks = (Task("wash", 0, 1, 30.0), Task("dress", 0, 1, 20.0), Task("meal", 1, 1, 10.0))
    jobs = (
        Job("bath", (0, 1), ((0.0, 60.0),), "simultaneous"),
        Job("lunch", (2,), ((0.0, 40.0), (50.0, 60.0))),
    )
    travel = np.array([[0.0, 5.0], [5.0, 0.0]])
    return replace(Problem(carers, tasks, jobs, travel, np.ones((3, 2), dtype=bool)), **changes)


def with_job(**changes: Any) -> Problem:
    problem = make_pair()
    return replace(problem, jobs=(replace(problem.jobs[0], **changes), problem.jobs[1]))


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (make_pair(travel=np.zeros((2, 3))), "travel has shape"),
        (make_pair(travel=np.zeros(4)), "travel has shape"),
        (make_pair(allowed=np.ones((2, 2), dtype=bool)), "allowed has shape"),
        (make_pair(liking=np.ones((2, 2))), "liking has shape"),
        (make_pair(promised=(None,)), "promised has 1 entries, not 3"),
        (make_pair(travel=np.array([[0, -1.0], [np.inf, 0]])), "travel has 2 holes, .* 0 from 0 to 1"),
        (make_pair(liking=np.full((3, 2), np.nan)), "liking has entries that are no numbers"),
        (with_job(tasks=(0, 1, 2)), "job bath has 3 tasks"),
        (with_job(tasks=(0, 0)), "job bath names task 0, which is not its own"),
        (with_job(tasks=(0, 2)), "job bath names task 2"),
        (with_job(tasks=(0,)), "task dress belongs to no job"),
        (with_job(windows=()), "job bath has no window"),
        (with_job(windows=((0.0, 30.0), (20.0, 40.0))), "job bath has windows that overlap"),
        (with_job(windows=((30.0, 20.0),)), "run backwards"),
        (with_job(windows=((0.0, np.inf),)), "are no numbers"),
        (with_job(gap=(20.0, 10.0)), r"job bath has gap \(20.0, 10.0\)"),
        (with_job(fixed=(Fixed(0, 1.0),)), "job bath fixes 1 of 2 tasks"),
        (with_job(fixed=(Fixed(0, 1.0), Fixed(7, 1.0))), "job bath fixes carer 7 at 1.0"),
        (make_pair(promised=(Promise(7, 1.0), None, None)), "task wash is promised to carer 7"),
        (make_pair(promised=(Promise(None, np.nan), None, None)), "task wash is promised at nan"),
        (make_pair(weights=Weights(waiting=-1.0)), "waiting is -1.0"),
        (with_job(drop_cost=-5.0), "drop_cost of job bath is -5.0"),
        (make_pair(tasks=(*make_pair().tasks[:2], Task("meal", 1, 7, 10.0))), "task meal has node 7"),
        (make_pair(carers=(Carer("ann", 0, 9), Carer("bo", 0, 0))), "carer ann starts at 0, ends at 9"),
        (make_pair(carers=(Carer("ann", 0, 0, (9.0, 1.0)), Carer("bo", 0, 0))), "carer ann has shift"),
    ],
)  # fmt: skip
def test_a_fault_is_named(problem: Problem, words: str) -> None:
    with pytest.raises(UnsoundProblemError, match=words):
        check(problem)


def test_a_sound_day_passes() -> None:
    check(make_pair())
    told = (Promise(0, 1.0), Promise(None, None), None)
    check(make_pair(travel=np.zeros((2, 2, 2)), liking=np.zeros((3, 2)), promised=told))
    check(with_job(fixed=(Fixed(0, 1.0), Fixed(1, 1.0))))
    assert reasons(make_pair(is_late_allowed=False, is_overtime_allowed=False, late_at="end")) == {}


def test_a_job_for_which_there_is_nobody_says_so() -> None:
    nobody, one = np.ones((3, 2), dtype=bool), np.ones((3, 2), dtype=bool)
    nobody[2] = False
    one[:2, 1] = False

    assert reasons(make_pair(allowed=nobody)) == {1: "nobody_allowed"}
    assert reasons(make_pair(allowed=one)) == {0: "nobody_allowed"}


def test_a_window_shorter_than_the_service_says_so_where_the_end_must_meet_it() -> None:
    problem = with_job(windows=((0.0, 20.0),))

    assert reasons(replace(problem, is_late_allowed=False, late_at="end")) == {0: "window_too_short"}
    assert reasons(replace(problem, is_late_allowed=False)) == {}


def test_shifts_that_are_too_short_say_so() -> None:
    problem = with_job(windows=((70.0, 90.0),))

    assert reasons(replace(problem, is_overtime_allowed=False)) == {0: "shift_too_short"}
    stacked = replace(problem, is_overtime_allowed=False, travel=np.stack([problem.travel * 0]))
    assert reasons(stacked) == {}
