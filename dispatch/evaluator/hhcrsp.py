"""Prices a plan of an HHCRSP (Mankowska) instance: (travel + tardiness + largest tardiness) / 3."""

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

import msgspec

from dispatch.evaluator.report import Findings, Report, decode

SLACK = 0.005
"""Published times are rounded to three places; what adds up from that is no fault."""


class Needed(msgspec.Struct):
    """A service of a patient."""

    service: str
    duration: float | None = None


class Synchronization(msgspec.Struct):
    """How two services of a patient stand to each other."""

    type: str
    distance: tuple[float, float] = (0.0, 0.0)


class Patient(msgspec.Struct):
    """A patient of the instance."""

    id: str
    time_window: tuple[float, float]
    required_caregivers: list[Needed]
    synchronization: Synchronization | None = None


class Caregiver(msgspec.Struct):
    """A caregiver of the instance."""

    id: str
    abilities: list[str]


class Service(msgspec.Struct):
    """A service of the instance."""

    id: str
    default_duration: float = 0.0


class Instance(msgspec.Struct):
    """The instance file."""

    patients: list[Patient]
    services: list[Service]
    caregivers: list[Caregiver]
    distances: list[list[float]]


class Location(msgspec.Struct):
    """A stop of the solution file: start and end of a service."""

    patient: str
    service: str
    arrival_time: float
    departure_time: float


class Route(msgspec.Struct):
    """A caregiver's day in the solution file."""

    caregiver_id: str
    locations: list[Location] = []


class Solution(msgspec.Struct):
    """The solution file."""

    routes: list[Route]


class Seen(NamedTuple):
    """A service that was given: by whom and when."""

    caregiver: str
    service: str
    start: float


def evaluate(instance: bytes, solution: bytes) -> Report:
    """Price a plan."""
    file, plan = decode(Instance, instance, "instance"), decode(Solution, solution, "solution")
    found = Findings()
    row = {one.id: nth for nth, one in enumerate(file.patients, start=1)}
    known = _known(file, plan, row, found)
    travel = sum(_route(file, name, stops, row, found) for name, stops in known)
    given: dict[str, list[Seen]] = {one.id: [] for one in file.patients}
    for name, stops in known:
        for stop in stops:
            given[stop.patient].append(Seen(name, stop.service, stop.arrival_time))
    for patient in file.patients:
        _patient(patient, given[patient.id], found)
    late = [
        max(0.0, one.start - patient.time_window[1]) for patient in file.patients for one in given[patient.id]
    ]
    highest = max(late, default=0.0)
    cost = {"travel": travel / 3, "tardiness": sum(late) / 3, "highest_tardiness": highest / 3}
    figures = {
        "travel": travel,
        "tardiness": sum(late),
        "highest_tardiness": highest,
        "services": float(len(late)),
    }
    return Report(cost, figures, tuple(found.violations), tuple(found.lenient))


def _known(
    file: Instance, plan: Solution, row: dict[str, int], found: Findings
) -> list[tuple[str, list[Location]]]:
    """Return the routes of known caregivers in the order of time; what nobody knows is a fault."""
    caregivers, seen = {one.id for one in file.caregivers}, set[str]()
    routes = []
    for route in plan.routes:
        if route.caregiver_id not in caregivers:
            found.breaks("unknown_caregiver", route.caregiver_id)
        elif route.caregiver_id in seen:
            found.breaks("caregiver_twice", route.caregiver_id)
        else:
            seen.add(route.caregiver_id)
            for stop in route.locations:
                if stop.patient not in row:
                    found.breaks("unknown_patient", stop.patient)
            stops = [stop for stop in route.locations if stop.patient in row]
            stops.sort(key=lambda stop: (stop.arrival_time, stop.departure_time))
            routes.append((route.caregiver_id, stops))
    return routes


def _route(file: Instance, name: str, stops: list[Location], row: dict[str, int], found: Findings) -> float:
    """Look at one caregiver's day and return how far it is."""
    able = next(one.abilities for one in file.caregivers if one.id == name)
    places = [0, *(row[stop.patient] for stop in stops), 0]
    legs = [file.distances[here][there] for here, there in pairwise(places)]
    free = 0.0
    for stop, leg in zip(stops, legs, strict=False):
        where = f"{name} at {stop.patient}/{stop.service}"
        if stop.service not in able:
            found.breaks("skill", where)
        if stop.arrival_time < free + leg - SLACK:
            found.breaks("travel", where, free + leg - stop.arrival_time)
        wanted = _duration(file, stop)
        if wanted is not None and abs(stop.departure_time - stop.arrival_time - wanted) > SLACK:
            found.breaks("duration", where, stop.departure_time - stop.arrival_time - wanted)
        free = stop.departure_time
    return sum(legs) if stops else 0.0


def _duration(file: Instance, stop: Location) -> float | None:
    """Return how long a service takes at a patient; None: it is not wanted there."""
    patient = next(one for one in file.patients if one.id == stop.patient)
    default = {one.id: one.default_duration for one in file.services}
    for needed in patient.required_caregivers:
        if needed.service == stop.service:
            return default.get(needed.service, 0.0) if needed.duration is None else needed.duration
    return None


def _patient(patient: Patient, given: list[Seen], found: Findings) -> None:
    """Look at what one patient was given."""
    for one in given:
        if one.start < patient.time_window[0] - SLACK:
            found.breaks("early", f"{one.caregiver} at {patient.id}", patient.time_window[0] - one.start)
    wanted = [one.service for one in patient.required_caregivers]
    if sorted(one.service for one in given) != sorted(wanted):
        found.breaks("served", f"{patient.id}: {_list(one.service for one in given)} of {_list(wanted)}")
    elif len(wanted) > 1 and patient.synchronization is not None:
        first, second = sorted(given, key=lambda one: (wanted.index(one.service), one.start))
        _pair(patient.id, patient.synchronization, first, second, found)


def _pair(patient: str, how: Synchronization, first: Seen, second: Seen, found: Findings) -> None:
    """Look at two services of one patient: two people, together or one after the other."""
    if first.caregiver == second.caregiver:
        found.breaks("same_caregiver", patient)
    gap = second.start - first.start
    low, high = (0.0, 0.0) if how.type == "simultaneous" else how.distance
    if not low - SLACK <= gap <= high + SLACK:
        found.breaks(how.type, patient, gap)


def _list(names: Iterable[str]) -> str:
    return ", ".join(names) or "nothing"
