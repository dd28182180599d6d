"""What the API says of a visit, and what it is told."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, Field, StringConstraints

from dashboards.api.shapes import Code, Given, Instant, Latitude, Line, Longitude, Note, Shape


class Visit(Shape):
    """One visit."""

    id: UUID
    elder_id: UUID
    elder_name: str
    care_bed_id: UUID | None
    case_id: UUID | None
    service: str
    priority: int
    state: str
    window_start: datetime
    window_end: datetime
    planned_start: datetime | None = None
    planned_end: datetime | None = None
    promised_at: datetime | None = None
    is_pinned: bool = False
    minutes: int
    lat: float
    lon: float
    provider_id: UUID | None
    caregiver_id: UUID | None
    caregiver_name: str | None
    funding: str
    wanted_at: datetime
    offered_at: datetime | None
    accepted_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    verdict: str | None


class VisitInFull(Visit):
    """One visit with what was said, done and seen; a family sees what was done."""

    why: dict[str, Any] | None
    record: Any
    check_in: dict[str, Any] | None
    check_out: dict[str, Any] | None
    elements: dict[str, Any] | None
    witnesses: list[dict[str, Any]] | None


class Step(Shape):
    """One step of a visit."""

    id: UUID
    at: datetime
    who: str | None
    account_id: UUID | None
    action: str
    says: str
    from_state: str | None
    to_state: str | None
    data: dict[str, Any]


class Declined(Shape):
    """Who is asked next (null: nobody, or it is planned anew)."""

    caregiver_id: UUID | None


class Reason(Given):
    """Why not: a note, and of a caregiver who declines a code."""

    reason: Note | None = None
    code: Code | None = None


class Mark(Given):
    """Where and when, as the phone says; `at` may lie in the past, `qr` is what it read at the home.

    `digits` are the six that were shown or spoken there; `clock_s` is by how much the phone's clock was
    behind ours when it last heard from us. The header `Phone-Time` says what it shows when it sends.
    """

    at: Instant | None = None
    lat: Latitude | None = None
    lon: Longitude | None = None
    accuracy_m: Annotated[float | None, Field(ge=0, le=1e6, allow_inf_nan=False)] = None
    qr: Line | None = None
    scanned_at: Instant | None = None
    digits: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")] | None = None
    clock_s: Annotated[float | None, Field(ge=-1e9, le=1e9, allow_inf_nan=False)] = None
    app: Line | None = None


def _as_fields(record: object) -> object:
    if isinstance(record, str):
        return {"note": record}
    return {"items": record} if isinstance(record, list) else record


class Done(Mark):
    """The end of a visit, with the record of what was done: fields, or a plain text, or a list."""

    record: Annotated[dict[str, Any] | None, BeforeValidator(_as_fields)] = None


class Opinion(Given):
    """What the elder or the family says about a visit."""

    agrees: bool
    note: Note | None = None


class Wanted(Given):
    """A planned visit."""

    elder_id: UUID
    service: Code
    window_start: Instant
    window_end: Instant
    minutes: Annotated[int | None, Field(ge=1, le=1440)] = None
    priority: Annotated[int, Field(ge=1, le=5)] = 3
    provider_id: UUID | None = None


class Chosen(Given):
    """To whom a visit is offered."""

    caregiver_id: UUID


class Made(Shape):
    """What was made."""

    id: UUID
