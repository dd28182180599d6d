"""A day as the planner reads it, and a plan as it comes out: facts without a database. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from dispatch.roster.fitness import CaregiverFacts, Span, VisitFacts, Wishes

Reason = dict[str, Any]
OPEN = ("wanted", "offered", "accepted")
"""States in which the planner may still change who comes and when."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A visit with what it asks of its day and what has been promised of it."""

    visit_id: UUID
    elder_id: UUID
    service: str
    skill: str
    priority: int
    state: str
    minutes: int
    staff: int
    windows: tuple[Span, ...]
    lat: float
    lon: float
    provider_id: UUID | None = None
    region: str | None = None
    languages: frozenset[str] = frozenset({"zh"})
    follows: tuple[UUID, int, int] | None = None
    is_optional: bool = False
    is_pinned: bool = False
    is_emergency: bool = False
    held: str | None = None
    absent: str | None = None
    caregiver_id: UUID | None = None
    companion_id: UUID | None = None
    planned_start: datetime | None = None
    promised_at: datetime | None = None
    started_at: datetime | None = None
    movable: tuple[date, date] | None = None
    planned_end: datetime | None = None

    @property
    def begins_at(self) -> datetime:
        """When it began, is planned to begin, or is asked to at the earliest."""
        return self.started_at or self.planned_start or self.windows[0].starts_at

    @property
    def people(self) -> tuple[UUID, ...]:
        """Who is to come now."""
        return tuple(one for one in (self.caregiver_id, self.companion_id) if one is not None)

    def facts(self, wishes: Wishes, seen: Mapping[UUID, int]) -> VisitFacts:
        """Return what decides who may come."""
        return VisitFacts(
            visit_id=self.visit_id,
            service=self.service,
            skill=self.skill,
            minutes=self.minutes,
            windows=self.windows,
            elder_id=self.elder_id,
            provider_id=self.provider_id,
            region=self.region,
            languages=self.languages,
            wishes=wishes,
            seen=seen,
            is_emergency=self.is_emergency,
        )


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody was last on that day, and since when they are free."""

    lat: float
    lon: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Manner:
    """How a district plans: its settings, as numbers of minutes."""

    freeze: timedelta = timedelta(minutes=45)
    moved: timedelta = timedelta(minutes=15)
    travel_factor: float = 1.35
    change: float = 30.0
    shift: float = 0.5
    waiting: float = 0.1
    missed_break: float = 120.0


@dataclass(frozen=True, slots=True)
class DayFacts:
    """Everything that is known of a district's (or a provider's) day.

    `late` says before when somebody cannot come, `released` whose near visits are not frozen, `leads` when
    visits began that others follow and that are no longer planned (None: they will not be made).
    """

    on: date
    midnight: datetime
    now: datetime
    visits: tuple[Asked, ...]
    caregivers: tuple[CaregiverFacts, ...]
    wishes: Mapping[UUID, Wishes] = field(default_factory=dict)
    seen: Mapping[UUID, Mapping[UUID, int]] = field(default_factory=dict)
    last: Mapping[UUID, Place] = field(default_factory=dict)
    late: Mapping[UUID, datetime] = field(default_factory=dict)
    released: frozenset[UUID] = frozenset()
    leads: Mapping[UUID, datetime | None] = field(default_factory=dict)
    manner: Manner = Manner()

    def visit_facts(self, one: Asked) -> VisitFacts:
        """Return what decides who may make a visit of this day."""
        return one.facts(self.wishes.get(one.elder_id, Wishes()), self.seen.get(one.elder_id, {}))


@dataclass(frozen=True, slots=True)
class Planned:
    """One seat of a visit in a plan; nobody: caregiver and times are None, and `why` says why nobody."""

    visit_id: UUID
    seat: int
    caregiver_id: UUID | None
    position: int | None
    starts_at: datetime | None
    ends_at: datetime | None
    travel_s: int | None
    wait_s: int | None
    why: Reason


@dataclass(frozen=True, slots=True)
class Rest:
    """When somebody has the break, at whose home."""

    caregiver_id: UUID
    starts_at: datetime
    ends_at: datetime
    visit_id: UUID


@dataclass(frozen=True, slots=True)
class Drafted:
    """A whole plan as it came out of the search: items, breaks, what is not in it, and what it costs."""

    items: tuple[Planned, ...]
    rests: tuple[Rest, ...]
    cost: Mapping[str, Any]
