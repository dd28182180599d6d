"""What a settlement is asked and answers over the API."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from dashboards.api.shapes import Code, Given, Money, Month, Shape

Yuan = Annotated[Decimal, Field(ge=-10_000_000, le=10_000_000, decimal_places=2)]
Said = Annotated[str, Field(max_length=1000)]


class GivenRun(Given):
    """Which month, and how far: `draft` prices, `check` prices and checks."""

    month: Month
    step: Literal["draft", "check"] = "check"
    provider_id: UUID | None = None


class Run(Shape):
    """A month's run and how far it is."""

    id: UUID
    month: date
    step: str
    state: str
    provider_id: UUID | None
    started_at: datetime
    finished_at: datetime | None
    visits: int
    visits_done: int
    pieces: int
    pieces_done: int
    made: int
    singly: int
    unpriced: int
    rejected: int
    error: str | None


class GivenItem(Given):
    """One claim or line, and why it is disputed."""

    claim_id: UUID | None = None
    line_id: UUID | None = None
    reason: Code
    words: Said = ""


class GivenDispute(Given):
    """What a provider disputes."""

    items: list[GivenItem] = Field(min_length=1, max_length=500)


class GivenReason(Given):
    """Why, as a code."""

    code: Code = "by_hand"


class GivenAmount(GivenReason):
    """What the district shall pay of what was asked."""

    approved: Yuan


class GivenCorrection(Given):
    """What is added to an issued claim; a deduction is negative."""

    amount: Yuan
    reason: Code


class GivenAppeal(Given):
    """Why a claim is disputed."""

    reason: Code
    words: Said = ""


class GivenAnswer(Given):
    """What becomes of a dispute."""

    outcome: Literal["upheld", "refused"]
    words: Said = ""


class GivenBudget(Given):
    """A ceiling for a year: of all, of a scheme, of a service, or of both."""

    year: int = Field(ge=2000, le=2200)
    ceiling: Yuan
    scheme: str | None = Field(None, max_length=61)
    service: Code | None = None


class Line(Shape):
    """A line beside the claims; `says` is its explanation in words."""

    id: UUID
    kind: str
    amount: Money
    claim_id: UUID | None
    line_id: UUID | None
    says: str
    explanation_lines: list[dict[str, Any]]


class Seal(Shape):
    """A statement's place in the district's chain; hashes in hex."""

    number: int
    hash: str
    previous: str
    lines: int
    lines_hash: str
    audit_number: int | None
    audit_hash: str | None
    sealed_at: datetime


class Budget(Shape):
    """A budget and how it stands."""

    id: UUID
    year: int
    scheme_code: str | None
    service: str | None
    ceiling: Money
    is_signed: bool
    spent: Money
    left: Money
    share: Decimal
    forecast: Money | None
    breaks_on: date | None


class Done(Shape):
    """What a statement or claim has become."""

    id: UUID
    state: str


class Made(Shape):
    """What was made."""

    id: UUID
