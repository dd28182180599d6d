"""From the search's answer to a plan's items: who, when, how far, and why; and what nobody makes. Pure."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from dispatch.planning import why
from dispatch.planning.days import Day, is_frozen
from dispatch.planning.shapes import Asked, Drafted, Planned, Reason, Rest
from dispatch.planning.why import Account
from dispatch.search.problem import Assignment, Solution


def draft(day: Day, solution: Solution, *, is_final: bool) -> Drafted:
    """Return the plan that a solution is; `why` is told in full only of the final one."""
    routes = solution.routes
    book = why.account(day, routes) if is_final else None
    made = {
        one.task: (carer, place, one) for carer, route in enumerate(routes) for place, one in enumerate(route)
    }
    items: list[Planned] = []
    reasons = {
        visit: {"code": gone.reason}
        for gone in solution.dropped
        for visit in (day.visit(task).visit_id for task in day.problem.jobs[gone.job].tasks)
    }
    reasons |= {one: {"code": "lead_unplanned", "lead": str(lead)} for one, lead in day.waiting.items()}
    tasks = _tasks(day)
    for one in day.facts.visits:
        seated = [made[task] for task in tasks.get(one.visit_id, ()) if task in made]
        if seated:
            items += _made(day, one, _seated(day, one, seated), routes, book)
        elif day.excluded.get(one.visit_id, {}).get("code") == "kept":
            items += _kept(day, one)
        else:
            reason = day.excluded.get(one.visit_id) or reasons.get(one.visit_id, {"code": "no_room"})
            items.append(_nobody(one, reason, book))
    return Drafted(tuple(items), tuple(_rests(day, routes)), cost(solution))


def cost(solution: Solution) -> dict[str, Any]:
    """Return what a plan costs, weighted, by component."""
    parts = {name: round(value, 3) for name, value in solution.cost.items()}
    return {"total": round(solution.total, 3), "parts": parts}


def _tasks(day: Day) -> Mapping[UUID, list[int]]:
    found: dict[UUID, list[int]] = {}
    for task in range(len(day.seats)):
        found.setdefault(day.visit(task).visit_id, []).append(task)
    return found


Routes = Sequence[Sequence[Assignment]]
Seated = tuple[int, int, Assignment]
"""Carer, place in the route, assignment."""


def _seated(day: Day, one: Asked, seated: Sequence[Seated]) -> list[Seated]:
    """Let lead who leads already; else the order of the tasks."""
    return sorted(seated, key=lambda seat: day.members[seat[0]].facts.caregiver_id != one.caregiver_id)


def _made(
    day: Day, one: Asked, seated: Sequence[Seated], routes: Routes, book: Account | None
) -> list[Planned]:
    found = []
    for seat, (carer, place, task) in enumerate(seated):
        member = day.members[carer].facts
        if is_frozen(day.facts, one):
            told = why.standing(one, member)
        elif book is None:
            told = {"chosen": why.entry(member, {"code": "planned"}), "considered": []}
        else:
            told = why.chosen(book, task.task, carer, [other for other, *_ in seated if other != carer])
        travel, wait = _way(day, carer, routes[carer], place)
        times = (day.at(task.start), day.at(task.end))
        found.append(Planned(one.visit_id, seat, member.caregiver_id, place, *times, travel, wait, told))
    return found


def _way(day: Day, carer: int, route: Sequence[Assignment], place: int) -> tuple[int, int]:
    """Return seconds of travel to a stop, and of waiting there: none before the first, none in a break."""
    legs, tasks, one = day.legs(carer), day.problem.tasks, route[place]
    if not place:
        return round(float(legs[day.problem.carers[carer].start, tasks[one.task].node]) * 60), 0
    before = route[place - 1]
    travel = float(legs[tasks[before.task].node, tasks[one.task].node])
    rest = day.problem.lunch.duration if one.lunch is not None and day.problem.lunch else 0.0
    return round(travel * 60), max(0, round((one.start - before.end - travel - rest) * 60))


def _kept(day: Day, one: Asked) -> list[Planned]:
    """Return a visit that stands although its caregiver has no shift any more."""
    ends = one.planned_end or one.begins_at + timedelta(minutes=one.minutes)
    names = {each.caregiver_id: each for each in day.facts.caregivers}
    return [
        Planned(one.visit_id, seat, who, None, one.begins_at, ends, None, None,
                why.standing(one, names.get(who)))
        for seat, who in enumerate(one.people)
    ]  # fmt: skip


def _nobody(one: Asked, reason: Reason, book: Account | None) -> Planned:
    told = why.nobody(book, one, reason) if book else {"chosen": None, "reason": reason, "considered": []}
    return Planned(one.visit_id, 0, None, None, None, None, None, None, told)


def _rests(day: Day, routes: Sequence[Sequence[Assignment]]) -> list[Rest]:
    lasts = day.problem.lunch.duration if day.problem.lunch else 0.0
    return [
        Rest(day.members[carer].facts.caregiver_id, day.at(one.lunch), day.at(one.lunch + lasts),
             day.visit(one.task).visit_id)
        for carer, route in enumerate(routes)
        for one in route
        if one.lunch is not None
    ]  # fmt: skip
