"""What the search says a plan costs is what the evaluator, which knows nothing of it, finds in its file."""

import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatch.evaluator import EVALUATORS
from dispatch.search import formats
from dispatch.search.formats import day
from dispatch.search.formats.instance import Instance
from dispatch.search.problem import Break, Carer, Job, Link, Problem, Promise, Solution, Task, Weights
from dispatch.search.solve import solve
from tests.dispatch.evaluator.cases import CITY, HHCRSP, PLANS, changed

TRIED = 3_000


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("hhcrsp", "hhcrsp/InstanzCPLEX_HCSRP_10_1"),
        ("hhcrsp", "hhcrsp/InstanzCPLEX_HCSRP_25_1"),
        ("uhhc", "uhhc/tiny"),
        ("uhhc", "uhhc/i-100"),
        ("uhhc", "uhhc/i-235"),
    ],
)
def test_plans_of_published_instances_cost_what_the_search_says(kind: str, name: str) -> None:
    data = (PLANS / f"{name}.json").read_bytes()
    instance = formats.FORMATS[kind].read(data)
    found = solve(instance.problem, iterations=TRIED)
    report = EVALUATORS[kind](data, json.dumps(formats.FORMATS[kind].write(instance, found)).encode())
    assert report.is_feasible, report
    assert report.total == pytest.approx(found.total, abs=0.005)


@pytest.mark.parametrize(("kind", "case"), [("city", CITY), ("hhcrsp", HHCRSP)])
def test_plans_of_small_days_cost_what_the_search_says(kind: str, case: dict[str, object]) -> None:
    data = changed(case)
    instance = formats.FORMATS[kind].read(data)
    found = solve(instance.problem, iterations=TRIED)
    report = EVALUATORS[kind](data, json.dumps(formats.FORMATS[kind].write(instance, found)).encode())
    assert report.is_feasible, report
    assert report.total == pytest.approx(found.total, abs=5.0 if kind == "city" else 0.005)


WHOLE = st.integers(0, 9).map(float)
MINUTES = st.integers(0, 200)
LINKS: tuple[Link, ...] = ("independent", "simultaneous", "sequential")


@st.composite
def people(draw: st.DrawFn, nth: int, nodes: int) -> Carer:
    """Draw somebody who works."""
    begins, place = draw(MINUTES), st.integers(0, nodes - 1)
    shift = (float(begins), float(begins + draw(st.integers(50, 400))))
    return Carer(f"c{nth}", draw(place), draw(place), shift, has_break=draw(st.booleans()))


@st.composite
def wants(draw: st.DrawFn, nth: int, numbers: tuple[int, ...]) -> Job:
    """Draw a job of one or two tasks, in one window or two."""
    opens = float(draw(MINUTES))
    first = (opens, opens + draw(st.integers(1, 90)))
    second = (first[1] + draw(WHOLE), first[1] + 20.0 + draw(WHOLE))
    link = draw(st.sampled_from(LINKS[: 3 if len(numbers) > 1 else 1]))
    least = float(draw(st.integers(0, 30)))
    gap = (least, least + draw(st.integers(0, 30))) if link == "sequential" else (0.0, 0.0)
    drop = draw(st.one_of(st.none(), st.integers(0, 900).map(float)))
    return Job(f"j{nth}", numbers, (first, second) if draw(st.booleans()) else (first,), link, gap, drop)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Draw a small day that uses everything a problem can say."""
    nodes, crew = draw(st.integers(2, 5)), draw(st.integers(1, 3))
    jobs: list[Job] = []
    tasks: list[Task] = []
    for nth in range(draw(st.integers(1, 5))):
        numbers = tuple(range(len(tasks), len(tasks) + draw(st.integers(1, 2))))
        node = draw(st.integers(0, nodes - 1))
        tasks += [Task(f"t{one}", nth, node, float(draw(st.integers(1, 40)))) for one in numbers]
        jobs.append(draw(wants(nth, numbers)))
    shape, seeded = (len(tasks), crew), np.random.default_rng(draw(st.integers(0, 9999)))
    told = [Promise(int(seeded.integers(crew)), float(seeded.integers(60, 240))) for _ in tasks]
    return Problem(
        carers=tuple(draw(people(nth, nodes)) for nth in range(crew)),
        tasks=tuple(tasks),
        jobs=tuple(jobs),
        travel=seeded.integers(1, 30, (nodes, nodes)).astype(np.float64) * (1 - np.eye(nodes)),
        allowed=seeded.random(shape) < 0.8,
        liking=seeded.integers(0, 9, shape).astype(np.float64),
        lunch=draw(st.one_of(st.none(), st.just(Break((100.0, 240.0), 30.0, at_start=False)))),
        weights=Weights(*(draw(WHOLE) for _ in range(9))),
        is_late_allowed=draw(st.booleans()),
        late_at=draw(st.sampled_from(("start", "end"))),
        is_overtime_allowed=draw(st.booleans()),
        leaves_late=draw(st.booleans()),
        promised=tuple(one if seeded.random() < 0.4 else None for one in told),
    )


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(problems())
def test_any_day_costs_what_the_search_says_and_breaks_only_what_it_owns_up_to(problem: Problem) -> None:
    found = solve(problem, iterations=TRIED)
    report = EVALUATORS["day"](day.dump(problem), json.dumps(day.write(_instance(problem), found)).encode())
    assert {one.code for one in report.violations} <= _admitted(found), report.violations
    for name, value in report.cost.items():
        assert value == pytest.approx(found.cost.get(name, 0.0), abs=1e-6), name
    assert report.total == pytest.approx(found.total, abs=1e-6)


def _instance(problem: Problem) -> Instance:
    return day.read(day.dump(problem))


def _admitted(found: Solution) -> set[str]:
    """Return the faults that a plan says it could not avoid, in the evaluator's words."""
    return {code for code, _ in found.hard}
