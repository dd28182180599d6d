"""Room in a route: where one more visit fits between two others, and what it would cost. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf

import numpy as np
from numpy.typing import NDArray

from dispatch.planning.days import Day
from dispatch.search.problem import Assignment

EPSILON = 1e-6


@dataclass(frozen=True, slots=True)
class Stop:
    """A place in a route: since when one may leave it, and when one must have come at the latest."""

    node: int
    free: float
    latest: float


@dataclass(frozen=True, slots=True)
class Slot:
    """The best room for a visit: begin (None: there is none), extra minutes of travel, minutes too late."""

    begins: float | None
    extra: float
    late: float = 0.0
    after: int = 0


def stops(day: Day, carer: int, route: Sequence[Assignment], *, without: int | None = None) -> list[Stop]:
    """Return a carer's day as stops, home first and last; `without` leaves a task out."""
    problem, legs = day.problem, day.legs(carer)
    who = problem.carers[carer]
    kept = [one for one in route if one.task != without]
    found = [Stop(who.end, inf, who.shift[1])]
    for one in reversed(kept):
        task, after = problem.tasks[one.task], found[-1]
        job = problem.jobs[task.job]
        lasts = one.end - one.start
        slack = after.latest - float(legs[task.node, after.node]) - lasts
        if job.fixed or len(job.tasks) > 1:
            slack = min(slack, one.start)
        window = next(
            (w for w in job.windows if w[0] - EPSILON <= one.start <= w[1] + EPSILON), job.windows[-1]
        )
        begun = one.start if one.lunch is None else one.lunch
        latest = min(slack, window[1]) - (one.start - begun if one.lunch is not None else 0.0)
        found.append(Stop(task.node, one.end, max(latest, begun)))
    found.append(Stop(who.start, who.shift[0], who.shift[0]))
    return found[::-1]


def best(
    day: Day,
    carer: int,
    route: Sequence[Stop],
    node: int,
    lasts: float,
    windows: Sequence[tuple[float, float]],
) -> Slot:
    """Return the cheapest room for a visit in a route; when there is none, the one that is least too late."""
    legs = day.legs(carer)
    found, nearest = Slot(None, inf), Slot(None, inf, inf)
    for place, (here, there) in enumerate(pairwise(route)):
        extra = float(legs[here.node, node] + legs[node, there.node] - legs[here.node, there.node])
        arrives = here.free + float(legs[here.node, node])
        for opens, closes in windows:
            begins = max(arrives, opens)
            back = begins + lasts + float(legs[node, there.node])
            late = max(begins - closes, back - there.latest, 0.0)
            if late <= EPSILON and extra < found.extra:
                found = Slot(begins, extra, 0.0, place)
            elif (late, extra) < (nearest.late, nearest.extra):
                nearest = Slot(None, extra, late, place)
    return found if found.begins is not None else nearest


def nearness(day: Day, routes: Sequence[Sequence[Assignment]]) -> NDArray[np.float64]:
    """Return how near each carer ever comes to each node (carers x nodes), in minutes."""
    rows = []
    for carer, route in enumerate(routes):
        who = day.problem.carers[carer]
        nodes = [who.start, who.end, *(day.problem.tasks[one.task].node for one in route)]
        rows.append(day.legs(carer)[nodes].min(axis=0))
    return np.stack(rows) if rows else np.zeros((0, day.problem.travel.shape[-1]))
