"""What the API says of care plans, and what it is told."""

from datetime import date, datetime, time
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from dashboards.api.shapes import Code, Day, Given, Line, Note, Shape, plain
from services.plan_items import NewItem

Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Rrule = Annotated[str, StringConstraints(max_length=300), AfterValidator(plain)]


class Window(Given):
    """Local times; what ends before it begins ends on the next day."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    since: Clock = Field(alias="from")
    until: Clock = Field(alias="to")


class GivenItem(Given):
    """One line: `keeps` is the item that it continues, `follows` the place of an earlier line."""

    service: Code
    rrule: Rrule = Field(description="RFC 5545 RRULE of local days, e.g. FREQ=WEEKLY;BYDAY=TU,TH")
    windows: list[Window] = Field(min_length=1, max_length=8)
    minutes: int | None = Field(None, ge=1, le=720)
    holiday: Code = "as_usual"
    working_days_only: bool = False
    starts_on: Day | None = Field(None, description="DTSTART: from which intervals count")
    except_on: list[Day] = Field(default_factory=list, max_length=400, description="EXDATE")
    also_on: list[Day] = Field(default_factory=list, max_length=400, description="RDATE")
    each_window: bool = Field(default=False, description="a visit in each window, not one in any of them")
    staff: int | None = Field(None, ge=1, le=2)
    provider_id: UUID | None = None
    funding: Code = "subsidy"
    within_quota: bool = False
    is_optional: bool = False
    is_movable: bool = Field(default=False, description="on any day of its week")
    follows: int | None = Field(None, ge=0, le=40)
    follows_min: int = Field(0, ge=0, le=1440)
    follows_max: int = Field(60, ge=0, le=1440)
    note: Note = ""
    keeps: UUID | None = None

    def new(self) -> NewItem:
        """Return it as the services take it."""
        given = self.model_dump(exclude={"windows", "except_on", "also_on"})
        windows = tuple((time.fromisoformat(w.since), time.fromisoformat(w.until)) for w in self.windows)
        return NewItem(**given, windows=windows, except_on=tuple(self.except_on), also_on=tuple(self.also_on))


class NewCarePlan(Given):
    """A version; it is a draft until somebody else approves it."""

    elder_id: UUID
    valid_from: Day
    valid_to: Day | None = None
    goals: Note = ""
    items: list[GivenItem] = Field(min_length=1, max_length=40)
    assessment_id: UUID | None = None


class Agreement(Given):
    """Who signed for the elder, and when."""

    agreed_by: Line
    agreed_on: Day


class End(Given):
    """The last day, and why."""

    last: Day
    reason: Line


class CarePlan(Shape):
    """One version."""

    id: UUID
    elder_id: UUID
    elder_name: str
    version: int
    state: str
    goals: str
    valid_from: date
    valid_to: date | None
    assessment_id: UUID | None
    agreed_by: str | None
    agreed_on: date | None
    created_by: UUID
    created_at: datetime
    approved_by: UUID | None
    approved_at: datetime | None
    ended_reason: str | None


class Item(Shape):
    """One line of a version, in words (`says`), with the next days on which it happens."""

    id: UUID
    service: str
    rrule: str
    starts_on: date
    except_on: list[date]
    also_on: list[date]
    holiday: str
    working_days_only: bool
    windows: list[dict[str, Any]]
    each_window: bool
    minutes: int
    staff: int | None
    provider_id: UUID | None
    funding: str
    within_quota: bool
    is_optional: bool
    is_movable: bool
    follows_id: UUID | None
    follows_min: int | None
    follows_max: int | None
    note: str
    says: str
    next: list[date]


class CarePlanInFull(CarePlan):
    """One version with its lines."""

    items: list[Item]


class Preview(Shape):
    """The next days on which a line would happen; a year that is not announced may still change."""

    next: list[date]
    says: str
    not_announced: list[int]
