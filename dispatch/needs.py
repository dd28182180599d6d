"""What an emergency needs, and what is known of somebody who could go. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

WHOLE_PROVIDER = 2
WHOLE = 10
"""So many at most are asked at once when a whole provider is."""
RINGS = 3
"""1 the nearest of the home's own provider, 2 all of them, 3 neighbouring providers by agreement."""


@dataclass(frozen=True)
class Certificate:
    """A certified skill; once it is certified it may be used only while the certificate is in force."""

    skill: str
    valid_from: date
    valid_to: date


@dataclass(frozen=True)
class Busy:
    """A visit that somebody is on, or has been promised for now; priority 1 is the most urgent."""

    visit_id: UUID
    priority: int
    until: datetime


@dataclass(frozen=True)
class Disruption:
    """What it does to others that somebody goes: its cost in minutes, and the visit that is left.

    So many visits are made by somebody else, later, or by nobody for now.
    """

    minutes: float = 0.0
    left: Busy | None = None
    handed_over: int = 0
    postponed: int = 0
    released: int = 0


@dataclass(frozen=True)
class Candidate:
    """A caregiver and the facts that decide.

    `free_in` are the minutes until they can set out from where they are; `reluctance` is what the elder's
    wish against them counts for, or that they leave a visit half done; `ring` is who they are to the home's
    provider (1 its own, 3 a neighbour's).
    """

    caregiver_id: UUID
    name: str
    skills: frozenset[str]
    certificates: tuple[Certificate, ...]
    shift_until: datetime | None
    next_shift: datetime | None
    lat: float
    lon: float
    position: str
    speed_kmh: float
    busy: tuple[Busy, ...] = ()
    declined_at: datetime | None = None
    answer: str = "declined"
    free_in: float = 0.0
    reluctance: float = 0.0
    away: Mapping[str, Any] | None = None
    ring: int = 1


@dataclass(frozen=True)
class Need:
    """What is needed, where and when; `on` is the local date of `at`; `ask` is how many are asked at once."""

    service: str
    skill: str
    priority: int
    lat: float
    lon: float
    at: datetime
    on: date
    reach_min: float
    travel_factor: float
    ask: int = 1
    ring: int = 3
