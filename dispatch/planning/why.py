"""Why this one, and why nobody: codes and numbers of those considered, in the shape of `matching`. Pure.

`planned`: extra minutes of travel, what sending them costs beyond it, what speaks for them. Of others: the
code that rules them out; `costlier`, with extra minutes; `full`, with how late it would be.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from dispatch.planning import slots
from dispatch.planning.days import Day
from dispatch.planning.shapes import Asked, Reason
from dispatch.planning.slots import Slot, Stop
from dispatch.roster.fitness import CaregiverFacts, VisitFacts, liking, merits, unfit
from dispatch.search.problem import Assignment

NEAREST = 8
"""So many of those who might have come are priced for a visit that somebody makes."""
NAMED = 40
"""With more caregivers than this, those who may not come are counted by code, not named."""


@dataclass(frozen=True, slots=True)
class Account:
    """A plan as `why` reads it: the routes as stops, and how near each carer comes to each node."""

    day: Day
    routes: Sequence[Sequence[Assignment]]
    stops: Sequence[Sequence[Stop]]
    near: NDArray[np.float64]


def account(day: Day, routes: Sequence[Sequence[Assignment]]) -> Account:
    """Prepare a plan for questions."""
    rows = [slots.stops(day, carer, route) for carer, route in enumerate(routes)]
    return Account(day, routes, rows, slots.nearness(day, routes))


def chosen(book: Account, task: int, carer: int, together: Collection[int]) -> Reason:
    """Say why this carer makes this task (`together`: with whom), and of the others who was considered."""
    day, one = book.day, book.day.visit(task)
    wanted, person = day.facts.visit_facts(one), day.members[carer].facts
    extra = _detour(book, task, carer)
    figures: Reason = {
        "code": "planned",
        "extra_min": round(extra, 1),
        "liking_min": round(liking(person, wanted), 1),
    }
    speaks = merits(person, wanted)
    if speaks:
        figures["merits"] = speaks
    seated = {day.members[each].facts.caregiver_id for each in (carer, *together)}
    rivals = _rivals(book, one, skip=seated, most=NEAREST)
    considered, others = _considered(book, wanted, rivals, seated, names=NAMED)
    return {
        "request": _request(one),
        "chosen": entry(person, figures),
        "considered": [entry(person, figures), *considered],
        **({"others": others} if others else {}),
    }


def nobody(book: Account, one: Asked, reason: Reason) -> Reason:
    """Say why nobody makes a visit: what stands against everybody, and how near it was."""
    wanted = book.day.facts.visit_facts(one)
    if reason["code"] in {"held", "absent", "window_past", "lead_off", "follow_gap", "capacity"}:
        return {"request": _request(one), "chosen": None, "reason": reason, "considered": []}
    rivals = _rivals(book, one, skip=set(), most=len(book.day.members))
    considered, _ = _considered(book, wanted, rivals, set(), names=len(book.day.facts.caregivers))
    return {"request": _request(one), "chosen": None, "reason": reason, "considered": considered}


def standing(one: Asked, person: CaregiverFacts | None) -> Reason:
    """Say that a visit stands as it was: under way, pinned, or too near."""
    code = one.state if one.state in {"en_route", "in_progress"} else "pinned" if one.is_pinned else "near"
    kept = entry(person, {"code": "kept", "because": code}) if person else {"code": "kept", "because": code}
    return {"request": _request(one), "chosen": kept, "considered": []}


def entry(person: CaregiverFacts, figures: Reason) -> Reason:
    """Return one considered person."""
    return {"caregiver_id": str(person.caregiver_id), "name": person.name, **figures}


def _request(one: Asked) -> Reason:
    windows = [{"from": span.starts_at.isoformat(), "to": span.ends_at.isoformat()} for span in one.windows]
    asked = {"service": one.service, "skill": one.skill, "priority": one.priority, "minutes": one.minutes}
    return {**asked, "staff": one.staff, "windows": windows, "at": windows[0]["from"]}


def _detour(book: Account, task: int, carer: int) -> float:
    """Return what the way is longer for this task."""
    legs, who, nodes = book.day.legs(carer), book.day.problem.carers[carer], book.day.problem.tasks
    route = [one.task for one in book.routes[carer]]
    place = route.index(task)
    before = nodes[route[place - 1]].node if place else who.start
    after = nodes[route[place + 1]].node if place + 1 < len(route) else who.end
    here = nodes[task].node
    return float(legs[before, here] + legs[here, after] - legs[before, after])


def _rivals(book: Account, one: Asked, skip: set[UUID], most: int) -> dict[UUID, tuple[int, Slot]]:
    """Return the best room that the nearest of those who may come have, by caregiver."""
    day = book.day
    task = next(nth for nth, (place, _) in enumerate(day.seats) if day.facts.visits[place] is one)
    node, job = day.problem.tasks[task].node, day.problem.jobs[day.problem.tasks[task].job]
    able = [int(carer) for carer in day.problem.allowed[task].nonzero()[0]]
    able = [carer for carer in able if day.members[carer].facts.caregiver_id not in skip]
    able.sort(key=lambda carer: (float(book.near[carer, node]), carer))
    found: dict[UUID, tuple[int, Slot]] = {}
    for carer in able[:most]:
        slot = slots.best(day, carer, book.stops[carer], node, float(one.minutes), job.windows)
        who = day.members[carer].facts.caregiver_id
        if who not in found or _rank(slot) < _rank(found[who][1]):
            found[who] = (carer, slot)
    return found


def _rank(slot: Slot) -> tuple[bool, float, float]:
    return slot.begins is None, slot.late, slot.extra


def _considered(
    book: Account,
    wanted: VisitFacts,
    rivals: dict[UUID, tuple[int, Slot]],
    seated: Collection[UUID],
    names: int,
) -> tuple[list[Reason], dict[str, int]]:
    """Return those who were considered, the nearest first, and how many others fell to which code."""
    ranked = sorted(rivals.values(), key=lambda pair: _rank(pair[1]))
    found = [_priced(book.day.members[carer].facts, slot, wanted) for carer, slot in ranked]
    everybody = book.day.facts.caregivers
    ruled = [(one, reason) for one in everybody if (reason := unfit(one, wanted, book.day.facts.on))]
    farther = len(everybody) - len(ruled) - len(found) - len(seated)
    others = {"farther": farther} if farther > 0 else {}
    if len(everybody) <= names:
        return found + [entry(one, reason) for one, reason in ruled], others
    return found, {**others, **Counter(reason["code"] for _, reason in ruled)}


def _priced(person: CaregiverFacts, slot: Slot, wanted: VisitFacts) -> Reason:
    figures: Reason = {"extra_min": round(slot.extra, 1), "liking_min": round(liking(person, wanted), 1)}
    if slot.begins is None:
        return entry(person, {"code": "full", **figures, "late_min": round(slot.late, 1)})
    return entry(person, {"code": "costlier", **figures})
