"""UHHC (University of Udine 2026): shifts, lunches, two windows, optional patients, wishes, pairs.

The rules are those of docs/manual/planning.md. Weights of the file are the weights of the search; a wish that
is not met costs by `liking`, a patient left out by `drop_cost`.
"""

from itertools import pairwise
from typing import Any, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from dispatch.search.formats.instance import Instance
from dispatch.search.formats.reading import decode, duration, index, matrix, require, window
from dispatch.search.problem import Break, Carer, Job, Link, Problem, Solution, Task, Weights


class Span(msgspec.Struct):
    """From when to when."""

    start: float
    end: float


class Distance(msgspec.Struct):
    """How long after the first service the second starts."""

    min: float
    max: float


class Synchronization(msgspec.Struct):
    """How the second service stands to the first."""

    type: Literal["independent", "simultaneous", "sequential"]
    distance: Distance | None = None


class Needed(msgspec.Struct):
    """One service that a patient needs."""

    service: str
    duration: float | None = None


class Patient(msgspec.Struct):
    """Who is visited."""

    id: str
    required_services: list[Needed]
    distance_matrix_index: int
    time_windows: list[Span]
    synchronization: Synchronization | None = None
    optional: bool | None = None
    preferred_caregivers: list[str] | None = None
    incompatible_caregivers: list[str] | None = None


class Caregiver(msgspec.Struct):
    """Who visits."""

    id: str
    abilities: list[str]
    departing_point: str
    arrival_point: str
    working_shift: Span
    lunch_break: bool = False


class Point(msgspec.Struct):
    """An office."""

    id: str
    distance_matrix_index: int


class Service(msgspec.Struct):
    """A kind of work."""

    id: str
    default_duration: float | None = None


class Lunch(msgspec.Struct):
    """The one rule for everybody's lunch."""

    start: float
    end: float
    min_duration: float


class Components(msgspec.Struct):
    """What a minute, a wish or a patient costs."""

    travel_time: float = 0
    total_tardiness: float = 0
    highest_tardiness: float = 0
    total_waiting_time: float = 0
    total_extra_time: float = 0
    max_idle_time: float = 0
    caregiver_preferences: float = 0
    optional_patients: float = 0
    missed_lunch_break: float = 0


class Metadata(msgspec.Struct):
    """Which moment meets the window, and the weights."""

    time_window_met: Literal["at_service_start", "at_service_end"]
    cost_components: Components
    name: str = ""


class File(msgspec.Struct):
    """An instance."""

    metadata: Metadata
    distances: list[list[float]]
    terminal_points: list[Point]
    caregivers: list[Caregiver]
    patients: list[Patient]
    services: list[Service]
    lunch_breaks: Lunch | None = None


def read(data: bytes) -> Instance:
    """Read an instance."""
    file = decode(File, data)
    require(
        not file.metadata.name.startswith("bazirha"), "metadata.name", "who leaves early is not understood"
    )
    travel = matrix(file.distances, 1, "distances")
    jobs, tasks, named = _work(file, len(travel))
    weights, lunch = file.metadata.cost_components, file.lunch_breaks
    at_start = file.metadata.time_window_met == "at_service_start"
    return Instance(
        Problem(
            carers=_carers(file, len(travel)),
            jobs=jobs,
            tasks=tasks,
            travel=travel,
            allowed=_allowed(file, named),
            liking=_liking(file, named),
            lunch=None if lunch is None else _lunch(lunch, at_start=at_start),
            weights=Weights(
                travel=weights.travel_time,
                tardiness=weights.total_tardiness,
                highest_tardiness=weights.highest_tardiness,
                waiting=weights.total_waiting_time,
                overtime=weights.total_extra_time,
                max_idle=weights.max_idle_time,
                missed_break=weights.missed_lunch_break,
            ),
            late_at="start" if at_start else "end",
            leaves_late=True,
        ),
        named,
    )


def write(instance: Instance, solution: Solution) -> dict[str, Any]:
    """Return a solution in the published form; who has no work stands there without locations."""
    routes = []
    problem = instance.problem
    for carer, stops in zip(problem.carers, solution.routes, strict=True):
        locations: list[dict[str, Any]] = []
        for stop in stops:
            patient, service = instance.named[stop.task]
            if stop.lunch is not None and problem.lunch is not None:
                end = _whole(stop.lunch + problem.lunch.duration)
                span = {"start_time": _whole(stop.lunch), "end_time": end}
                locations.append({"patient": patient, "service": "lunch_break", **span})
            times = {"arrival_time": _whole(stop.start), "departure_time": _whole(stop.end)}
            locations.append({"patient": patient, "service": service, **times})
        routes.append({"caregiver_id": carer.id, **({"locations": locations} if locations else {})})
    return {
        "cost": {"objective": _whole(solution.total), "violations": 0},
        "cost_components": {},
        "global_ordering": instance.ordering(solution),
        "routes": routes,
    }


def _whole(value: float) -> float:
    """Return whole minutes as the files have them."""
    near = round(value)
    return near if abs(value - near) < 1e-6 else value  # noqa: PLR2004 - what adding floats leaves


def _lunch(lunch: Lunch, *, at_start: bool) -> Break:
    start, end = window(lunch.start, lunch.end, "lunch_breaks")
    took = duration(lunch.min_duration, None, "lunch_breaks.min_duration")
    return Break((start, end), took, at_start=at_start)


def _carers(file: File, size: int) -> tuple[Carer, ...]:
    index([one.id for one in file.caregivers], "caregivers")
    points = index([one.id for one in file.terminal_points], "terminal_points")
    node = [
        _node(one.distance_matrix_index, size, f"terminal_points[{place}]")
        for place, one in enumerate(file.terminal_points)
    ]
    found = []
    for place, one in enumerate(file.caregivers):
        field = f"caregivers[{place}]"
        require(one.departing_point in points, f"{field}.departing_point", f"no point {one.departing_point}")
        require(one.arrival_point in points, f"{field}.arrival_point", f"no point {one.arrival_point}")
        shift = window(one.working_shift.start, one.working_shift.end, f"{field}.working_shift")
        start, end = node[points[one.departing_point]], node[points[one.arrival_point]]
        found.append(Carer(one.id, start, end, shift=shift, has_break=one.lunch_break))
    return tuple(found)


def _node(given: int, size: int, field: str) -> int:
    require(0 <= given < size, f"{field}.distance_matrix_index", f"{given}, and the matrix has {size} rows")
    return given


def _work(file: File, size: int) -> tuple[tuple[Job, ...], tuple[Task, ...], tuple[tuple[str, str], ...]]:
    """Return jobs, tasks, and the patient and service of each task."""
    index([one.id for one in file.patients], "patients")
    services = index([one.id for one in file.services], "services")
    jobs: list[Job] = []
    tasks: list[Task] = []
    for place, one in enumerate(file.patients):
        field = f"patients[{place}]"
        node, first = _node(one.distance_matrix_index, size, field), len(tasks)
        for nth, needed in enumerate(one.required_services):
            at = f"{field}.required_services[{nth}]"
            require(needed.service in services, f"{at}.service", f"no service {needed.service}")
            default = file.services[services[needed.service]].default_duration
            took = duration(needed.duration, default, f"{at}.duration")
            tasks.append(Task(f"{one.id}/{needed.service}", job=place, node=node, duration=took))
        link, gap = _link(one, field)
        drop = file.metadata.cost_components.optional_patients if one.optional else None
        numbers = tuple(range(first, len(tasks)))
        jobs.append(Job(one.id, numbers, _windows(one, field), link=link, gap=gap, drop_cost=drop))
    named = [(one.id, needed.service) for one in file.patients for needed in one.required_services]
    return tuple(jobs), tuple(tasks), tuple(named)


def _windows(one: Patient, field: str) -> tuple[tuple[float, float], ...]:
    require(bool(one.time_windows), f"{field}.time_windows", "none")
    found = tuple(
        window(w.start, w.end, f"{field}.time_windows[{n}]") for n, w in enumerate(one.time_windows)
    )
    for nth, (before, after) in enumerate(pairwise(found)):
        require(
            before[1] <= after[0], f"{field}.time_windows[{nth + 1}]", "begins before the one before it ends"
        )
    return found


def _link(one: Patient, field: str) -> tuple[Link, tuple[float, float]]:
    require(len(one.required_services) in {1, 2}, f"{field}.required_services", "one or two")
    how = one.synchronization
    if len(one.required_services) == 1 or how is None or how.type == "independent":
        return "independent", (0.0, 0.0)
    if how.type == "simultaneous":
        return "simultaneous", (0.0, 0.0)
    distance = how.distance
    require(distance is not None, f"{field}.synchronization.distance", "is missing")
    low, high = (distance.min, distance.max) if distance is not None else (0.0, 0.0)
    return "sequential", window(low, high, f"{field}.synchronization.distance")


def _allowed(file: File, named: tuple[tuple[str, str], ...]) -> NDArray[np.bool_]:
    barred = {one.id: frozenset(one.incompatible_caregivers or ()) for one in file.patients}
    rows = [
        [service in one.abilities and one.id not in barred[patient] for one in file.caregivers]
        for patient, service in named
    ]
    return np.array(rows, dtype=bool).reshape(len(named), len(file.caregivers))


def _liking(file: File, named: tuple[tuple[str, str], ...]) -> NDArray[np.float64]:
    cost = file.metadata.cost_components.caregiver_preferences
    liked = {one.id: frozenset(one.preferred_caregivers or ()) for one in file.patients}
    rows = [
        [cost if liked[patient] and one.id not in liked[patient] else 0.0 for one in file.caregivers]
        for patient, _ in named
    ]
    return np.array(rows, dtype=np.float64).reshape(len(named), len(file.caregivers))
