"""A day solved: the search is asked once, and again for visits that wait for the time of others. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from dispatch.planning.building import build
from dispatch.planning.days import Day, Settled, Travel
from dispatch.planning.shapes import DayFacts
from dispatch.search.problem import Assignment, Progress, Solution
from dispatch.search.solve import solve

DEEPEST = 3
"""Visits may follow visits that follow others; so many passes are made at the most."""
FIRST_SHARE = 0.6
"""What part of the time the first pass gets when another one is needed."""
Seen = Callable[[Day, Progress], None]


def solve_day(
    facts: DayFacts,
    travel: Travel,
    *,
    seconds: float = 10.0,
    iterations: int | None = None,
    seed: int = 0,
    threads: int = 1,
    progress: Seen | None = None,
    stop: Callable[[], bool] | None = None,
) -> tuple[Day, Solution]:
    """Return the problem of a day and its plan; `progress` hears of every better one."""
    settled: Settled = {}
    left = seconds
    day = build(facts, travel, settled)
    begun = warm_start(day)
    for nth in range(DEEPEST):
        share = FIRST_SHARE * left if day.waiting and nth + 1 < DEEPEST else left
        left -= share
        best = solve(
            day.problem,
            seconds=share,
            iterations=iterations,
            seed=seed,
            threads=threads,
            start=begun,
            progress=_hearing(day, progress),
            stop=stop,
        )
        timed = _leads(day, best)
        if not timed:
            break
        settled = {**settled, **timed}
        following = build(facts, travel, settled)
        begun = moved(day, best, following)
        day = following
    return day, best


def warm_start(day: Day) -> Solution | None:
    """Return the plan as it stands, as far as it names people and times; None: there is none."""
    stays: dict[int, list[Assignment]] = {}
    for task, (place, seat) in enumerate(day.seats):
        one = day.facts.visits[place]
        if one.planned_start is None or seat >= len(one.people):
            continue
        carer = _carer(day, one.people[seat], one.planned_start)
        if carer is not None and day.problem.allowed[task, carer]:
            start = day.minute(one.begins_at)
            stay = Assignment(task, carer, start, start + day.problem.tasks[task].duration)
            stays.setdefault(carer, []).append(stay)
    if not stays:
        return None
    routes = [sorted(stays.get(nth, ()), key=lambda one: one.start) for nth in range(len(day.members))]
    return Solution(tuple(tuple(route) for route in routes), (), {}, 0.0)


def moved(day: Day, solution: Solution, following: Day) -> Solution:
    """Return a plan's routes for the next pass, in which tasks may have got other numbers."""
    number = {one.id: nth for nth, one in enumerate(following.problem.tasks)}
    names = [one.id for one in day.problem.tasks]
    routes = tuple(
        tuple(replace(one, task=number[names[one.task]]) for one in route if names[one.task] in number)
        for route in solution.routes
    )
    return Solution(routes, (), {}, 0.0)


def _hearing(day: Day, progress: Seen | None) -> Callable[[Progress], None] | None:
    if progress is None:
        return None
    return lambda so_far: progress(day, so_far)


def _leads(day: Day, solution: Solution) -> dict[UUID, tuple[datetime, tuple[UUID, ...]]]:
    """Return when the visits that others wait for begin, and who makes them."""
    wanted = set(day.waiting.values())
    found: dict[UUID, list[tuple[float, UUID]]] = {}
    for route in solution.routes:
        for one in route:
            lead = day.visit(one.task).visit_id
            if lead in wanted:
                found.setdefault(lead, []).append((one.start, _who(day, one)))
    return {
        lead: (day.origin + timedelta(minutes=seats[0][0]), tuple(who for _, who in seats))
        for lead, seats in found.items()
    }


def _who(day: Day, one: Assignment) -> UUID:
    return day.members[one.carer].facts.caregiver_id


def _carer(day: Day, caregiver: UUID, at: datetime) -> int | None:
    members: Sequence[int] = [
        nth
        for nth, one in enumerate(day.members)
        if one.facts.caregiver_id == caregiver and one.span.starts_at <= at < one.span.ends_at
    ]
    return members[0] if members else None
