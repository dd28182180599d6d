"""A subsidy scheme: reading it from TOML, and what it pays for one visit (pure)."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from core.errors import Invalid
from services.pricing import Explanation, Priced, money, subsidised, unsubsidised

SCALES: Mapping[str, tuple[str, ...]] = {
    "gbt_42195": ("intact", "mild", "moderate", "severe", "total"),
    "tekun_self_care": ("self", "partial", "dependent"),
    "disability_certificate": ("1", "2", "3", "4"),
    "ltci": ("0", "1", "2", "3", "4", "5"),
}
"""Scales and their grades; none is derived from another."""

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
Money = Annotated[str, StringConstraints(pattern=r"^\d{1,9}(\.\d{2})?$")]


class Scheme(BaseModel):
    """One version of one district's rule; see services/data/schemes for the format in words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,60}$")]
    version: int = Field(ge=1)
    name: str = Field(min_length=1, max_length=200)
    name_en: str = Field(min_length=1, max_length=200)
    district: Annotated[str, StringConstraints(pattern=r"^\d{6}$")]
    effective_from: date
    effective_to: date | None = None
    scale: Literal["gbt_42195", "tekun_self_care", "disability_certificate", "ltci"]
    services: tuple[Service, ...] = Field(min_length=1)
    categories: tuple[Category, ...] = Field(min_length=1)
    no_rate: Literal["district", "none"]
    sources: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    rates: dict[str, Money] = Field(min_length=1)
    example_prices: dict[Service, Money] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        grades = SCALES[self.scale]
        strangers = [grade for grade in self.rates if grade not in grades]
        if strangers:
            raise ValueError(
                f"rates: {', '.join(strangers)} is no grade of {self.scale} ({', '.join(grades)})"
            )
        if self.effective_to is not None and self.effective_to < self.effective_from:
            raise ValueError("effective_to: the last day lies before the first")
        if self.effective_from.day != 1:
            raise ValueError(
                "effective_from: a month has one quota, so a scheme starts on the first of a month"
            )
        if self.effective_to is not None and (self.effective_to + timedelta(days=1)).day != 1:
            raise ValueError("effective_to: a month has one quota, so a scheme ends on the last of a month")
        return self

    def is_in_force(self, on: date) -> bool:
        """Say whether the scheme holds on a service date."""
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)


@dataclass(frozen=True, slots=True)
class Rate:
    """A grade's monthly quota under a scheme, and how it was found."""

    quota: Decimal
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class Charge:
    """A visit to be priced under a scheme."""

    service: str
    category: str
    price: Decimal
    units: Decimal
    quota: Decimal
    used: Decimal


def parse(text: str) -> Scheme:
    """Read a scheme; raise Invalid naming every wrong field."""
    try:
        return Scheme.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise Invalid(f"the scheme is not TOML: {error}", [_error("", "toml", str(error))]) from error
    except ValidationError as error:
        errors = [_named(one["loc"], one["type"], one["msg"]) for one in error.errors(include_url=False)]
        fields = ", ".join(str(one["field"]) for one in errors)
        raise Invalid(f"the scheme is wrong in {fields}", errors) from error


def rate(scheme: Scheme, grade: str, fallback: Mapping[str, str]) -> Rate | None:
    """Return the grade's quota; or that of the grade the district's setting names for it, or None."""
    figures = {"scheme": scheme.code, "version": str(scheme.version), "grade": grade}
    if grade in scheme.rates:
        quota = money(Decimal(scheme.rates[grade]))
        return Rate(quota, {"code": "rate", **figures, "rate": str(quota)})
    other = fallback.get(grade) if scheme.no_rate == "district" else None
    if other is None or other not in scheme.rates:
        return None
    quota = money(Decimal(scheme.rates[other]))
    return Rate(quota, {"code": "rate_mapped", **figures, "as_grade": other, "rate": str(quota)})


def charge(scheme: Scheme, visit: Charge) -> Priced:
    """Price a visit under a scheme: what it does not cover, the person pays."""
    if visit.service not in scheme.services:
        why = {"code": "service_not_covered", "scheme": scheme.code, "service": visit.service}
        return unsubsidised(visit.price, visit.units, why)
    if visit.category not in scheme.categories:
        why = {"code": "category_not_covered", "scheme": scheme.code, "category": visit.category}
        return unsubsidised(visit.price, visit.units, why)
    return subsidised(visit.price, visit.units, visit.quota, visit.used)


_AMOUNT = 'an amount in quotes, as "200" or "200.00"'
_SPELT = {
    "rates": _AMOUNT,
    "example_prices": _AMOUNT,
    "code": "small letters, digits and underscores, beginning with a letter",
    "district": "six digits in quotes",
}
_OWN = re.compile(r"^(Value error, )?((?P<field>[a-z_]+): )?(?P<words>.*)$", re.DOTALL)


def _named(place: tuple[int | str, ...], code: str, message: str) -> dict[str, object]:
    found = _OWN.match(message)
    if place or found is None:
        words = _SPELT.get(str(place[0])) if place and code.startswith("string") else None
        return _error(".".join(str(part) for part in place), code, words or message)
    return _error(found["field"] or "", code, found["words"])


def _error(field: str, code: str, message: str) -> dict[str, object]:
    return {"field": field, "code": code, "message": message}
