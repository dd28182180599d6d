"""A caregiver's day of a UHHC plan, walked through from the office and back."""

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from core.errors import Failure
from dispatch.evaluator.report import Findings
from dispatch.evaluator.uhhc_files import LUNCH, Caregiver, Instance

SLACK = 1e-6


class Stop(NamedTuple):
    """A service or a lunch at a patient's home, from when to when."""

    patient: str
    service: str
    start: float
    end: float


@dataclass(frozen=True)
class Day:
    """What one caregiver's day came to."""

    carer: Caregiver
    stops: list[Stop]
    travel: float
    waiting: float
    extra: float
    idle: float

    @property
    def visits(self) -> list[Stop]:
        """Return the services."""
        return [one for one in self.stops if one.service != LUNCH]

    @property
    def lunches(self) -> list[Stop]:
        """Return the lunches."""
        return [one for one in self.stops if one.service == LUNCH]


def walk(file: Instance, carer: Caregiver, stops: list[Stop], found: Findings) -> Day:
    """Go through a day: leave as late as possible, go home at once, note who comes before they can."""
    shift = carer.working_shift
    if not stops:
        return Day(carer, [], 0.0, 0.0, 0.0, shift.end - shift.start)
    legs = _legs(file, carer, stops)
    leave, back = stops[0].start - legs[0], stops[-1].end + legs[-1]
    if leave < shift.start - SLACK:
        found.breaks("shift_start", f"{carer.id} leaves at {leave:g}", shift.start - leave)
    waits = []
    for before, after, leg in zip(stops, stops[1:], legs[1:], strict=False):
        wait = after.start - before.end - leg
        if wait < -SLACK:
            found.breaks("travel", f"{carer.id} at {after.patient}/{after.service}", -wait)
        waits.append(max(0.0, wait))
    idle = max(0.0, leave - shift.start) + sum(waits) + max(0.0, shift.end - back)
    counted = waits[1:] if stops[0].service == LUNCH else waits
    return Day(carer, stops, sum(legs), sum(counted), max(0.0, back - shift.end), idle)


def _legs(file: Instance, carer: Caregiver, stops: list[Stop]) -> list[float]:
    """Return the legs of a day; a day of a lunch alone is spent at the office."""
    point = {one.id: one.distance_matrix_index for one in file.terminal_points}
    home = {one.id: one.distance_matrix_index for one in file.patients}
    for name in (carer.departing_point, carer.arrival_point):
        if name not in point:
            raise Failure(
                f"instance: caregiver {carer.id} starts or ends at {name}, which is no terminal point"
            )
    start, end = point[carer.departing_point], point[carer.arrival_point]
    is_idle = all(one.service == LUNCH for one in stops)
    places = [start, *(start if is_idle else home[one.patient] for one in stops), end]
    return [file.distances[here][there] for here, there in pairwise(places)]
