"""A clerk's test bench: hypothetical cases priced under a scheme (`yinling scheme price`)."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.districts import DistrictSettings
from services import policy
from services.policy import Absence, Category, Charge, Fact, Membership, Rate, Scheme, Service, Subject
from services.pricing import Explanation, Priced, plain, unsubsidised

Amount = Annotated[Decimal, Field(ge=0, le=Decimal(10_000_000), decimal_places=2)]
Span = tuple[date, date]
Open = tuple[str, date] | tuple[str, date, date | None]
_BORN = date(1940, 1, 1)


class Person(BaseModel):
    """A pretended person; `facts` are `[kind, value, first, last?]`, grades of the kind `grade:<scale>`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    born_on: date = _BORN
    died_on: date | None = None
    category: Category = "general"
    facts: tuple[tuple[str, str, date] | tuple[str, str, date, date | None], ...] = ()
    absences: tuple[Open, ...] = ()
    enrolled: tuple[Open, ...] | None = None
    life_proofs: tuple[Span, ...] | None = None

    def subject(self, scheme: Scheme) -> Subject:
        """Return the person as schemes see them: enrolled and proven alive unless the case says else."""
        members = ((scheme.code, date.min),) if self.enrolled is None else self.enrolled
        proofs = ((date.min, date.max),) if self.life_proofs is None else self.life_proofs
        return Subject(
            self.born_on,
            self.died_on,
            "female",
            self.category,
            tuple(Fact(one[0], one[1], one[2], one[3] if len(one) > 3 else None) for one in self.facts),  # noqa: PLR2004 - the last day may be left out
            tuple(Absence(*_closed(one)) for one in self.absences),
            tuple(Membership(*_closed(one)) for one in members),
            proofs,
        )


class Case(BaseModel):
    """One line for a visit: `{grade or person, category, on, service, units, used, visits, price?}`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    grade: str = ""
    person: Person | None = None
    category: Category = "general"
    on: date
    service: Service
    units: Annotated[Decimal, Field(gt=0, le=1000)] = Decimal(1)
    used: Amount = Decimal(0)
    visits: Annotated[int, Field(ge=0, le=1000)] = 0
    price: Amount | None = None


class MonthCase(BaseModel):
    """One line for an allowance or a standard: `{month, person}`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    month: date
    person: Person


def price_lines(
    scheme: Scheme, lines: Iterable[str], fallback: Mapping[str, str] | None = None
) -> Iterator[dict[str, Any]]:
    """Price each line of JSON; a line that is wrong answers `{line, errors: [{field, code, message}]}`."""
    default = DistrictSettings.model_validate({}).grade_fallback
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _one(scheme, number, line, default if fallback is None else fallback)


def _one(scheme: Scheme, number: int, line: str, fallback: Mapping[str, str]) -> dict[str, Any]:
    pays_visits = scheme.kind in {"services", "voucher"}
    try:
        given = json.loads(line)
        case = Case.model_validate(given) if pays_visits else MonthCase.model_validate(given)
    except json.JSONDecodeError as error:
        return _wrong(number, "", "json", str(error))
    except ValidationError as error:
        first = error.errors(include_url=False)
        fields = [(".".join(map(str, e["loc"])), e["type"], e["msg"]) for e in first]
        return {
            "line": number,
            "errors": [dict(zip(("field", "code", "message"), f, strict=True)) for f in fields],
        }
    if isinstance(case, MonthCase):
        return _due(scheme, number, case, fallback)
    return _priced(scheme, number, case, fallback)


def _due(scheme: Scheme, number: int, case: MonthCase, fallback: Mapping[str, str]) -> dict[str, Any]:
    if case.month.day != 1:
        return _wrong(number, "month", "first_day", f"{case.month} is not the first day of a month")
    subject = case.person.subject(scheme)
    found = policy.due(scheme, subject, case.month, fallback=fallback)
    rate = policy.rate_on(scheme, subject, case.month, fallback)
    return {
        "scheme": scheme.code,
        "version": scheme.version,
        "month": case.month.isoformat(),
        "rate": str(rate.quota) if rate else None,
        "amount": str(found.amount),
        "withheld": str(found.withheld),
        "stops_on": found.stops_on.isoformat() if found.stops_on else None,
        "reasons": list(found.reasons),
        "explanation": [*([rate.explanation] if rate and not found.amount else []), *found.explanation],
    }


def _priced(scheme: Scheme, number: int, case: Case, fallback: Mapping[str, str]) -> dict[str, Any]:
    if case.person is None and scheme.scale != "none" and case.grade not in policy.SCALES[scheme.scale]:
        return _wrong(number, "grade", "grade", f"{case.grade} is no grade of {scheme.scale}")
    if not scheme.is_in_force(case.on):
        return _wrong(
            number, "on", "not_in_force", f"{scheme.code} {scheme.version} is not in force on {case.on}"
        )
    subject = (case.person or _graded(scheme, case)).subject(scheme)
    found = policy.rate_on(scheme, subject, case.on, fallback)
    if found is None:
        grade = case.grade or "the person"
        return _wrong(number, "grade", "no_rate", f"{scheme.code} has no rate for {grade}")
    if (unit_price := _price(scheme, case)) is None:
        return _wrong(
            number, "price", "no_price", f"neither the case nor the scheme has a price for {case.service}"
        )
    why = _unmet(scheme, subject, case) if case.person is not None else None
    if why is not None:
        priced = unsubsidised(unit_price, case.units, why)
    else:
        priced = policy.charge(scheme, _charge(scheme, case, unit_price, found))
    return _answer(scheme, case, priced, [found.explanation, *_source(case, unit_price)], found.quota)


def _charge(scheme: Scheme, case: Case, price: Decimal, found: Rate) -> Charge:
    category = scheme.categories[0] if case.person is not None else case.category
    return Charge(case.service, category, price, case.units, found.quota, case.used, found.cap, case.visits)


def _graded(scheme: Scheme, case: Case) -> Person:
    """Return somebody of whom nothing is known but the grade and the category."""
    facts = ((f"grade:{scheme.scale}", case.grade, date.min),) if case.grade else ()
    return Person(category=case.category, facts=facts)


def _unmet(scheme: Scheme, subject: Subject, case: Case) -> Explanation | None:
    for span in policy.spans(scheme, subject, case.on, case.on, {}):
        return span.why
    return None


def _closed(one: Open) -> tuple[str, date, date | None]:
    return one[0], one[1], one[2] if len(one) > 2 else None  # noqa: PLR2004 - the last day may be left out


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
