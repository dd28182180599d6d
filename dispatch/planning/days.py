"""A day as the search's problem, and what its positions mean. Pure; minutes count from `origin`.

A visit begins in one of its windows (as its proof asks of the check-in), so a window shorter than the service
is no fault. What is under way, pinned or begins soon stands; what was promised costs when it changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from dispatch.planning.crew import Member, Point
from dispatch.planning.shapes import Asked, DayFacts, Reason
from dispatch.search.problem import Problem

DAY = timedelta(days=1)
UNDER_WAY = ("en_route", "in_progress")
Travel = Mapping[float, NDArray[np.float64]]
"""Minutes between the points of a day, by speed in km/h."""
Settled = Mapping[UUID, tuple[datetime, tuple[UUID, ...]]]
"""When leads begin and who makes them, as an earlier pass has found."""


@dataclass(frozen=True, slots=True, eq=False)
class Day:
    """A problem with its key: `members` by carer, `seats` (visit, seat) by task, what is left out and why."""

    facts: DayFacts
    origin: datetime
    problem: Problem
    members: tuple[Member, ...]
    seats: tuple[tuple[int, int], ...]
    excluded: Mapping[UUID, Reason]
    waiting: Mapping[UUID, UUID]

    def visit(self, task: int) -> Asked:
        """Return the visit of a task."""
        return self.facts.visits[self.seats[task][0]]

    def at(self, minute: float) -> datetime:
        """Return the instant of a minute of the problem, to the second."""
        return self.origin + timedelta(seconds=round(minute * 60))

    def minute(self, at: datetime) -> float:
        """Return the minute of an instant."""
        return (at - self.origin).total_seconds() / 60

    def legs(self, carer: int) -> NDArray[np.float64]:
        """Return the travel times of a carer's vehicle."""
        cube: NDArray[np.float64] = self.problem.travel[self.problem.carers[carer].matrix]
        return cube


def points(facts: DayFacts) -> list[Point]:
    """Return every place of a day once, in the order of the problem's nodes."""
    places = [(one.lat, one.lon) for one in facts.visits]
    places += [(one.lat, one.lon) for one in facts.caregivers]
    places += [(one.lat, one.lon) for one in facts.last.values()]
    return list(dict.fromkeys(places))


def speeds(facts: DayFacts) -> list[float]:
    """Return the speeds at which people travel on a day; there is always one."""
    return sorted({one.speed_kmh for one in facts.caregivers}) or [1.0]


def is_frozen(facts: DayFacts, one: Asked) -> bool:
    """Say whether who comes and when stands: under way, an emergency, pinned, soon, or another day's."""
    if one.state in UNDER_WAY or (one.is_emergency and one.people):
        return True
    if one.state not in {"offered", "accepted"} or one.planned_start is None:
        return False
    if facts.released.intersection(one.people):
        return False
    if not facts.midnight <= one.planned_start < facts.midnight + DAY:
        return True
    return one.is_pinned or facts.now <= one.planned_start <= facts.now + facts.manner.freeze
