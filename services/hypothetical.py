"""A clerk's test bench: hypothetical cases priced under a scheme (`yinling scheme price`)."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.districts import DistrictSettings
from services import policy
from services.policy import Category, Charge, Scheme, Service
from services.pricing import Explanation, Priced, plain

Amount = Annotated[Decimal, Field(ge=0, le=Decimal(10_000_000), decimal_places=2)]


class Case(BaseModel):
    """One line: `{grade, category, on, service, units, used, price?}`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    grade: str
    category: Category = "general"
    on: date
    service: Service
    units: Annotated[Decimal, Field(gt=0, le=1000)] = Decimal(1)
    used: Amount = Decimal(0)
    price: Amount | None = None


def price_lines(
    scheme: Scheme, lines: Iterable[str], fallback: Mapping[str, str] | None = None
) -> Iterator[dict[str, Any]]:
    """Price each line of JSON; a line that is wrong answers `{line, errors: [{field, code, message}]}`."""
    default = DistrictSettings.model_validate({}).grade_fallback
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _one(scheme, number, line, default if fallback is None else fallback)


def _one(scheme: Scheme, number: int, line: str, fallback: Mapping[str, str]) -> dict[str, Any]:
    try:
        case = Case.model_validate(json.loads(line))
    except json.JSONDecodeError as error:
        return _wrong(number, "", "json", str(error))
    except ValidationError as error:
        first = error.errors(include_url=False)
        fields = [(".".join(map(str, e["loc"])), e["type"], e["msg"]) for e in first]
        return {
            "line": number,
            "errors": [dict(zip(("field", "code", "message"), f, strict=True)) for f in fields],
        }
    return _priced(scheme, number, case, fallback)


def _priced(scheme: Scheme, number: int, case: Case, fallback: Mapping[str, str]) -> dict[str, Any]:
    if case.grade not in policy.SCALES[scheme.scale]:
        return _wrong(number, "grade", "grade", f"{case.grade} is no grade of {scheme.scale}")
    if not scheme.is_in_force(case.on):
        return _wrong(
            number, "on", "not_in_force", f"{scheme.code} {scheme.version} is not in force on {case.on}"
        )
    found = policy.rate(scheme, case.grade, fallback)
    if found is None:
        return _wrong(number, "grade", "no_rate", f"{scheme.code} has no rate for {case.grade}")
    if (unit_price := _price(scheme, case)) is None:
        return _wrong(
            number, "price", "no_price", f"neither the case nor the scheme has a price for {case.service}"
        )
    charge = Charge(case.service, case.category, unit_price, case.units, found.quota, case.used)
    head = [found.explanation, *_source(case, unit_price)]
    return _answer(scheme, case, policy.charge(scheme, charge), head, found.quota)


def _price(scheme: Scheme, case: Case) -> Decimal | None:
    if case.price is not None:
        return case.price
    example = scheme.example_prices.get(case.service)
    return None if example is None else Decimal(example)


def _source(case: Case, unit_price: Decimal) -> list[Explanation]:
    if case.price is not None:
        return []
    return [{"code": "example_price", "service": case.service, "price": str(unit_price)}]


def _answer(
    scheme: Scheme, case: Case, priced: Priced, head: list[Explanation], quota: Decimal
) -> dict[str, Any]:
    return {
        "scheme": scheme.code,
        "version": scheme.version,
        "grade": case.grade,
        "service": case.service,
        "units": plain(case.units),
        "quota": str(quota),
        "amount": str(priced.amount),
        "subsidy": str(priced.subsidy),
        "copay": str(priced.copay),
        "explanation": [*head, *priced.explanation],
    }


def _wrong(number: int, field: str, code: str, message: str) -> dict[str, Any]:
    return {"line": number, "errors": [{"field": field, "code": code, "message": message}]}
