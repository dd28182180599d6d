"""A home-care day as the search sees it: who works, what is wanted, how far it is, and what hurts.

Times, durations and travel are in one unit of the caller's choice (a district: minutes from local midnight,
which may exceed 1,440). Carers, tasks and jobs are addressed by position, `id` is the caller's own name.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Link = Literal["independent", "simultaneous", "sequential"]


@dataclass(frozen=True, slots=True)
class Carer:
    """Somebody who works: where the day begins and ends (rows of `travel`), when, and with a break or not."""

    id: str
    start: int
    end: int
    shift: tuple[float, float] = (0.0, math.inf)
    has_break: bool = False
    matrix: int = 0  # which of `travel` if there are several (vehicles)


@dataclass(frozen=True, slots=True)
class Task:
    """One service by one carer at one place."""

    id: str
    job: int
    node: int
    duration: float


@dataclass(frozen=True, slots=True)
class Fixed:
    """What is frozen of a task: who does it, and when it starts."""

    carer: int
    start: float


@dataclass(frozen=True, slots=True)
class Promise:
    """What was promised for a task: by whom and from when.

    Another carer costs `Weights.change`. The task never starts before `start`, each unit after it costs
    `Weights.shift_move`.
    """

    carer: int | None
    start: float | None


@dataclass(frozen=True, slots=True)
class Job:
    """What is served wholly or not at all: one task, or two by two different carers.

    `windows` are sorted and do not overlap. `gap` is from the start of the first task to that of the second
    (sequential). Without `drop_cost` it is mandatory. `fixed` has one entry a task.
    """

    id: str
    tasks: tuple[int, ...]
    windows: tuple[tuple[float, float], ...]
    link: Link = "independent"
    gap: tuple[float, float] = (0.0, 0.0)
    drop_cost: float | None = None
    fixed: tuple[Fixed, ...] | None = None


@dataclass(frozen=True, slots=True)
class Break:
    """One rule for all carers with `has_break`: one break at a patient's home, before serving there.

    It begins when `window` opens or later and must begin (`at_start`) or end (else) before it closes.
    """

    window: tuple[float, float]
    duration: float
    at_start: bool = False


@dataclass(frozen=True, slots=True)
class Weights:
    """What a unit of each thing costs; of `highest_tardiness` and `max_idle` only the largest counts."""

    travel: float = 1.0
    tardiness: float = 0.0
    highest_tardiness: float = 0.0
    waiting: float = 0.0
    overtime: float = 0.0
    max_idle: float = 0.0
    missed_break: float = 0.0
    change: float = 0.0  # each task that is not with the carer it was promised
    shift_move: float = 0.0  # each unit of time a task starts after its promised start


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """A day to plan.

    `travel` is (nodes, nodes), from row to column, or (matrices, nodes, nodes). `allowed` is (tasks, carers).
    `liking` is (tasks, carers): what it costs when this carer does this task (0 is best), or None.
    `late_at` says which moment of a service must meet the end of its window. Late is counted against the last
    window that opened at or before the start. Without `is_late_allowed` a window's end is hard, without
    `is_overtime_allowed` the end of a shift.
    With `leaves_late` a carer leaves home as late as possible: what lies before the first stop is no waiting.
    """

    carers: tuple[Carer, ...]
    tasks: tuple[Task, ...]
    jobs: tuple[Job, ...]
    travel: NDArray[np.float64]
    allowed: NDArray[np.bool_]
    liking: NDArray[np.float64] | None = None
    lunch: Break | None = None
    weights: Weights = field(default_factory=Weights)
    is_late_allowed: bool = True
    late_at: Literal["start", "end"] = "start"
    is_overtime_allowed: bool = True
    leaves_late: bool = True
    promised: tuple[Promise | None, ...] | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """A task in its carer's route; `lunch` is when the break begins that is taken there just before."""

    task: int
    carer: int
    start: float
    end: float
    lunch: float | None = None


@dataclass(frozen=True, slots=True)
class Dropped:
    """A job outside the plan, and why: `nobody_allowed`, `window_too_short`, `shift_too_short`, `no_room`."""

    job: int
    reason: str


@dataclass(frozen=True, slots=True)
class Solution:
    """A plan: one route a carer in the order of time, what is left out, and the weighted cost by component.

    `hard` lists what this plan could not avoid and should have: (`mandatory`, job), (`late`, task),
    (`overtime`, carer), (`break`, carer), (`fixed`, task). `order` are the tasks in the search's own
    order: a warm start is exact with it, and goes by the times without it.
    """

    routes: tuple[tuple[Assignment, ...], ...]
    dropped: tuple[Dropped, ...]
    cost: dict[str, float]
    total: float
    hard: tuple[tuple[str, int], ...] = ()
    order: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """What the search has so far; `best` may be kept at any moment."""

    seconds: float
    iterations: int
    best: Solution


class UnsoundProblemError(ValueError):
    """The problem cannot be read as a day: the message names every fault."""
