"""What the API says of a case, and what it is told."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from dashboards.api.shapes import Code, Given, Instant, Note, Shape


class Case(Shape):
    """One case; `says` is its type in words."""

    id: UUID
    class_: str = Field(validation_alias="class", serialization_alias="class")
    type: str
    says: str
    severity: int
    state: str
    opened_at: datetime
    last_alarm_at: datetime
    elder_id: UUID | None
    elder_name: str | None
    care_bed_id: UUID | None
    device_id: UUID | None
    incident_id: UUID | None
    restored_at: datetime | None
    lat: float | None
    lon: float | None
    grade: str | None
    alarms: int
    claimed_by: UUID | None
    claimed_by_name: str | None
    claimed_at: datetime | None
    visit_id: UUID | None
    visit_state: str | None
    caregiver_id: UUID | None
    caregiver_name: str | None
    resolved_at: datetime | None
    closed_at: datetime | None
    outcome: str | None
    false_alarm: str | None


class Entry(Shape):
    """One step: who (null: the system itself), when, why; in codes, and said in words."""

    id: UUID
    at: datetime
    when: datetime
    who: str | None
    account_id: UUID | None
    role: str | None
    action: str
    from_state: str | None
    to_state: str | None
    why: str
    note: str | None
    data: dict[str, Any]
    visit_id: UUID | None


class Timeline(Shape):
    """Every step of a case, oldest first."""

    items: list[Entry]


class Remark(Given):
    """Words to keep with the step."""

    note: Note | None = None


class Noted(Given):
    """A remark."""

    note: Note


class Call(Given):
    """A call that was made."""

    to: Code
    result: Code
    note: Note | None = None


class Send(Given):
    """Which service to send."""

    service: Code = "emergency"


class Sent(Shape):
    """Who was sent, and why this one; every caregiver considered stands in `why.considered`."""

    visit_id: UUID
    caregiver_id: UUID
    why: dict[str, Any]


class Shelf(Given):
    """Until when, and why, a case is put aside."""

    until: Instant
    reason: Code
    note: Note | None = None


class Ending(Given):
    """How a case ended."""

    outcome: Code
    false_alarm: Code | None = None
    note: Note | None = None


class Steps(Shape):
    """What to do now."""

    items: list[str]
