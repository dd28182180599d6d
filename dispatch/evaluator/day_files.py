"""The files of a district's day and of its plan, as far as a price needs them."""

from math import inf
from typing import Literal

import msgspec


class Told(msgspec.Struct):
    """Who and when, promised or fixed; `carer` is a place in the list of carers."""

    carer: int | None = None
    start: float | None = None


class Task(msgspec.Struct):
    """One service by one carer; `liking` is what each carer costs, whether allowed or not."""

    id: str
    node: int
    duration: float
    allowed: list[int]
    liking: list[float] | None = None
    promised: Told | None = None

    def costs(self, carer: int) -> float:
        """Return what it costs that this carer does it."""
        return 0.0 if self.liking is None else self.liking[carer]


class Job(msgspec.Struct):
    """What is served wholly or not at all."""

    id: str
    tasks: list[Task]
    windows: list[tuple[float, float]]
    link: str = "independent"
    gap: tuple[float, float] = (0.0, 0.0)
    drop_cost: float | None = None
    fixed: list[Told] | None = None


class Carer(msgspec.Struct):
    """Who works."""

    id: str
    start: int
    end: int
    shift: tuple[float, float | None]
    has_break: bool = False
    matrix: int = 0

    @property
    def until(self) -> float:
        """Return when the shift ends."""
        return inf if self.shift[1] is None else self.shift[1]


class Break(msgspec.Struct):
    """The rule of breaks."""

    window: tuple[float, float]
    duration: float
    at_start: bool = False


class Day(msgspec.Struct):
    """The day's file."""

    carers: list[Carer]
    jobs: list[Job]
    travel: list[list[list[float]]]
    weights: dict[str, float]
    lunch: Break | None = None
    is_late_allowed: bool = True
    late_at: Literal["start", "end"] = "start"
    is_overtime_allowed: bool = True
    leaves_late: bool = True


class Stop(msgspec.Struct):
    """A service in the plan, and when the break before it begins."""

    task: str
    start: float
    end: float
    lunch: float | None = None


class Route(msgspec.Struct):
    """A carer's day in the plan."""

    carer: str
    stops: list[Stop] = []


class Plan(msgspec.Struct):
    """The plan's file."""

    routes: list[Route]
