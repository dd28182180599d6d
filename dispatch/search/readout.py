"""From the records of the compiled search to a solution, and from a solution back into the records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from dispatch.search.layout import NONE, Day
from dispatch.search.pricing import lateness, leg, price
from dispatch.search.problem import Assignment, Break, Dropped, Problem, Solution

SLACK = 1e-6  # what adding floats leaves


def solution(problem: Problem, day: Day, impossible: Mapping[int, str]) -> Solution:
    """Read the plan off the records and price it."""
    is_late = bool(day.rules[0]["waiting"] > 0 and day.rules[0]["leaves_late"])
    routes = tuple(_route(problem, day, index, is_late) for index in range(len(problem.carers)))
    left = [index for index, row in enumerate(day.jobs) if row["served"] == 0]
    cost = price(problem, routes, left)
    dropped = tuple(Dropped(job, impossible.get(job, "no_room")) for job in left)
    order = tuple(
        task for unit in np.argsort(day.units["key"], kind="stable") for task in _tasks(day.units[unit])
    )
    return Solution(routes, dropped, cost, sum(cost.values()), tuple(broken(problem, routes, left)), order)


def _route(problem: Problem, day: Day, carer: int, is_late: bool) -> tuple[Assignment, ...]:  # noqa: FBT001
    found: list[Assignment] = []
    row, free = day.carers[carer], problem.carers[carer].shift[0]
    node, task = problem.carers[carer].start, int(row["first"])
    while task >= 0:
        stop, lunch = problem.tasks[task], None
        start = float(day.tasks[task]["latest" if is_late else "early"])
        if problem.lunch is not None and row["lunch"] == task:
            arrival = free + leg(problem, problem.carers[carer], node, stop.node)
            lunch = max(arrival, problem.lunch.window[0])
            if not found and problem.leaves_late:
                lunch = max(lunch, min(start - problem.lunch.duration, float(day.rules[0]["limit"])))
        found.append(Assignment(task, carer, start, start + stop.duration, lunch))
        node, free, task = stop.node, start + stop.duration, int(day.tasks[task]["next"])
    return tuple(found)


def broken(
    problem: Problem, routes: tuple[tuple[Assignment, ...], ...], dropped: list[int]
) -> Iterator[tuple[str, int]]:
    """Name what a plan should have held and does not."""
    yield from (("mandatory", job) for job in dropped if problem.jobs[job].drop_cost is None)
    for index, route in enumerate(routes):
        for stop in route:
            job = problem.jobs[problem.tasks[stop.task].job]
            if job.fixed is not None and stop.start > job.fixed[job.tasks.index(stop.task)].start + SLACK:
                yield "fixed", stop.task
            elif not problem.is_late_allowed and lateness(problem, stop) > 0:
                yield "late", stop.task
            if (
                problem.lunch is not None
                and stop.lunch is not None
                and stop.lunch > _limit(problem.lunch) + SLACK
            ):
                yield "break", index
        if route and not problem.is_overtime_allowed:
            carer, node = problem.carers[index], problem.tasks[route[-1].task].node
            if route[-1].end + leg(problem, carer, node, carer.end) > carer.shift[1] + SLACK:
                yield "overtime", index


def _limit(lunch: Break) -> float:
    return lunch.window[1] - (0.0 if lunch.at_start else lunch.duration)


def jobs_by_time(day: Day) -> NDArray[np.int64]:
    """Return the jobs that are not in the plan, in the order of their keys."""
    order = np.argsort(day.units["key"][day.jobs["unit"]], kind="stable")
    left: NDArray[np.int64] = order[day.jobs["served"][order] == 0].astype(np.int64)
    return left


def load(day: Day, problem: Problem, plan: Solution) -> None:
    """Put a plan into empty routes; what it does not hold, or what is not allowed any more, stays outside."""
    stops = {stop.task: stop for route in plan.routes for stop in route if day.allowed[stop.task, stop.carer]}
    starts = [
        min(
            (stops[task].start for task in _tasks(unit) if task in stops),
            default=day.windows[index, 0].mean(),
        )
        for index, unit in enumerate(day.units)
    ]
    if len(plan.order) == len(day.tasks):
        place = {task: rank for rank, task in enumerate(plan.order)}
        starts = [float(place[int(unit["first"])]) for unit in day.units]
    for rank, unit in enumerate(np.argsort(np.array(starts), kind="stable")):
        day.units[unit]["key"] = rank
    for index, job in enumerate(problem.jobs):
        carers = [stops[task].carer for task in job.tasks if task in stops]
        if len(set(carers)) == len(job.tasks):
            day.jobs[index]["served"] = 1
    for unit in np.argsort(day.units["key"], kind="stable"):
        if day.jobs[day.units[unit]["job"]]["served"] == 1:
            for task in _tasks(day.units[unit]):
                _append(day, task, stops[task])


def _tasks(unit: np.void) -> list[int]:
    return [int(unit[side]) for side in ("first", "second") if unit[side] >= 0]


def _append(day: Day, task: int, stop: Assignment) -> None:
    row, carer = day.tasks[task], day.carers[stop.carer]
    row["carer"], row["prev"], row["next"] = stop.carer, carer["last"], NONE
    if carer["last"] >= 0:
        day.tasks[carer["last"]]["next"] = task
    else:
        carer["first"] = task
    carer["last"] = task
    if stop.lunch is not None and carer["break"] == 1:
        carer["lunch"] = task
