"""Prices a plan of a district's day by the day's own file: its weights, its hard times, what was promised."""

from typing import NamedTuple

from dispatch.evaluator.day_files import Carer, Day, Job, Plan, Stop, Task
from dispatch.evaluator.day_routes import SLACK, Walked, walk
from dispatch.evaluator.report import Findings, Report, decode


class Given(NamedTuple):
    """A service that was given: by whom (a place in the list) and when."""

    carer: int
    stop: Stop


def evaluate(instance: bytes, solution: bytes) -> Report:
    """Price a plan."""
    file, plan = decode(Day, instance, "day"), decode(Plan, solution, "plan")
    found = Findings()
    tasks = {task.id: task for job in file.jobs for task in job.tasks}
    routes = _routes(file, plan, tasks, found)
    days = [walk(file, nth, [(tasks[stop.task], stop) for stop in routes[nth]], found) for nth in routes]
    given: dict[str, list[Given]] = {name: [] for name in tasks}
    for nth, stops in routes.items():
        for stop in stops:
            given[stop.task].append(Given(nth, stop))
    served = [job for job in file.jobs if _is_served(job, given, found)]
    late = [_late(file, job, task, given[task.id][0], found) for job in served for task in job.tasks]
    raw = {
        "travel": sum(day.travel for day in days),
        "tardiness": sum(late),
        "highest_tardiness": max(late, default=0.0),
        "waiting": sum(day.waiting for day in days),
        "overtime": sum(day.overtime for day in days),
        "max_idle": max((day.idle for day in days), default=0.0),
        "missed_break": float(sum(_misses(file, file.carers[nth], days[nth]) for nth in routes)),
        **_promises(file, served, given),
    }
    cost = {
        name: value * file.weights.get(name, 0.0) for name, value in raw.items() if file.weights.get(name)
    }
    cost["liking"] = sum(task.costs(given[task.id][0].carer) for job in served for task in job.tasks)
    names = {job.id for job in served}
    cost["unserved"] = sum(job.drop_cost or 0.0 for job in file.jobs if job.id not in names)
    figures = {**raw, "served": float(len(served)), "unserved": float(len(file.jobs) - len(served))}
    return Report(cost, figures, tuple(found.violations), tuple(found.lenient))


def _routes(file: Day, plan: Plan, tasks: dict[str, Task], found: Findings) -> dict[int, list[Stop]]:
    """Return the stops of every carer in the order of time; what nobody knows is a fault."""
    place = {one.id: nth for nth, one in enumerate(file.carers)}
    routes: dict[int, list[Stop]] = {}
    for route in plan.routes:
        nth = place.get(route.carer)
        if nth is None or nth in routes:
            found.breaks("unknown_carer" if nth is None else "carer_twice", route.carer)
            continue
        for stop in route.stops:
            if stop.task not in tasks:
                found.breaks("unknown_task", stop.task)
        known = [stop for stop in route.stops if stop.task in tasks]
        routes[nth] = sorted(known, key=lambda stop: (stop.start, stop.end))
    return {nth: routes.get(nth, []) for nth in range(len(file.carers))}


def _is_served(job: Job, given: dict[str, list[Given]], found: Findings) -> bool:
    """Look at what a job was given; return whether it was all of it."""
    counts = [len(given[task.id]) for task in job.tasks]
    if not any(counts):
        if job.drop_cost is None:
            found.breaks("mandatory", job.id)
        return False
    if any(count != 1 for count in counts):
        found.breaks("served", job.id)
        return False
    for nth, task in enumerate(job.tasks):
        _task(job, nth, task, given[task.id][0], found)
    if len(job.tasks) > 1:
        _pair(job, given[job.tasks[0].id][0], given[job.tasks[1].id][0], found)
    return True


def _task(job: Job, nth: int, task: Task, one: Given, found: Findings) -> None:
    """Look at one service: who gives it, how long, and whether it is as it was fixed."""
    fixed = None if job.fixed is None else job.fixed[nth]
    if fixed is not None:
        is_other = fixed.carer != one.carer
        if is_other or fixed.start is None or abs(fixed.start - one.stop.start) > SLACK:
            found.breaks("fixed", task.id)
    elif one.carer not in task.allowed:
        found.breaks("allowed", task.id)
    if abs(one.stop.end - one.stop.start - task.duration) > SLACK:
        found.breaks("duration", task.id, one.stop.end - one.stop.start - task.duration)


def _pair(job: Job, first: Given, second: Given, found: Findings) -> None:
    if first.carer == second.carer:
        found.breaks("same_carer", job.id)
    gap = second.stop.start - first.stop.start
    low, high = job.gap if job.link == "sequential" else (0.0, 0.0)
    if job.link != "independent" and not low - SLACK <= gap <= high + SLACK:
        found.breaks(job.link, job.id, gap)


def _late(file: Day, job: Job, task: Task, one: Given, found: Findings) -> float:
    """Return how late a service is against the last window that opened before it; what is fixed never is."""
    if job.fixed is not None:
        return 0.0
    start = one.stop.start
    if start < job.windows[0][0] - SLACK:
        found.breaks("early", task.id, job.windows[0][0] - start)
    opened = [window for window in job.windows if window[0] <= start + SLACK] or job.windows[:1]
    late = (start if file.late_at == "start" else one.stop.end) - opened[-1][1]
    if late <= SLACK:
        return 0.0
    if not file.is_late_allowed:
        found.breaks("late", task.id, late)
    return late


def _promises(file: Day, served: list[Job], given: dict[str, list[Given]]) -> dict[str, float]:
    """Return how many services changed hands, and how much later than promised they start in all."""
    changes, moved = 0, 0.0
    is_moving = file.weights.get("shift_move", 0.0) > 0
    for task in (task for job in served for task in job.tasks):
        one = given[task.id][0]
        if task.promised is None:
            continue
        changes += task.promised.carer not in {None, one.carer}
        if is_moving and task.promised.start is not None:
            moved += max(0.0, one.stop.start - task.promised.start)
    return {"change": float(changes), "shift_move": moved}


def _misses(file: Day, carer: Carer, day: Walked) -> bool:
    return file.lunch is not None and carer.has_break and not day.breaks
