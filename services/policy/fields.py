"""The parts of a scheme's file below its first lines (pure): whom it is for, amounts, shares, dates."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

SCALES: dict[str, tuple[str, ...]] = {
    "gbt_42195": ("intact", "mild", "moderate", "severe", "total"),
    "tekun_self_care": ("self", "partial", "dependent"),
    "disability_certificate": ("1", "2", "3", "4"),
    "ltci": ("0", "1", "2", "3", "4", "5"),
    "none": (),
}
"""Scales and their grades; none is derived from another. `none`: the amount hangs on no grade."""

Scale = Literal["gbt_42195", "tekun_self_care", "disability_certificate", "ltci", "none"]
Service = Literal[
    "meal",
    "bath",
    "clean",
    "walk",
    "medical",
    "emergency",
    "care",
    "health",
    "call_on",
    "comfort",
    "errand",
    "adapt",
]
Category = Literal["general", "dibao", "tekun", "disabled"]
Assistance = Literal["dibao", "dibao_margin", "tekun", "tuopin", "orphan"]
Residence = Literal["urban", "rural"]
Place = Literal["scattered", "institution"]
Living = Literal["alone", "empty_nest", "left_behind", "with_family"]
Away = Literal["hospital", "holiday", "institution"]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,60}$")]
Money = Annotated[str, StringConstraints(pattern=r"^\d{1,9}(\.\d{2})?$")]
Share = Annotated[str, StringConstraints(pattern=r"^(0(\.\d{1,4})?|1(\.0{1,4})?)$")]
Times = Annotated[str, StringConstraints(pattern=r"^\d{1,3}(\.\d{1,4})?$")]
Age = Annotated[int, Field(ge=0, le=130)]


class Part(BaseModel):
    """A table of the file: frozen, and no field that the format does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Who(Part):
    """Whom the scheme is for; every field that is given must hold, of a list one value is enough."""

    age_from: Age | None = None
    age_to: Age | None = None
    household: Literal["here", "any"] = "any"
    assistance: tuple[Assistance, ...] = ()
    residence: tuple[Residence, ...] = ()
    place: tuple[Place, ...] = ()
    living: tuple[Living, ...] = ()
    grades: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    gradual_exit_months: int = Field(0, ge=0, le=24)


class Line(Part):
    """An amount and for whom it is: what is left out does not matter. The first line that fits counts."""

    amount: Money
    cap: Money | None = None
    grades: tuple[str, ...] = ()
    certificate: tuple[str, ...] = ()
    category: tuple[Category, ...] = ()
    assistance: tuple[Assistance, ...] = ()
    residence: tuple[Residence, ...] = ()
    place: tuple[Place, ...] = ()
    age_from: Age | None = None
    age_to: Age | None = None
    assumed: bool = False


class Copay(Part):
    """What the person pays: a share of each visit within the quota, a share of what lies beyond it."""

    within: Share = "0"
    beyond: Share = "1"

    @property
    def shares(self) -> tuple[Decimal, Decimal]:
        """Return both shares as numbers between 0 and 1."""
        return Decimal(self.within), Decimal(self.beyond)


class Package(Part):
    """The rate buys the month's visits as a whole; `visits`: so many, what lies beyond the person pays."""

    visits: int | None = Field(None, ge=1, le=200)


class Carry(Part):
    """What becomes of an unused quota: it expires, or may be used for some months, or until the year ends."""

    to: Literal["none", "months", "year_end"] = "none"
    months: int = Field(0, ge=0, le=24)


class Proration(Part):
    """How a month is counted in which something begins, ends or changes.

    start, end: `day` counts days; `month` pays the whole month; start also `next_month`.
    change: `service_date` (services) takes what holds on the visit's day, `day` counts days, `month` takes
    the month's highest rate.
    """

    start: Literal["day", "month", "next_month"] = "month"
    end: Literal["day", "month"] = "day"
    change: Literal["service_date", "day", "month"] = "month"


class Stops(Part):
    """Until when it is paid after a death or a move: that day, the month's end, the quarter's end."""

    death: Literal["day", "month", "quarter"] = "month"
    moved: Literal["day", "month", "quarter"] = "month"


class Floor(Part):
    """A rule between schemes: no amount below `times` the other's amount for the same residence."""

    scheme: Code
    times: Times
