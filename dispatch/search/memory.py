"""From a problem to the records of the compiled search, and from them to a solution."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from dispatch.search import layout
from dispatch.search.inspection import reasons
from dispatch.search.layout import NONE, SEQUENTIAL, SIMULTANEOUS, SINGLE, Day
from dispatch.search.pricing import lateness, leg, price
from dispatch.search.problem import Assignment, Break, Dropped, Job, Problem, Solution

NEAR = 40
LINKS = {"simultaneous": SIMULTANEOUS, "sequential": SEQUENTIAL}
FAR = 1e9


def build(problem: Problem, seed: int) -> Day:
    """Lay a problem out in memory, nobody assigned yet."""
    broken = _broken(problem)
    tasks = np.zeros(len(problem.tasks), layout.TASK)
    jobs = np.zeros(len(problem.jobs), layout.JOB)
    pieces = [
        (index, piece)
        for index, job in enumerate(problem.jobs)
        for piece in ([(task,) for task in job.tasks] if _is_split(job) else [job.tasks])
    ]
    units = np.zeros(len(pieces), layout.UNIT)
    windows = np.zeros((len(pieces), max((len(job.windows) for job in problem.jobs), default=1), 2))
    _fill_tasks(problem, tasks)
    _fill_jobs(problem, jobs, broken)
    for place, (index, piece) in enumerate(pieces):
        _fill_unit(problem, index, piece, units[place], windows[place], tasks, broken)
        for task in piece:
            tasks[task]["unit"] = place
        jobs[index]["unit"] = place - jobs[index]["units"]
        jobs[index]["units"] += 1
    allowed = _allowed(problem)
    able = np.zeros((len(tasks), max(1, int(allowed.sum(axis=1).max(initial=1)))), np.int64)
    for task in range(len(tasks)):
        who = allowed[task].nonzero()[0]
        able[task, : len(who)] = who
        tasks[task]["able"] = len(who)
    travel = np.ascontiguousarray(problem.travel.reshape(-1, *problem.travel.shape[-2:]), np.float64)
    near = _near(problem, tasks, units, windows, travel[0])
    order = sorted(range(len(pieces)), key=lambda unit: (windows[unit, 0, 0] + windows[unit, 0, 1], unit))
    for rank, unit in enumerate(order):
        units[unit]["key"] = rank
    random = np.array([(seed * 0x9E3779B97F4A7C15 + 0x1234567) % (1 << 64) or 1], np.uint64)
    return _day(problem, tasks, units, jobs, windows, travel, allowed, able, near, random, broken)


def _is_split(job: Job) -> bool:
    return job.link not in LINKS or len(job.tasks) == 1 or job.fixed is not None


def _broken(problem: Problem) -> float:
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


def _fill_tasks(problem: Problem, tasks: NDArray[np.void]) -> None:
    for index, task in enumerate(problem.tasks):
        row = tasks[index]
        row["node"], row["duration"] = task.node, task.duration
        row["cut"] = task.duration if problem.late_at == "end" else 0.0
        mates = [other for other in problem.jobs[task.job].tasks if other != index]
        row["sibling"] = mates[0] if mates else NONE
        for name in ("carer", "prev", "next"):
            row[name] = NONE


def _fill_jobs(problem: Problem, jobs: NDArray[np.void], broken: float) -> None:
    impossible = reasons(problem)
    for index, job in enumerate(problem.jobs):
        row = jobs[index]
        row["drop"] = 1000.0 * broken if job.drop_cost is None else job.drop_cost
        row["fixed"] = job.fixed is not None
        row["possible"] = index not in impossible or job.fixed is not None


def _fill_unit(problem, index, piece, unit, windows, tasks, broken):  # type: ignore[no-untyped-def]
    job = problem.jobs[index]
    unit["first"] = piece[0]
    unit["second"] = piece[1] if len(piece) > 1 else NONE
    unit["kind"] = SINGLE if len(piece) == 1 else LINKS[job.link]
    unit["least"], unit["most"] = job.gap
    unit["job"] = index
    unit["weight"] = problem.weights.tardiness if problem.is_late_allowed else broken
    unit["promise"] = -math.inf
    unit["windows"] = len(job.windows)
    windows[: len(job.windows)] = job.windows
    if job.fixed is not None:
        unit["fixed"] = 1
        unit["weight"] = broken
        unit["windows"] = 1
        start = job.fixed[job.tasks.index(piece[0])].start
        windows[0] = start, start
        tasks[piece[0]]["cut"] = 0.0
        return
    told = [problem.promised[task] for task in piece] if problem.promised is not None else []
    starts = [promise.start for promise in told if promise is not None and promise.start is not None]
    if starts and problem.weights.shift_move > 0:
        unit["promise"] = min(starts)
        unit["move"] = problem.weights.shift_move


def _allowed(problem: Problem) -> NDArray[np.uint8]:
    allowed = problem.allowed.astype(np.uint8)
    for job in problem.jobs:
        for task, fixed in zip(job.tasks, job.fixed or (), strict=False):
            allowed[task] = 0
            allowed[task, fixed.carer] = 1
    return allowed


def _near(problem, tasks, units, windows, travel):  # type: ignore[no-untyped-def]
    count = len(tasks)
    node, duration, unit = tasks["node"], tasks["duration"], tasks["unit"]
    opens, closes = windows[unit, 0, 0], windows[unit, units["windows"][unit] - 1, 1] - tasks["cut"]
    limit = min(NEAR, max(0, count - 1))
    near = np.zeros((count, max(1, limit)), np.int64)
    able = problem.allowed.astype(np.float32)
    for task in range(count):
        way = travel[node[task], node]
        back = travel[node, node[task]]
        ahead = way + 0.2 * np.maximum(0, opens - closes[task] - duration[task] - way)
        ahead += np.maximum(0, opens[task] + duration[task] + way - closes)
        after = back + 0.2 * np.maximum(0, opens[task] - closes - duration - back)
        after += np.maximum(0, opens + duration + back - closes[task])
        far = np.minimum(ahead, after)
        far[able @ able[task] == 0] += FAR
        far[unit == unit[task]] += 2 * FAR
        first = np.argpartition(far, limit - 1)[:limit] if 0 < limit < count else np.arange(count)
        first = first[np.argsort(far[first], kind="stable")]
        first = first[far[first] < FAR][:limit]
        near[task, : len(first)] = first
        tasks[task]["near"] = len(first)
    return near


def _day(problem, tasks, units, jobs, windows, travel, allowed, able, near, random, broken):  # type: ignore[no-untyped-def]
    carers = np.zeros(len(problem.carers), layout.CARER)
    for index, carer in enumerate(problem.carers):
        row = carers[index]
        row["start"], row["end"], row["matrix"] = carer.start, carer.end, carer.matrix
        row["opens"], row["closes"] = carer.shift[0], min(carer.shift[1], FAR)
        row["break"] = carer.has_break and problem.lunch is not None
        for name in ("first", "last", "lunch"):
            row[name] = NONE
    rules = np.zeros(1, layout.RULES)
    _fill_rules(problem, rules[0], broken)
    rules[0]["units"] = len(units)
    liking = np.zeros(allowed.shape) if problem.liking is None else problem.liking.astype(np.float64).copy()
    for task, promise in enumerate(problem.promised or ()):
        if promise is not None and promise.carer is not None:
            liking[task] += problem.weights.change
            liking[task, promise.carer] -= problem.weights.change
    size = len(tasks)
    return Day(
        tasks, units, jobs, carers, rules, np.zeros(1, layout.STATE), windows, travel, allowed, liking, able, near,
        np.zeros(len(units), np.int64), np.zeros(len(units), np.int64), np.zeros(len(carers), np.int64),
        tasks.copy(), units.copy(), jobs.copy(), carers.copy(), np.zeros(1, layout.STATE),
        np.zeros(size, np.int64), np.zeros(len(units), np.int64), np.zeros(len(jobs), np.int64),
        np.zeros(len(carers), np.int64), np.zeros(size, np.int64), np.zeros(size, np.int64), random,
        np.zeros(16, np.int64),
    )  # fmt: skip


def _fill_rules(problem, rules, broken):  # type: ignore[no-untyped-def]
    w = problem.weights
    rules["travel"], rules["highest"], rules["waiting"] = w.travel, w.highest_tardiness, w.waiting
    rules["idle"], rules["missed"], rules["broken"] = w.max_idle, w.missed_break, broken
    rules["overtime"] = w.overtime if problem.is_overtime_allowed else broken
    rules["leaves_late"], rules["patience"] = problem.leaves_late, 1.0
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


def scale(day: Day, problem: Problem) -> float:
    """Return what a usual leg costs: the measure of the temperature."""
    legs = [
        float(day.travel[0, row["node"], day.tasks["node"][day.near[index, : min(10, row["near"])]]].mean())
        for index, row in enumerate(day.tasks)
        if row["near"] > 0
    ]
    travel = problem.weights.travel * float(np.mean(legs)) if legs else 0.0
    return travel or 1.0


def solution(problem: Problem, day: Day) -> Solution:
    """Read the plan off the records and price it."""
    is_late = bool(day.rules[0]["waiting"] > 0 and day.rules[0]["leaves_late"])
    routes = tuple(_route(problem, day, index, is_late) for index in range(len(problem.carers)))
    impossible = reasons(problem)
    left = [index for index, row in enumerate(day.jobs) if row["served"] == 0]
    cost = price(problem, routes, left)
    dropped = tuple(Dropped(job, impossible.get(job, "no_room")) for job in left)
    order = tuple(
        task for unit in np.argsort(day.units["key"], kind="stable") for task in _tasks(day.units[unit])
    )
    return Solution(routes, dropped, cost, sum(cost.values()), tuple(_hard(problem, routes, left)), order)


def _route(problem: Problem, day: Day, carer: int, is_late: bool) -> tuple[Assignment, ...]:  # noqa: FBT001
    row, found, free = day.carers[carer], [], problem.carers[carer].shift[0]
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


def _hard(
    problem: Problem, routes: tuple[tuple[Assignment, ...], ...], dropped: list[int]
) -> Iterator[tuple[str, int]]:
    yield from (("mandatory", job) for job in dropped if problem.jobs[job].drop_cost is None)
    for index, route in enumerate(routes):
        carer = problem.carers[index]
        for stop in route:
            is_fixed = problem.jobs[problem.tasks[stop.task].job].fixed is not None
            if (is_fixed or not problem.is_late_allowed) and lateness(problem, stop) > 0:
                yield "fixed" if is_fixed else "late", stop.task
            if (
                problem.lunch is not None
                and stop.lunch is not None
                and stop.lunch > _limit(problem.lunch) + 1e-6
            ):
                yield "break", index
        if route and not problem.is_overtime_allowed:
            back = route[-1].end + leg(problem, carer, problem.tasks[route[-1].task].node, carer.end)
            if back > carer.shift[1] + 1e-6:  # noqa: PLR2004 - what adding floats leaves
                yield "overtime", index


def _limit(lunch: Break) -> float:
    return lunch.window[1] - (0.0 if lunch.at_start else lunch.duration)


def jobs_by_time(day: Day) -> NDArray[np.int64]:
    """Return the jobs that are not in the plan, in the order of their keys."""
    order = np.argsort(day.units["key"][day.jobs["unit"]], kind="stable")
    return order[day.jobs["served"][order] == 0].astype(np.int64)


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
