"""A city's day: visits with hard windows, people with shifts, and as many visits served as can be.

`staff: 2` in a visit asks for two people who start together. Seconds of the day; a leg is the great circle
times 1.35 at 25 km/h, and two minutes (rounded up to the second: the plan then holds where legs are rounded).
"""

from typing import Any, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from dispatch.geo import EARTH_KM
from dispatch.search.formats.instance import Instance
from dispatch.search.formats.reading import decode, duration, index, require, window
from dispatch.search.problem import Carer, Job, Problem, Solution, Task, Weights

FACTOR, SPEED_KMH, START_SECONDS = 1.35, 25.0, 120.0
DROP_COST = 10_000.0
"""What a visit that nobody makes costs, in seconds of travel: more than the longest way there and back."""


class Visit(msgspec.Struct):
    """One visit; `kind` is the skill that it needs."""

    id: int | str
    lon: float
    lat: float
    kind: str
    dur: float
    tw: tuple[float, float]
    gender: str | None = None
    staff: Literal[1, 2] = 1


class Care(msgspec.Struct):
    """One caregiver; `office` is a place in the list of offices."""

    id: int | str
    skills: list[str]
    office: int
    shift: tuple[float, float]
    gender: str | None = None


class File(msgspec.Struct):
    """A day."""

    offices: list[tuple[float, float]]
    visits: list[Visit]
    care: list[Care]
    city: str = ""


def read(data: bytes) -> Instance:
    """Read a day."""
    file = decode(File, data)
    index([str(one.id) for one in file.care], "care")
    index([str(one.id) for one in file.visits], "visits")
    require(bool(file.offices), "offices", "none")
    for place, (lon, lat) in enumerate(file.offices):
        _on_earth(lon, lat, f"offices[{place}]")
    jobs, tasks = _work(file)
    places = file.offices + [(one.lon, one.lat) for one in file.visits]
    problem = Problem(
        carers=_carers(file),
        jobs=jobs,
        tasks=tasks,
        travel=seconds(places),
        allowed=_allowed(file, tasks),
        weights=Weights(travel=1.0),
        is_late_allowed=False,
        is_overtime_allowed=False,
    )
    return Instance(
        problem,
        tuple((str(file.visits[task.job].id), file.visits[task.job].kind) for task in tasks),
        carer_ids=tuple(one.id for one in file.care),
        job_ids=tuple(one.id for one in file.visits),
    )


def write(instance: Instance, solution: Solution) -> dict[str, Any]:
    """Return the routes, and who is visited by nobody."""
    tasks = instance.problem.tasks
    routes = [
        {
            "care": carer,
            "visits": [
                {
                    "visit": instance.job_ids[tasks[stop.task].job],
                    "start": round(stop.start, 3),
                    "end": round(stop.end, 3),
                }
                for stop in stops
            ],
        }
        for carer, stops in zip(instance.carer_ids, solution.routes, strict=True)
    ]
    return {"routes": routes, "unserved": [instance.job_ids[one.job] for one in solution.dropped]}


def seconds(places: list[tuple[float, float]]) -> NDArray[np.float64]:
    """Return the way from each (longitude, latitude) to each, in whole seconds."""
    lon, lat = np.radians(np.array(places, dtype=np.float64).reshape(-1, 2)).T
    north, east = (lat[:, None] - lat) / 2, (lon[:, None] - lon) / 2
    chord = np.sin(north) ** 2 + np.cos(lat[:, None]) * np.cos(lat) * np.sin(east) ** 2
    km = 2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(1.0, chord)))
    legs: NDArray[np.float64] = np.ceil(km * FACTOR / SPEED_KMH * 3600 + START_SECONDS)
    return legs


def _carers(file: File) -> tuple[Carer, ...]:
    found = []
    for place, one in enumerate(file.care):
        field = f"care[{place}]"
        office = f"{one.office}, and there are {len(file.offices)}"
        require(0 <= one.office < len(file.offices), f"{field}.office", office)
        shift = window(*one.shift, f"{field}.shift")
        found.append(Carer(str(one.id), one.office, one.office, shift=shift))
    return tuple(found)


def _work(file: File) -> tuple[tuple[Job, ...], tuple[Task, ...]]:
    jobs: list[Job] = []
    tasks: list[Task] = []
    for place, one in enumerate(file.visits):
        field = f"visits[{place}]"
        _on_earth(one.lon, one.lat, field)
        took = duration(one.dur, None, f"{field}.dur")
        first, node = len(tasks), len(file.offices) + place
        tasks += [Task(f"{one.id}/{nth}", job=place, node=node, duration=took) for nth in range(one.staff)]
        jobs.append(
            Job(
                str(one.id),
                tuple(range(first, len(tasks))),
                (window(*one.tw, f"{field}.tw"),),
                link="simultaneous" if one.staff == 2 else "independent",  # noqa: PLR2004 - a pair
                drop_cost=DROP_COST,
            )
        )
    return tuple(jobs), tuple(tasks)


def _allowed(file: File, tasks: tuple[Task, ...]) -> NDArray[np.bool_]:
    visits = [file.visits[task.job] for task in tasks]
    rows = [
        [one.kind in who.skills and one.gender in {None, who.gender} for who in file.care] for one in visits
    ]
    return np.array(rows, dtype=bool).reshape(len(tasks), len(file.care))


def _on_earth(lon: float, lat: float, field: str) -> None:
    require(abs(lon) <= 180 and abs(lat) <= 90, field, f"{lon:g}, {lat:g} is nowhere on earth")  # noqa: PLR2004
