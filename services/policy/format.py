"""A scheme as its file says it, checked as a whole (pure); the format in words: docs/manual/schemes.md."""

from datetime import date, timedelta
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from services.policy import sense
from services.policy.fields import (
    Away,
    Carry,
    Category,
    Code,
    Copay,
    Floor,
    Line,
    Money,
    Package,
    Proration,
    Scale,
    Service,
    Stops,
    Who,
)

ALL_CATEGORIES: tuple[Category, ...] = ("general", "dibao", "tekun", "disabled")


class Scheme(BaseModel):
    """One version of one district's rule; see services/data/schemes for examples."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: Code
    version: int = Field(ge=1)
    name: str = Field(min_length=1, max_length=200)
    name_en: str = Field(min_length=1, max_length=200)
    district: Annotated[str, StringConstraints(pattern=r"^\d{6}$")]
    effective_from: date
    effective_to: date | None = None
    kind: Literal["services", "allowance", "voucher", "standard"] = "services"
    period: Literal["month", "year"] = "month"
    scale: Scale = "none"
    services: tuple[Service, ...] = ()
    categories: tuple[Category, ...] = Field(ALL_CATEGORIES, min_length=1)
    no_rate: Literal["district", "none"] = "none"
    priority: int = Field(100, ge=1, le=999)
    excludes: tuple[Code, ...] = ()
    yields_to: tuple[Code, ...] = ()
    yields_to_drawn: tuple[Code, ...] = ()
    needs_life_proof: bool = False
    sources: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    who: Who = Who()
    rates: dict[str, Money] = Field(default_factory=dict)
    amounts: tuple[Line, ...] = ()
    copay: Copay = Copay()
    package: Package | None = None
    carry: Carry = Carry()
    proration: Proration | None = None
    suspension: dict[Away, Annotated[int, Field(ge=0, le=366)]] = Field(default_factory=dict)
    stops: Stops = Stops()
    floors: tuple[Floor, ...] = ()
    example_prices: dict[Service, Money] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for complaint in sense.complaints(self):
            raise ValueError(complaint)
        return self

    def is_in_force(self, on: date) -> bool:
        """Say whether the scheme holds on a service date."""
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)

    @property
    def change(self) -> str:
        """Return how a change within a month is counted; services take the service date by default."""
        if self.proration is not None:
            return self.proration.change
        return "month" if self.kind in {"allowance", "standard"} else "service_date"

    @property
    def is_plain(self) -> bool:
        """Say whether a visit's price hangs on grade, category and the month's quota alone.

        Then a month's rate spans are those of the scale's grades, and the quota is spent in start order.
        """
        dated = (
            set(self.categories) != set(ALL_CATEGORIES)
            or self.suspension
            or self.excludes
            or self.yields_to
            or self.yields_to_drawn
            or self.amounts
        )
        special = self.package or self.copay != Copay() or self.carry.to != "none" or self.period != "month"
        return not (
            dated or special or self.kind != "services" or self.who != Who() or self.scale == "none"
        ) and (self.change == "service_date")

    @property
    def looks_back(self) -> bool:
        """Say whether a month's quota hangs on what earlier months have used."""
        return self.carry.to != "none" or (self.period == "year" and self.kind in {"services", "voucher"})

    def dates(self) -> tuple[date, date]:
        """Return the first day and the last (`date.max` when it is open)."""
        return self.effective_from, self.effective_to or date.max

    def ends_before(self, first: date) -> "Scheme":
        """Return the scheme as it is once a successor begins on `first`."""
        last = first - timedelta(days=1)
        keep = self.effective_to is not None and self.effective_to <= last
        return self if keep else self.model_copy(update={"effective_to": last})
