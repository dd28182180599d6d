"""HHCRSP (Mankowska, Meisel and Bierwirth 2014), in the JSON of the University of Udine's repository.

Everyone is served; late starts cost; double visits take two people, together or one after the other.
Cost = (travel + tardiness + largest tardiness) / 3.
"""

from typing import Any, Literal

import msgspec
import numpy as np

from dispatch.search.formats.instance import Instance
from dispatch.search.formats.reading import decode, duration, index, matrix, require, window
from dispatch.search.problem import Carer, Job, Link, Problem, Solution, Task, Weights

_SHARE = 1 / 3


class Needed(msgspec.Struct):
    """One service that a patient needs."""

    service: str
    duration: float | None = None


class Synchronization(msgspec.Struct):
    """How the second service stands to the first."""

    type: Literal["simultaneous", "sequential"]
    distance: tuple[float, float] | None = None


class Patient(msgspec.Struct):
    """Who is visited."""

    id: str
    time_window: tuple[float, float]
    required_caregivers: list[Needed]
    synchronization: Synchronization | None = None


class Caregiver(msgspec.Struct):
    """Who visits."""

    id: str
    abilities: list[str]


class Service(msgspec.Struct):
    """A kind of work."""

    id: str
    default_duration: float | None = None


class Office(msgspec.Struct):
    """Where everybody starts and ends."""

    id: str


class File(msgspec.Struct):
    """An instance."""

    patients: list[Patient]
    services: list[Service]
    caregivers: list[Caregiver]
    central_offices: list[Office]
    distances: list[list[float]]


def read(data: bytes) -> Instance:
    """Read an instance."""
    file = decode(File, data)
    require(len(file.central_offices) == 1, "central_offices", "one office, in row 0 of the distances")
    index([one.id for one in file.patients], "patients")
    services = index([one.id for one in file.services], "services")
    index([one.id for one in file.caregivers], "caregivers")
    for place, one in enumerate(file.caregivers):
        _known(one.abilities, services, f"caregivers[{place}].abilities")
    jobs, tasks, named = _work(file, services)
    problem = Problem(
        carers=tuple(Carer(one.id, start=0, end=0) for one in file.caregivers),
        jobs=jobs,
        tasks=tasks,
        travel=matrix(file.distances, len(file.patients) + 1, "distances"),
        allowed=np.array(
            [[name in one.abilities for one in file.caregivers] for _, name in named], dtype=bool
        ).reshape(len(named), len(file.caregivers)),
        weights=Weights(travel=_SHARE, tardiness=_SHARE, highest_tardiness=_SHARE),
    )
    return Instance(problem, named)


def write(instance: Instance, solution: Solution) -> dict[str, Any]:
    """Return a solution in the form of the published ones."""
    routes = []
    for carer, stops in zip(instance.problem.carers, solution.routes, strict=True):
        locations = [
            {
                "patient": instance.named[stop.task][0],
                "service": instance.named[stop.task][1],
                "arrival_time": round(stop.start, 6),
                "departure_time": round(stop.end, 6),
            }
            for stop in stops
        ]
        routes.append({"caregiver_id": carer.id, **({"locations": locations} if locations else {})})
    return {"global_ordering": instance.ordering(solution), "routes": routes}


def _work(
    file: File, services: dict[str, int]
) -> tuple[tuple[Job, ...], tuple[Task, ...], tuple[tuple[str, str], ...]]:
    """Return jobs, tasks, and the patient and service of each task."""
    jobs: list[Job] = []
    tasks: list[Task] = []
    named: list[tuple[str, str]] = []
    for place, one in enumerate(file.patients):
        field = f"patients[{place}]"
        first = len(tasks)
        for nth, needed in enumerate(one.required_caregivers):
            _known([needed.service], services, f"{field}.required_caregivers[{nth}].service")
            default = file.services[services[needed.service]].default_duration
            took = duration(needed.duration, default, f"{field}.required_caregivers[{nth}].duration")
            tasks.append(Task(f"{one.id}/{needed.service}", job=place, node=place + 1, duration=took))
            named.append((one.id, needed.service))
        link, gap = _link(one, field)
        windows = (window(*one.time_window, f"{field}.time_window"),)
        jobs.append(Job(one.id, tuple(range(first, len(tasks))), windows, link=link, gap=gap))
    return tuple(jobs), tuple(tasks), tuple(named)


def _link(one: Patient, field: str) -> tuple[Link, tuple[float, float]]:
    require(len(one.required_caregivers) in {1, 2}, f"{field}.required_caregivers", "one or two")
    if len(one.required_caregivers) == 1:
        return "independent", (0.0, 0.0)
    if one.synchronization is None:
        return "independent", (0.0, 0.0)
    if one.synchronization.type == "simultaneous":
        return "simultaneous", (0.0, 0.0)
    distance = one.synchronization.distance
    require(distance is not None, f"{field}.synchronization.distance", "is missing")
    return "sequential", window(*(distance or (0.0, 0.0)), f"{field}.synchronization.distance")


def _known(wanted: list[str], services: dict[str, int], field: str) -> None:
    for one in wanted:
        require(one in services, field, f"no service {one}")
