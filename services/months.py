"""A month's quota and how its visits spend it, as functions of the grades in force (pure).

A visit takes the quota of the grade in force on its own service date, less what earlier visits of the
month have used. When a grade changes within the month, visits before the change keep the old quota and
visits after it have the new one; what was used stays used, so a month never pays more than its highest
quota. Open claims (of a draft statement) are spent again in the order of the visits' start whenever a
claim joins or a grade changes; what stands in a statement that is no longer a draft is counted first
and never changes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from services import policy
from services.policy import Charge, Rate, Scheme
from services.pricing import ZERO, Explanation, Priced

HEAD = ("contract_price", "units")
"""The codes of an explanation that do not hang on the grade or the quota."""


@dataclass(frozen=True, slots=True)
class Span:
    """A grade within a month; `rate` is None where the scheme pays nothing for it."""

    grade: str
    first: date
    last: date
    valid_from: date
    valid_to: date | None
    rate: Rate | None


@dataclass(frozen=True, slots=True)
class Quota:
    """A month's entitlement: the last grade's, and the highest of any."""

    grade: str
    quota: Decimal
    ceiling: Decimal
    explanation: tuple[Explanation, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """An open claim, or a visit about to become one."""

    visit: UUID
    started_at: datetime
    service_on: date
    service: str
    price: Decimal
    units: Decimal
    head: tuple[Explanation, ...]


@dataclass(frozen=True, slots=True)
class Spent:
    """A line priced: `priced` with the whole explanation."""

    line: Line
    grade: str
    priced: Priced


def last_day(month: date) -> date:
    """Return the last day of a month."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def spans(
    scheme: Scheme, month: date, grades: Iterable[tuple[str, date, date | None]], fallback: Mapping[str, str]
) -> tuple[Span, ...]:
    """Cut dated grades (grade, from, to; in order) to a month and find each one's rate."""
    end = last_day(month)
    return tuple(
        Span(
            grade, max(first, month), min(last or end, end), first, last, policy.rate(scheme, grade, fallback)
        )
        for grade, first, last in grades
    )


def quota(found: Sequence[Span]) -> Quota | None:
    """Return the month's entitlement, or None when no grade of the month has a rate."""
    paid = [(span, span.rate) for span in found if span.rate is not None]
    if not paid:
        return None
    last, rate = paid[-1]
    words = [
        {**one.explanation, "from": span.first.isoformat(), "to": span.last.isoformat()} for span, one in paid
    ]
    return Quota(last.grade, rate.quota, max(one.quota for _, one in paid), tuple(words))


def span_on(found: Sequence[Span], day: date) -> Span | None:
    """Return the grade in force on a day, or None."""
    return next((span for span in found if span.first <= day <= span.last), None)


def has_rate(found: Sequence[Span], day: date) -> bool:
    """Say whether the grade in force on a day has a rate."""
    span = span_on(found, day)
    return span is not None and span.rate is not None


def spend(
    scheme: Scheme, category: str, found: Sequence[Span], lines: Iterable[Line], used: Decimal
) -> tuple[list[Spent], Decimal]:
    """Price lines in the order of their start, after `used`; return them and what is used then.

    A line on a day without a rate is left out: the caller keeps what it knew of it, and has it in `used`.
    """
    spent: list[Spent] = []
    for line in sorted(lines, key=lambda one: (one.started_at, one.visit)):
        span = span_on(found, line.service_on)
        if span is None or span.rate is None:
            continue
        charge = Charge(line.service, category, line.price, line.units, span.rate.quota, used)
        priced = policy.charge(scheme, charge)
        used += priced.subsidy
        head = (grade_words(scheme, span, line.service_on), span.rate.explanation, *line.head)
        words = (*head, *priced.explanation)
        spent.append(Spent(line, span.grade, Priced(priced.amount, priced.subsidy, priced.copay, words)))
    return spent, max(used, ZERO)


def grade_words(scheme: Scheme, span: Span, on: date) -> Explanation:
    """Say which grade counts and since when."""
    words = {"code": "grade_in_force", "scale": scheme.scale, "grade": span.grade, "on": on.isoformat()}
    words["valid_from"] = span.valid_from.isoformat()
    words["valid_to"] = span.valid_to.isoformat() if span.valid_to else ""
    return words
