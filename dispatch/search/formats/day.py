"""A district's day as a file: the whole Problem in our own JSON, to be solved and priced elsewhere."""

from dataclasses import asdict
from math import inf, isfinite
from typing import Any, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from dispatch.search.formats.instance import Instance
from dispatch.search.formats.reading import decode, index, matrix, require
from dispatch.search.problem import (
    Break,
    Carer,
    Fixed,
    Job,
    Link,
    Problem,
    Promise,
    Solution,
    Task,
    Weights,
)


class Told(msgspec.Struct):
    """Who and when, as it was promised or is fixed; `carer` is a place in the list of carers."""

    carer: int | None = None
    start: float | None = None


class FileTask(msgspec.Struct):
    """One service; `allowed` are places in the list of carers, `liking` is what each carer costs."""

    id: str
    node: int
    duration: float
    allowed: list[int]
    liking: list[float] | None = None
    promised: Told | None = None


class FileJob(msgspec.Struct):
    """What is served wholly or not at all."""

    id: str
    tasks: list[FileTask]
    windows: list[tuple[float, float]]
    link: Link = "independent"
    gap: tuple[float, float] = (0.0, 0.0)
    drop_cost: float | None = None
    fixed: list[Told] | None = None


class FileCarer(msgspec.Struct):
    """Who works; a shift without an end is null there."""

    id: str
    start: int
    end: int
    shift: tuple[float, float | None]
    has_break: bool = False
    matrix: int = 0


class FileBreak(msgspec.Struct):
    """The rule of breaks."""

    window: tuple[float, float]
    duration: float
    at_start: bool = False


class File(msgspec.Struct):
    """A day; `travel` is a list of matrices."""

    carers: list[FileCarer]
    jobs: list[FileJob]
    travel: list[list[list[float]]]
    weights: dict[str, float]
    lunch: FileBreak | None = None
    is_late_allowed: bool = True
    late_at: Literal["start", "end"] = "start"
    is_overtime_allowed: bool = True
    leaves_late: bool = True


def dump(problem: Problem) -> bytes:
    """Return a problem as a file."""
    jobs = [_job(problem, job) for job in problem.jobs]
    carers = [
        FileCarer(
            one.id,
            one.start,
            one.end,
            (one.shift[0], one.shift[1] if isfinite(one.shift[1]) else None),
            one.has_break,
            one.matrix,
        )
        for one in problem.carers
    ]
    lunch = problem.lunch
    file = File(
        carers,
        jobs,
        problem.travel.reshape(-1, *problem.travel.shape[-2:]).tolist(),
        asdict(problem.weights),
        None if lunch is None else FileBreak(lunch.window, lunch.duration, lunch.at_start),
        problem.is_late_allowed,
        problem.late_at,
        problem.is_overtime_allowed,
        problem.leaves_late,
    )
    return msgspec.json.encode(file)


def read(data: bytes) -> Instance:
    """Read a day."""
    file = decode(File, data)
    require(bool(file.travel), "travel", "no matrix")
    travel = np.array([matrix(rows, 1, f"travel[{nth}]") for nth, rows in enumerate(file.travel)])
    index([one.id for one in file.jobs], "jobs")
    pairs = [(place, one) for place, job in enumerate(file.jobs) for one in job.tasks]
    index([one.id for _, one in pairs], "tasks")
    allowed, liking = _who(file, [one for _, one in pairs])
    lunch = file.lunch
    problem = Problem(
        carers=_carers(file),
        tasks=tuple(Task(one.id, place, one.node, one.duration) for place, one in pairs),
        jobs=_jobs(file),
        travel=travel[0] if len(travel) == 1 else travel,
        allowed=allowed,
        liking=liking,
        lunch=None if lunch is None else Break(lunch.window, lunch.duration, lunch.at_start),
        weights=_weights(file),
        is_late_allowed=file.is_late_allowed,
        late_at=file.late_at,
        is_overtime_allowed=file.is_overtime_allowed,
        leaves_late=file.leaves_late,
        promised=_promised(pairs),
    )
    return Instance(problem, tuple((file.jobs[place].id, one.id) for place, one in pairs))


def write(instance: Instance, solution: Solution) -> dict[str, Any]:
    """Return a plan."""
    problem = instance.problem
    routes = [
        {
            "carer": carer.id,
            "stops": [
                {"task": problem.tasks[one.task].id, "start": one.start, "end": one.end, "lunch": one.lunch}
                for one in stops
            ],
        }
        for carer, stops in zip(problem.carers, solution.routes, strict=True)
    ]
    dropped = [{"job": problem.jobs[one.job].id, "reason": one.reason} for one in solution.dropped]
    return {"total": solution.total, "cost": solution.cost, "routes": routes, "dropped": dropped}


def _job(problem: Problem, job: Job) -> FileJob:
    tasks = []
    for number in job.tasks:
        one, able = problem.tasks[number], problem.allowed[number].nonzero()[0].tolist()
        liking = None if problem.liking is None else problem.liking[number].tolist()
        told = None if problem.promised is None else problem.promised[number]
        promised = None if told is None else Told(told.carer, told.start)
        tasks.append(FileTask(one.id, one.node, one.duration, able, liking, promised))
    fixed = None if job.fixed is None else [Told(one.carer, one.start) for one in job.fixed]
    return FileJob(job.id, tasks, list(job.windows), job.link, job.gap, job.drop_cost, fixed)


def _carers(file: File) -> tuple[Carer, ...]:
    index([one.id for one in file.carers], "carers")
    return tuple(
        Carer(
            one.id,
            one.start,
            one.end,
            (one.shift[0], inf if one.shift[1] is None else one.shift[1]),
            one.has_break,
            one.matrix,
        )
        for one in file.carers
    )


def _who(file: File, tasks: list[FileTask]) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    shape = (len(tasks), len(file.carers))
    allowed, liking = np.zeros(shape, dtype=bool), np.zeros(shape)
    for row, one in enumerate(tasks):
        for carer in one.allowed:
            require(0 <= carer < shape[1], f"task {one.id}.allowed", f"no carer {carer}")
            allowed[row, carer] = True
        if one.liking is not None:
            require(len(one.liking) == shape[1], f"task {one.id}.liking", "not one for each carer")
            liking[row] = one.liking
    return allowed, liking


def _jobs(file: File) -> tuple[Job, ...]:
    jobs, first = [], 0
    for one in file.jobs:
        numbers = tuple(range(first, first + len(one.tasks)))
        first += len(one.tasks)
        fixed = None if one.fixed is None else tuple(_fixed(told, one.id) for told in one.fixed)
        jobs.append(Job(one.id, numbers, tuple(one.windows), one.link, one.gap, one.drop_cost, fixed))
    return tuple(jobs)


def _fixed(told: Told, job: str) -> Fixed:
    require(told.carer is not None and told.start is not None, f"job {job}.fixed", "who and when are wanted")
    return Fixed(told.carer or 0, told.start or 0.0)


def _weights(file: File) -> Weights:
    known = asdict(Weights())
    for name in file.weights:
        require(name in known, f"weights.{name}", f"not one of {', '.join(known)}")
    return Weights(**{**known, **file.weights})


def _promised(pairs: list[tuple[int, FileTask]]) -> tuple[Promise | None, ...] | None:
    told = [one.promised for _, one in pairs]
    if not any(told):
        return None
    return tuple(None if one is None else Promise(one.carer, one.start) for one in told)
