"""What a caregiver's phone is told and tells, beside the steps of a visit."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints

from dashboards.api.shapes import Code, Given, Instant, Latitude, Longitude, Note, Shape


class Carried(Shape):
    """One visit as the phone keeps it; nothing of it is sealed."""

    id: UUID
    elder_name: str
    elder_gender: str
    born_on: date
    conditions: Any
    languages: list[str]
    lives_alone: bool
    case_id: UUID | None
    alarm_type: str | None
    service: str
    state: str
    is_companion: bool
    with_name: str | None
    window_start: datetime
    window_end: datetime
    planned_start: datetime | None
    minutes: int
    home_id: UUID
    lat: float
    lon: float
    region_name: str | None
    tasks: list[str]
    navigation: dict[str, str]
    lone_due_at: datetime | None
    mark: str


class Contact(Shape):
    """Whom to call at any time."""

    code: str
    phone: str


class Settled(Shape):
    """A refused record that somebody has settled: the phone may let go of it."""

    id: UUID
    note: str | None


class Days(Shape):
    """What a phone must know to work without a network."""

    now: datetime
    account_id: UUID
    visits: list[Carried]
    contacts: list[Contact]
    settled: list[Settled]


class Revealed(Shape):
    """The sealed values of a visit's elder."""

    phone: str | None = None
    address: str | None = None
    access: str | None = None


class Refused(Given):
    """A record that was not accepted: what was said, and what was answered."""

    id: UUID
    visit_id: UUID | None = None
    verb: Code
    said: dict[str, Any]
    said_at: Instant | None = None
    status: Annotated[int, Field(ge=400, le=599)]
    code: Code
    reason: dict[str, Any] = Field(default_factory=dict)


class Conflict(Shape):
    """A refused record, as its provider sees it."""

    id: UUID
    caregiver_id: UUID
    caregiver_name: str
    visit_id: UUID | None
    service: str | None
    visit_state: str | None
    verb: str
    said: dict[str, Any]
    said_at: datetime | None
    received_at: datetime
    status: int
    code: str
    reason: dict[str, Any]


class Settlement(Given):
    """What came of it."""

    note: Note


class Outcome(Given):
    """What came of it, as a code."""

    outcome: Code


class Sos(Given):
    """A caregiver's own alarm."""

    id: UUID
    at: Instant | None = None
    visit_id: UUID | None = None
    lat: Latitude | None = None
    lon: Longitude | None = None
    accuracy_m: Annotated[float | None, Field(ge=0, le=1e6, allow_inf_nan=False)] = None


class Raised(Shape):
    """What was kept under which id."""

    id: UUID


class Alert(Shape):
    """A caregiver in need."""

    id: UUID
    caregiver_id: UUID
    caregiver_name: str
    provider_name: str
    visit_id: UUID | None
    kind: str
    state: str
    said_at: datetime
    received_at: datetime
    lat: float | None
    lon: float | None
    accuracy_m: float | None
    taken_name: str | None
    taken_at: datetime | None
    outcome: str | None


class Due(Shape):
    """When the phone asks again."""

    due_at: datetime


class Signature(Given):
    """A signature, what was signed, and the digest over both."""

    id: UUID
    who: Code
    path: Annotated[str, StringConstraints(max_length=40_000)]
    statement: dict[str, Any]
    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F]{64}$")]
    at: Instant | None = None


class Signed(Shape):
    """Whether the digest fits what arrived."""

    id: UUID
    is_intact: bool


class Photo(Shape):
    """A photo without its content; `same_as` is an earlier one with the same digest."""

    id: UUID
    taken_at: datetime
    same_as: UUID | None


class Report(Given):
    """A changed condition."""

    id: UUID
    changes: Annotated[list[Code], Field(max_length=20, default_factory=list)]
    note: Note | None = None
    wants_assessment: bool = True
    at: Instant | None = None


class Reported(Shape):
    """A report that nobody has settled."""

    id: UUID
    elder_id: UUID
    elder_name: str
    visit_id: UUID
    caregiver_name: str
    changes: list[str]
    note: str | None
    wants_assessment: bool
    observed_at: datetime
    received_at: datetime
    grade: str | None
