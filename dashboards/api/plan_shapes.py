"""What the API says of plans and of what moving a visit breaks."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from dashboards.api.shapes import Day, Given, Instant, Shape


class Plan(Shape):
    """A plan of a day: `computing`, `ready`, `accepted`, `discarded` or `failed`."""

    id: UUID
    on: date
    provider_id: UUID | None
    state: str
    cause: str
    trigger: dict[str, Any]
    seed: int
    seconds: float
    cost: dict[str, Any] | None
    progress: dict[str, Any]
    broken: list[dict[str, Any]]
    breaks: list[dict[str, Any]]
    left_out: list[dict[str, Any]]
    reason: dict[str, Any] | None
    created_at: datetime
    finished_at: datetime | None
    accepted_at: datetime | None


class Item(Shape):
    """What a plan says of one visit and seat; without caregiver nobody makes it, and `why` says why."""

    visit_id: UUID
    seat: int
    caregiver_id: UUID | None
    caregiver_name: str | None
    position: int | None
    starts_at: datetime | None
    ends_at: datetime | None
    travel_s: int | None
    wait_s: int | None
    why: dict[str, Any]
    elder_id: UUID
    elder_name: str
    service: str
    standing_id: UUID | None
    planned_start: datetime | None
    promised_at: datetime | None


class PlanInFull(Plan):
    """A plan with what it says of each visit."""

    items: list[Item]


class Asked(Given):
    """Which day is to be planned, and how long the planner may take."""

    date: Day
    seconds: Annotated[float, Field(gt=0, le=600)] | None = None
    seed: Annotated[int, Field(ge=0, lt=2**31)] | None = None
    provider_id: UUID | None = None


class Trigger(Given):
    """What has happened; which fields are wanted depends on the kind."""

    kind: Literal["cancelled", "sick", "late", "emergency", "leave"]
    visit_id: UUID | None = None
    caregiver_id: UUID | None = None
    minutes: float | None = None
    since: Annotated[Instant | None, Field(alias="from")] = None
    until: Annotated[Instant | None, Field(alias="to")] = None
    on: Day | None = None


class Repair(Given):
    """A repair that is asked for."""

    trigger: Trigger


class Move(Given):
    """Who is to come, and when; only looked at with `dry_run`."""

    caregiver_id: UUID
    starts_at: Instant
    dry_run: bool = False


class Moved(Shape):
    """What it breaks, as codes and numbers; `done` unless it was only looked at."""

    done: bool
    breaches: list[dict[str, Any]]
