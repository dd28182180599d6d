"""From a problem to the records of the compiled search."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dispatch.search import layout
from dispatch.search.layout import NONE, SEQUENTIAL, SIMULTANEOUS, SINGLE, Day
from dispatch.search.problem import Job, Problem

NEAR = 40
LINKS = {"simultaneous": SIMULTANEOUS, "sequential": SEQUENTIAL}
FAR = 1e9
Rows = NDArray[np.void]
Floats = NDArray[np.float64]


def build(problem: Problem, seed: int, impossible: Mapping[int, str]) -> Day:
    """Lay a problem out in memory, nobody assigned yet; what is impossible is never tried."""
    broken = _broken(problem)
    tasks, jobs = np.zeros(len(problem.tasks), layout.TASK), np.zeros(len(problem.jobs), layout.JOB)
    for index, row in enumerate(tasks):
        _fill_task(problem, index, row)
    _fill_jobs(problem, jobs, broken, impossible)
    units, windows = _units(problem, tasks, jobs, broken)
    allowed = _allowed(problem)
    able = np.zeros((len(tasks), max(1, int(allowed.sum(axis=1).max(initial=1)))), np.int64)
    for index, row in enumerate(tasks):
        who = allowed[index].nonzero()[0]
        able[index, : len(who)] = who
        row["able"] = len(who)
    travel = np.ascontiguousarray(problem.travel.reshape(-1, *problem.travel.shape[-2:]), np.float64)
    near = _near(tasks, units, windows, travel[0], allowed)
    carers, rules = _carers(problem), np.zeros(1, layout.RULES)
    _fill_rules(problem, rules[0], broken)
    rules[0]["units"] = len(units)
    spare = [np.zeros(max(1, len(rows)), np.int64) for rows in (tasks, units, jobs, carers)]
    return Day(
        tasks=tasks, units=units, jobs=jobs, carers=carers, rules=rules, state=np.zeros(1, layout.STATE),
        windows=windows, travel=travel, allowed=allowed, liking=_liking(problem), able=able, near=near,
        ahead=spare[1].copy(), behind=spare[1].copy(), dirty=spare[3].copy(),
        old_tasks=tasks.copy(), old_units=units.copy(), old_jobs=jobs.copy(), old_carers=carers.copy(),
        old_state=np.zeros(1, layout.STATE),
        was_tasks=spare[0].copy(), was_units=spare[1], was_jobs=spare[2], was_carers=spare[3],
        left=spare[0].copy(), right=spare[0],
        random=np.array([_mixed(seed)], np.uint64), figures=np.zeros(16, np.int64),
    )  # fmt: skip


def copied(day: Day) -> Day:
    """Return records of their own for another plan of the same day."""
    copies: Any = [array.copy() for array in day]
    return Day(*copies)


def scale(day: Day, problem: Problem) -> float:
    """Return what a usual leg costs: the measure of the temperature."""
    nodes = day.tasks["node"]
    legs = [
        float(day.travel[0, row["node"], nodes[day.near[index, : min(10, row["near"])]]].mean())
        for index, row in enumerate(day.tasks)
        if row["near"] > 0
    ]
    return problem.weights.travel * float(np.mean(legs)) or 1.0 if legs else 1.0


def _mixed(seed: int) -> int:
    """Return a random state that differs in half its bits from that of the next seed, and is never 0."""
    word = (seed + 1) * 0x9E3779B97F4A7C15 % (1 << 64)
    word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9 % (1 << 64)
    return (word ^ (word >> 27)) or 1


def _is_split(job: Job) -> bool:
    """Say whether the tasks of a job have times of their own."""
    return job.link not in LINKS or len(job.tasks) == 1 or job.fixed is not None


def _broken(problem: Problem) -> float:
    """Return what a unit of time of what must not be costs: more than anything that may be."""
    w = problem.weights
    costs = [
        1.0,
        w.travel,
        w.tardiness,
        w.highest_tardiness,
        w.waiting,
        w.overtime,
        w.max_idle,
        w.missed_break,
    ]
    costs += [job.drop_cost for job in problem.jobs if job.drop_cost is not None]
    return 100.0 * max(costs)


def _fill_task(problem: Problem, index: int, row: np.void) -> None:
    task = problem.tasks[index]
    job = problem.jobs[task.job]
    row["node"], row["duration"] = task.node, task.duration
    row["cut"] = task.duration if problem.late_at == "end" and job.fixed is None else 0.0
    mates = [other for other in job.tasks if other != index]
    row["sibling"] = mates[0] if mates else NONE
    for name in ("carer", "prev", "next"):
        row[name] = NONE
    row["promise"] = -math.inf
    promise = problem.promised[index] if problem.promised is not None else None
    if (
        promise is not None
        and promise.start is not None
        and problem.weights.shift_move > 0
        and job.fixed is None
    ):
        row["promise"] = min(promise.start, job.windows[-1][1] - row["cut"])
        row["move"] = problem.weights.shift_move


def _fill_jobs(problem: Problem, jobs: Rows, broken: float, impossible: Mapping[int, str]) -> None:
    for index, (job, row) in enumerate(zip(problem.jobs, jobs, strict=True)):
        row["drop"] = 1000.0 * broken if job.drop_cost is None else job.drop_cost
        row["fixed"] = job.fixed is not None
        row["possible"] = index not in impossible or job.fixed is not None


def _units(problem: Problem, tasks: Rows, jobs: Rows, broken: float) -> tuple[Rows, Floats]:
    """Return what is placed at once: a task, or two that are bound to each other; and their windows."""
    pieces = [
        (index, piece)
        for index, job in enumerate(problem.jobs)
        for piece in ([(task,) for task in job.tasks] if _is_split(job) else [job.tasks])
    ]
    units = np.zeros(len(pieces), layout.UNIT)
    windows = np.zeros((len(pieces), max((len(job.windows) for job in problem.jobs), default=1), 2))
    for place, (index, piece) in enumerate(pieces):
        job, unit = problem.jobs[index], units[place]
        unit["first"], unit["second"] = piece[0], piece[1] if len(piece) > 1 else NONE
        unit["kind"] = SINGLE if len(piece) == 1 else LINKS[job.link]
        unit["least"], unit["most"] = job.gap
        unit["job"] = index
        is_soft = problem.is_late_allowed and job.fixed is None
        unit["weight"] = problem.weights.tardiness if is_soft else broken
        unit["fixed"] = job.fixed is not None
        times = job.windows
        if job.fixed is not None:
            start = job.fixed[job.tasks.index(piece[0])].start
            times = ((start, start),)
        unit["windows"] = len(times)
        windows[place, : len(times)] = times
        for task in piece:
            tasks[task]["unit"] = place
        jobs[index]["unit"] = place - jobs[index]["units"]
        jobs[index]["units"] += 1
    middle = [windows[unit, 0].sum() for unit in range(len(pieces))]
    units["key"][np.argsort(np.array(middle), kind="stable")] = np.arange(len(pieces))
    return units, windows


def _allowed(problem: Problem) -> NDArray[np.uint8]:
    allowed = np.ascontiguousarray(problem.allowed, np.uint8).copy()
    for job in problem.jobs:
        for task, fixed in zip(job.tasks, job.fixed or (), strict=False):
            allowed[task] = 0
            allowed[task, fixed.carer] = 1
    return allowed


def _liking(problem: Problem) -> Floats:
    liking = np.zeros(problem.allowed.shape)
    if problem.liking is not None:
        liking += problem.liking
    for task, promise in enumerate(problem.promised or ()):
        if promise is not None and promise.carer is not None:
            liking[task] += problem.weights.change
            liking[task, promise.carer] -= problem.weights.change
    return liking


def _near(
    tasks: Rows, units: Rows, windows: Floats, travel: Floats, allowed: NDArray[np.uint8]
) -> NDArray[np.int64]:
    """Return for each task those that a carer may do just before or after it with little way and waiting."""
    count = len(tasks)
    node, duration, unit = tasks["node"], tasks["duration"], tasks["unit"]
    opens = np.maximum(windows[unit, 0, 0], tasks["promise"])
    closes = windows[unit, units["windows"][unit] - 1, 1] - tasks["cut"]
    limit = min(NEAR, max(0, count - 1))
    near, able = np.zeros((count, max(1, limit)), np.int64), allowed.astype(np.float32)
    for task in range(count):
        way, back = travel[node[task], node], travel[node, node[task]]
        ahead = way + 0.2 * np.maximum(0, opens - closes[task] - duration[task] - way)
        ahead += np.maximum(0, opens[task] + duration[task] + way - closes)
        after = back + 0.2 * np.maximum(0, opens[task] - closes - duration - back)
        after += np.maximum(0, opens + duration + back - closes[task])
        far = np.minimum(ahead, after)
        far[able @ able[task] == 0] += FAR
        far[unit == unit[task]] += FAR
        first = np.argsort(far, kind="stable")[:limit]
        first = first[far[first] < FAR]
        near[task, : len(first)] = first
        tasks[task]["near"] = len(first)
    return near


def _carers(problem: Problem) -> Rows:
    carers = np.zeros(len(problem.carers), layout.CARER)
    for carer, row in zip(problem.carers, carers, strict=True):
        row["start"], row["end"], row["matrix"] = carer.start, carer.end, carer.matrix
        row["opens"], row["closes"] = carer.shift[0], min(carer.shift[1], FAR)
        row["break"] = carer.has_break and problem.lunch is not None
        for name in ("first", "last", "lunch"):
            row[name] = NONE
    return carers


def _fill_rules(problem: Problem, rules: Any, broken: float) -> None:  # noqa: ANN401 - a record
    w = problem.weights
    rules["travel"], rules["highest"], rules["waiting"] = w.travel, w.highest_tardiness, w.waiting
    rules["idle"], rules["missed"], rules["broken"] = w.max_idle, w.missed_break, broken
    rules["overtime"] = w.overtime if problem.is_overtime_allowed else broken
    rules["leaves_late"] = problem.leaves_late
    rules["tasks"], rules["jobs"], rules["carers"] = (
        len(problem.tasks),
        len(problem.jobs),
        len(problem.carers),
    )
    rules["hard"] = not problem.is_late_allowed
    rules["optional"] = any(job.drop_cost is not None for job in problem.jobs)
    if problem.lunch is not None:
        lunch = problem.lunch
        rules["opens"], rules["lunch"] = lunch.window[0], lunch.duration
        rules["limit"] = lunch.window[1] - (0 if lunch.at_start else lunch.duration)
        rules["breaks"] = any(carer.has_break for carer in problem.carers)
