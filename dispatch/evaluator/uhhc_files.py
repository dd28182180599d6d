"""The two files of UHHC, as far as a price needs them."""

from typing import Literal

import msgspec


class Span(msgspec.Struct):
    """From when to when."""

    start: float
    end: float


class Distance(msgspec.Struct):
    """Least and most between two starts."""

    min: float
    max: float


class Synchronization(msgspec.Struct):
    """How two services of a patient stand to each other."""

    type: str
    distance: Distance | None = None


class Needed(msgspec.Struct):
    """A service of a patient."""

    service: str
    duration: float | None = None


class Patient(msgspec.Struct):
    """A patient of the instance."""

    id: str
    required_services: list[Needed]
    distance_matrix_index: int
    time_windows: list[Span]
    synchronization: Synchronization | None = None
    optional: bool | None = None
    preferred_caregivers: list[str] | None = None
    incompatible_caregivers: list[str] | None = None


class Caregiver(msgspec.Struct):
    """A caregiver of the instance."""

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
    """A service of the instance."""

    id: str
    default_duration: float = 0.0


class Lunch(msgspec.Struct):
    """The rule of lunches."""

    start: float
    end: float
    min_duration: float


class Metadata(msgspec.Struct):
    """Which moment must meet a window, and the weights."""

    time_window_met: Literal["at_service_start", "at_service_end"]
    cost_components: dict[str, float]


class Instance(msgspec.Struct):
    """The instance file."""

    metadata: Metadata
    distances: list[list[float]]
    terminal_points: list[Point]
    caregivers: list[Caregiver]
    patients: list[Patient]
    services: list[Service]
    lunch_breaks: Lunch | None = None

    @property
    def is_at_start(self) -> bool:
        """Whether the start of a service must meet its window, not its end."""
        return self.metadata.time_window_met == "at_service_start"


class Location(msgspec.Struct):
    """A stop: its times stand under one of three pairs of names."""

    patient: str
    service: str
    arrival_time: float | None = None
    departure_time: float | None = None
    start_service_time: float | None = None
    end_service_time: float | None = None
    start_time: float | None = None
    end_time: float | None = None


class Route(msgspec.Struct):
    """A caregiver's day in the solution file."""

    caregiver_id: str
    locations: list[Location] = []


class Solution(msgspec.Struct):
    """The solution file."""

    routes: list[Route]


LUNCH = "lunch_break"
