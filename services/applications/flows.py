"""The way of an application as data: its stages, who acts, how long, from when it is paid; pure."""

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from core.clock import month_after, month_of
from core.errors import Conflict, Invalid
from services.holidays_cn import is_working_day

ROLES = ("clerk", "approver")
STAGES = ("accept", "town", "federation", "civil_affairs", "decide")
DOCUMENTS = (
    "id_card",
    "household_book",
    "disability_certificate",
    "bank_card",
    "photo",
    "medical_record",
    "income_proof",
    "power_of_attorney",
)
REFUSALS = (
    "not_eligible",
    "documents_missing",
    "documents_wrong",
    "registered_elsewhere",
    "draws_elsewhere",
    "income_too_high",
    "deceased",
    "other",
)
"""Why something is refused or returned, as codes: only codes cross from one district to another."""
_FILE = Path(__file__).parents[1] / "data" / "flows" / "flows.toml"


class Stage(BaseModel):
    """One stage: who acts, and the working days it may take."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: Literal["accept", "town", "federation", "civil_affairs", "decide"]
    roles: tuple[Literal["clerk", "approver"], ...] = Field(min_length=1)
    days: int = Field(ge=1, le=365)


class Flow(BaseModel):
    """A way of at least two stages, so that at least two persons look at an application."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stages: tuple[Stage, ...] = Field(min_length=2, max_length=6)
    documents: tuple[str, ...] = ()
    start: Literal["application_month", "next_month", "decision_day"] = "application_month"

    @model_validator(mode="after")
    def _fits(self) -> Self:
        codes = [stage.code for stage in self.stages]
        if len(set(codes)) != len(codes):
            raise ValueError("stages: one of each code")
        strangers = [one for one in self.documents if one not in DOCUMENTS]
        if strangers:
            raise ValueError(f"documents: {', '.join(strangers)} is none of {', '.join(DOCUMENTS)}")
        return self


@cache
def known() -> Mapping[str, Flow]:
    """Return the flows that the product brings, by name."""
    found = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {name: Flow.model_validate(flow) for name, flow in found.items()}


def read(body: object) -> Flow:
    """Read a flow of a district's own; raise Invalid naming every wrong field."""
    try:
        return Flow.model_validate(body)
    except ValidationError as error:
        wrong = [
            {"field": ".".join(map(str, one["loc"])) or "flow", "code": "flow", "message": one["msg"]}
            for one in error.errors(include_url=False, include_input=False)
        ]
        raise Invalid("flow: not a way that an application can take", wrong) from error


def due_on(since: date, days: int) -> date:
    """Return the last day of a stage: that many working days after the day on which it began."""
    day = since
    while days:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return day


def starts_on(flow: Flow, applied_on: date, decided_on: date) -> date:
    """Return the first day that is paid, by the flow's rule."""
    if flow.start == "application_month":
        return month_of(applied_on)
    return month_after(month_of(decided_on)) if flow.start == "next_month" else decided_on


def missing(flow: Flow, documents: tuple[str, ...] | list[str]) -> list[str]:
    """Return the documents that the flow asks for and nobody has seen yet."""
    return [one for one in flow.documents if one not in documents]


def is_last(flow: Flow, stage: int) -> bool:
    """Say whether a stage is the one that decides."""
    return stage == len(flow.stages) - 1


def check_actor(flow: Flow, stage: int, role: str, account: UUID, acted: Mapping[str, UUID]) -> None:
    """Raise when somebody may not act at a stage.

    Conflict `other_role` when the stage is another role's, `same_person` when who decides has passed an
    earlier stage (`acted`: who passed which stage).
    """
    if role not in flow.stages[stage].roles:
        words = f"stage {flow.stages[stage].code} is for {' or '.join(flow.stages[stage].roles)}"
        raise Conflict(words, code="other_role")
    if is_last(flow, stage) and account in acted.values():
        raise Conflict("who has examined an application does not decide it", code="same_person")


def check_documents(flow: Flow, documents: tuple[str, ...] | list[str]) -> None:
    """Raise Invalid naming every document that is missing."""
    absent = missing(flow, documents)
    if absent:
        words = f"documents: missing {', '.join(absent)}"
        errors = [{"field": "documents", "code": "document_missing", "document": one} for one in absent]
        raise Invalid(words, errors)
