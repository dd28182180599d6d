"""What a plan costs, component by component, from its routes alone."""

from __future__ import annotations

from dispatch.search.problem import Assignment, Carer, Problem

NAMES = (
    "travel", "tardiness", "highest_tardiness", "waiting", "overtime", "max_idle", "liking", "unserved",
    "missed_break", "change", "shift_move",
)  # fmt: skip


def price(
    problem: Problem, routes: tuple[tuple[Assignment, ...], ...], dropped: list[int]
) -> dict[str, float]:
    """Price routes and what is left out; what is hard and broken is not in it."""
    w = problem.weights
    cost = dict.fromkeys(NAMES, 0.0)
    for index, route in enumerate(routes):
        for name, value in _route(problem, problem.carers[index], route).items():
            cost[name] = max(cost[name], value) if name == "max_idle" else cost[name] + value
    for stop in (stop for route in routes for stop in route):
        late = lateness(problem, stop)
        cost["tardiness"] += w.tardiness * late
        cost["highest_tardiness"] = max(cost["highest_tardiness"], w.highest_tardiness * late)
        if problem.liking is not None:
            cost["liking"] += float(problem.liking[stop.task, stop.carer])
        promise = problem.promised[stop.task] if problem.promised is not None else None
        if promise is not None and promise.carer is not None and promise.carer != stop.carer:
            cost["change"] += w.change
        if promise is not None and promise.start is not None:
            cost["shift_move"] += w.shift_move * max(0.0, stop.start - promise.start)
    cost["unserved"] = sum(problem.jobs[job].drop_cost or 0.0 for job in dropped)
    return cost


def lateness(problem: Problem, stop: Assignment) -> float:
    """Return how late a stop is against the last window that opened before it; what is fixed never is."""
    job = problem.jobs[problem.tasks[stop.task].job]
    if job.fixed is not None:
        return 0.0
    moment = stop.start if problem.late_at == "start" else stop.end
    opened = [window for window in job.windows if window[0] <= stop.start + 1e-6] or [job.windows[0]]
    late = moment - opened[-1][1]
    return late if late > 1e-6 else 0.0  # noqa: PLR2004 - what adding floats leaves


def leg(problem: Problem, carer: Carer, a: int, b: int) -> float:
    """Return the travel of a carer from node to node."""
    travel = problem.travel if problem.travel.ndim == 2 else problem.travel[carer.matrix]  # noqa: PLR2004
    return float(travel[a, b])


def _route(problem: Problem, carer: Carer, route: tuple[Assignment, ...]) -> dict[str, float]:
    w, lunch = problem.weights, problem.lunch
    opens, closes = carer.shift
    length = closes - opens if w.max_idle else 0.0
    misses = w.missed_break if carer.has_break and lunch is not None else 0.0
    if not route:
        return {"max_idle": w.max_idle * length, "missed_break": misses}
    travel = waiting = idle = 0.0
    node, free = carer.start, opens
    for place, stop in enumerate(route):
        to = problem.tasks[stop.task].node
        way = leg(problem, carer, node, to)
        travel += way
        arrival, begins = free + way, stop.start
        if stop.lunch is not None and lunch is not None:
            misses = 0.0
            wait = stop.lunch - arrival
            idle += wait
            waiting += wait if place or not problem.leaves_late else 0.0
            arrival = stop.lunch + lunch.duration
        wait = begins - arrival
        idle += wait
        opening = place == 0 and (problem.leaves_late or stop.lunch is not None)
        waiting += 0.0 if opening else wait
        node, free = to, stop.end
    home = leg(problem, carer, node, carer.end)
    back = free + home
    idle += max(0.0, closes - back) if w.max_idle else 0.0
    return {
        "travel": w.travel * (travel + home),
        "waiting": w.waiting * waiting,
        "overtime": w.overtime * max(0.0, back - closes),
        "max_idle": w.max_idle * idle,
        "missed_break": misses,
    }
