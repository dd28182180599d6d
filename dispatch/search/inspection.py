"""What is wrong with a problem: faults stop the search, reasons explain why a job stays outside the plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from itertools import pairwise

import numpy as np

from dispatch.search.problem import Job, Problem, UnsoundProblemError

PAIR = 2


def check(problem: Problem) -> None:
    """Raise UnsoundProblemError that names every fault: holes in travel, overlapping windows, stray tasks."""
    faults = [*_shapes(problem)] or [
        *_travel(problem),
        *_jobs(problem),
        *_carers(problem),
        *_named(problem),
        *_prices(problem),
    ]
    if faults:
        raise UnsoundProblemError("; ".join(faults))


def reasons(problem: Problem) -> dict[int, str]:
    """Say why no plan can hold a job: nobody is allowed, its window or every shift is too short."""
    found = {}
    for index, job in enumerate(problem.jobs):
        reason = _reason(problem, job)
        if reason:
            found[index] = reason
    return found


def _shapes(problem: Problem) -> Iterator[str]:
    carers, tasks = len(problem.carers), len(problem.tasks)
    if problem.travel.ndim not in {2, 3} or problem.travel.shape[-1] != problem.travel.shape[-2]:
        yield f"travel has shape {problem.travel.shape}, not (nodes, nodes) or (matrices, nodes, nodes)"
    if problem.allowed.shape != (tasks, carers):
        yield f"allowed has shape {problem.allowed.shape}, not {(tasks, carers)}"
    if problem.liking is not None and problem.liking.shape != (tasks, carers):
        yield f"liking has shape {problem.liking.shape}, not {(tasks, carers)}"
    if problem.promised is not None and len(problem.promised) != tasks:
        yield f"promised has {len(problem.promised)} entries, not {tasks}"


def _travel(problem: Problem) -> Iterator[str]:
    cubes = problem.travel.reshape(-1, *problem.travel.shape[-2:])
    bad = np.argwhere(~np.isfinite(cubes) | (cubes < 0))
    if len(bad):
        matrix, row, column = (int(part) for part in bad[0])
        yield f"travel has {len(bad)} holes, the first in matrix {matrix} from {row} to {column}"
    if problem.liking is not None and not np.isfinite(problem.liking).all():
        yield "liking has entries that are no numbers"


def _jobs(problem: Problem) -> Iterator[str]:
    nodes, seen = problem.travel.shape[-1], set[int]()
    for index, job in enumerate(problem.jobs):
        name = f"job {job.id}"
        if not 1 <= len(job.tasks) <= PAIR:
            yield f"{name} has {len(job.tasks)} tasks, not one or two"
        for task in job.tasks:
            if not 0 <= task < len(problem.tasks) or problem.tasks[task].job != index or task in seen:
                yield f"{name} names task {task}, which is not its own"
            seen.add(task)
        yield from _times(name, job)
    for position in set(range(len(problem.tasks))) - seen:
        yield f"task {problem.tasks[position].id} belongs to no job"
    for service in problem.tasks:
        if not 0 <= service.node < nodes or not 0 <= service.duration < np.inf:
            yield f"task {service.id} has node {service.node} and duration {service.duration}"


def _times(name: str, job: Job) -> Iterator[str]:
    ends = [moment for window in job.windows for moment in window]
    if not ends:
        yield f"{name} has no window"
    if not np.isfinite(ends).all() or any(left > right for left, right in pairwise(ends)):
        yield f"{name} has windows that overlap, run backwards or are no numbers: {job.windows}"
    if job.fixed is not None and len(job.fixed) != len(job.tasks):
        yield f"{name} fixes {len(job.fixed)} of {len(job.tasks)} tasks"
    if not 0 <= job.gap[0] <= job.gap[1]:
        yield f"{name} has gap {job.gap}"


def _carers(problem: Problem) -> Iterator[str]:
    nodes = problem.travel.shape[-1]
    matrices = 1 if problem.travel.ndim == PAIR else len(problem.travel)
    for carer in problem.carers:
        if not 0 <= carer.start < nodes or not 0 <= carer.end < nodes or not 0 <= carer.matrix < matrices:
            yield f"carer {carer.id} starts at {carer.start}, ends at {carer.end}, travels by {carer.matrix}"
        if not carer.shift[0] <= carer.shift[1] or not np.isfinite(carer.shift[0]):
            yield f"carer {carer.id} has shift {carer.shift}"


def _named(problem: Problem) -> Iterator[str]:
    """Find carers who are fixed or promised and do not exist."""
    carers = range(len(problem.carers))
    for job in problem.jobs:
        for one in job.fixed or ():
            if one.carer not in carers or not np.isfinite(one.start):
                yield f"job {job.id} fixes carer {one.carer} at {one.start}"
    for task, promise in zip(problem.tasks, problem.promised or (), strict=False):
        if promise is None:
            continue
        if promise.carer is not None and promise.carer not in carers:
            yield f"task {task.id} is promised to carer {promise.carer}"
        if promise.start is not None and not np.isfinite(promise.start):
            yield f"task {task.id} is promised at {promise.start}"


def _prices(problem: Problem) -> Iterator[str]:
    """Find prices that nothing can cost."""
    prices = [*asdict(problem.weights).items()]
    prices += [(f"drop_cost of job {one.id}", one.drop_cost or 0.0) for one in problem.jobs]
    for name, value in prices:
        if not 0 <= value < np.inf:
            yield f"{name} is {value}"


def _reason(problem: Problem, job: Job) -> str | None:
    able = [problem.allowed[task].nonzero()[0] for task in job.tasks]
    if any(len(carers) == 0 for carers in able):
        return "nobody_allowed"
    if len(job.tasks) == PAIR and len({int(carer) for carers in able for carer in carers}) < PAIR:
        return "nobody_allowed"
    longest = max(problem.tasks[task].duration for task in job.tasks)
    is_hard_end = not problem.is_late_allowed and problem.late_at == "end"
    if is_hard_end and job.fixed is None and all(closes - opens < longest for opens, closes in job.windows):
        return "window_too_short"
    if not problem.is_overtime_allowed and any(
        all(not _fits(problem, task, int(carer), job) for carer in carers)
        for task, carers in zip(job.tasks, able, strict=True)
    ):
        return "shift_too_short"
    return None


def _fits(problem: Problem, task: int, index: int, job: Job) -> bool:
    carer, service = problem.carers[index], problem.tasks[task]
    travel = problem.travel if problem.travel.ndim == PAIR else problem.travel[carer.matrix]
    first = carer.shift[0] + travel[carer.start, service.node]
    back = max(first, job.windows[0][0]) + service.duration + travel[service.node, carer.end]
    return bool(back <= carer.shift[1])
