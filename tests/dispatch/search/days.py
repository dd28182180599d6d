"""Small days made up from a seed, and a look at whether a plan of one can be carried out."""

import json
import random
from dataclasses import replace
from typing import Any, Literal

import numpy as np

from dispatch.evaluator import day as evaluator
from dispatch.evaluator.report import Report
from dispatch.search.formats import day as file
from dispatch.search.formats.instance import Instance
from dispatch.search.problem import Break, Carer, Fixed, Job, Link, Problem, Promise, Solution, Task, Weights

NODES = 6


def make_day(seed: int, jobs: int = 5, carers: int = 3, **changes: Any) -> Problem:
    """Make a day with something of everything."""
    chance = random.Random(seed)  # noqa: S311 - a day to try, no secret
    points = np.array([(chance.randrange(40), chance.randrange(40)) for _ in range(NODES)])
    travel = np.abs(points[:, None] - points[None, :]).sum(axis=2).astype(np.float64)
    travel += np.triu(np.ones_like(travel), 1) * chance.randrange(3)
    people = tuple(
        Carer(f"c{nth}", nth % 2, 0, (chance.randrange(60), 400.0), chance.random() < 0.7)
        for nth in range(carers)
    )
    tasks: list[Task] = []
    work = [_job(chance, nth, tasks) for nth in range(jobs)]
    able = np.array([[chance.random() < 0.8 for _ in people] for _ in tasks], dtype=bool)
    for row in able:
        row[chance.sample(range(carers), min(2, carers))] = True
    liking = np.array([[float(chance.choice((0, 0, 7))) for _ in people] for _ in tasks])
    weights = Weights(
        travel=chance.choice((1.0, 3.0)), tardiness=3.0, highest_tardiness=2.0,
        waiting=chance.choice((0.0, 4.0)), overtime=5.0, max_idle=chance.choice((0.0, 2.0)),
        missed_break=50.0, change=25.0, shift_move=1.0,
    )  # fmt: skip
    told = tuple(
        Promise(chance.randrange(carers), work[task.job].windows[0][0] + 5.0)
        if chance.random() < 0.3
        else None
        for task in tasks
    )
    late_at: Literal["start", "end"] = "start" if chance.random() < 0.5 else "end"
    lunch = Break((180, 300), 30, at_start=chance.random() < 0.5)
    problem = Problem(people, tuple(tasks), tuple(work), travel, able, liking, lunch, weights, promised=told)
    return replace(problem, late_at=late_at, leaves_late=chance.random() < 0.7, **changes)


def _job(chance: random.Random, nth: int, tasks: list[Task]) -> Job:
    count = chance.choice((1, 1, 2))
    numbers = tuple(range(len(tasks), len(tasks) + count))
    node = chance.randrange(1, NODES)
    tasks.extend(Task(f"t{number}", nth, node, float(chance.randrange(10, 40))) for number in numbers)
    opens = chance.randrange(60, 250)
    windows: tuple[tuple[float, float], ...] = ((opens, opens + 60.0),)
    if chance.random() < 0.3:
        windows = (*windows, (opens + 100.0, opens + 160.0))
    links: tuple[Link, ...] = ("independent", "simultaneous", "sequential")
    link = chance.choice(links) if count == 2 else "independent"
    gap = (10.0, 40.0) if link == "sequential" else (0.0, 0.0)
    drop = chance.choice((None, 80.0, 200.0))
    fixed = (Fixed(0, float(opens)),) if count == 1 and nth == 0 and chance.random() < 0.3 else None
    return Job(f"j{nth}", numbers, windows, link, gap, drop, fixed)


def reported(problem: Problem, plan: Solution) -> Report:
    """Let the evaluator, which shares no code with the search, price a plan."""
    instance = Instance(problem, tuple((problem.jobs[task.job].id, task.id) for task in problem.tasks))
    return evaluator.evaluate(file.dump(problem), json.dumps(file.write(instance, plan)).encode())
