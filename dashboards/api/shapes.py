"""What the nouns of the API share: pages, money, texts, the roles that belong together."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import Depends, Query
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
)

CENTRE = ("operator", "duty_manager", "admin")
"""The call centre."""
OFFICE = ("clerk", "auditor", "approver", "admin")
"""Civil affairs."""
STAFF = ("operator", "duty_manager", "clerk", "auditor", "approver", "admin")
EVERYBODY = (
    *("operator", "duty_manager", "caregiver", "provider_manager", "family", "clerk"),
    *("auditor", "approver", "assessor", "installer", "admin"),
)
MOST = 200
T = TypeVar("T")


def plain(text: str) -> str:
    """Refuse what no database text can hold."""
    if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("not a text")
    return text


def _sane_day(day: date) -> date:
    if not 1900 <= day.year <= 2200:  # noqa: PLR2004 - what a calendar of ours can hold
        raise ValueError("not a time of ours")
    return day


def _sane(at: datetime) -> datetime:
    _sane_day(at)
    return at.astimezone(UTC)


Money = Annotated[Decimal, PlainSerializer(lambda value: f"{value:.2f}", return_type=str, when_used="always")]
"""CNY with two decimals, as a string in JSON."""
Line = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(plain)]
Note = Annotated[str, StringConstraints(max_length=2000), AfterValidator(plain)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,49}$")]
Month = Annotated[str, StringConstraints(pattern=r"^(19|20|21)\d\d-(0[1-9]|1[0-2])$")]
Day = Annotated[date, AfterValidator(_sane_day)]
Instant = Annotated[AwareDatetime, AfterValidator(_sane)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]


class Shape(BaseModel):
    """What the API answers; more fields may come."""

    model_config = ConfigDict(from_attributes=True)


class Given(BaseModel):
    """What the API is told; a name that it does not know is a mistake worth naming."""

    model_config = ConfigDict(extra="forbid")


class Page(BaseModel, Generic[T]):
    """Some of a list; `next` is the `after` of the following page, null at the end."""

    items: list[T]
    next: str | None


class Paging(BaseModel):
    """Where a page begins and how long it is."""

    after: UUID | None
    limit: int

    @property
    def ask(self) -> int:
        """One more than is shown, to know whether there is a next page."""
        return self.limit + 1

    def page(self, rows: Sequence[Mapping[str, Any]], shape: type[T], key: str = "id") -> Page[T]:
        """Cut the page and shape its rows."""
        shown = rows[: self.limit]
        more = len(rows) > self.limit
        items = [shape_of(shape, row) for row in shown]
        return Page(items=items, next=str(shown[-1][key]) if more else None)


def shape_of(shape: type[T], row: Mapping[str, Any]) -> T:
    """Make an answer of a row."""
    assert issubclass(shape, BaseModel)  # noqa: S101 - for mypy
    return shape.model_validate(dict(row))


def _paging(
    after: Annotated[UUID | None, Query(description="`next` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
) -> Paging:
    return Paging(after=after, limit=limit)


Paged = Annotated[Paging, Depends(_paging)]


def month_start(month: str | None) -> date | None:
    """Return the first day of `YYYY-MM`."""
    return date.fromisoformat(f"{month}-01") if month else None
