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
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from services import policy
from services.policy import Charge, Quota, Scheme, Span
from services.policy.subject import last_day
from services.pricing import ZERO, Explanation, Priced, unsubsidised

__all__ = ["HEAD", "Line", "Quota", "Span", "Spent", "last_day"]

HEAD = ("contract_price", "units")
"""The codes of an explanation that do not hang on the grade or the quota."""


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
    return policy.of_spans(found)


def span_on(found: Sequence[Span], day: date) -> Span | None:
    """Return the grade in force on a day, or None."""
    return next((span for span in found if span.first <= day <= span.last), None)


def has_rate(found: Sequence[Span], day: date) -> bool:
    """Say whether the grade in force on a day has a rate."""
    span = span_on(found, day)
    return span is not None and span.rate is not None


def spend(
    scheme: Scheme,
    category: str,
    found: Sequence[Span],
    lines: Iterable[Line],
    used: Decimal,
    visits: int = 0,
) -> tuple[list[Spent], Decimal]:
    """Price lines in the order of their start, after `used` and `visits`; return them and what is used then.

    A line on a day without a rate is left out: the caller keeps what it knew of it, and has it in `used`. On
    a day on which a condition of the scheme does not hold the person pays.
    """
    spent: list[Spent] = []
    for line in sorted(lines, key=lambda one: (one.started_at, one.visit)):
        span = span_on(found, line.service_on)
        if span is None or span.rate is None:
            continue
        month = (span.rate.quota, used, span.rate.cap, visits)
        priced = _priced(scheme, category, line, span.why, month)
        used += priced.subsidy
        visits += span.why is None
        graded = () if scheme.scale == "none" else (grade_words(scheme, span, line.service_on),)
        words = (*graded, span.rate.explanation, *line.head, *priced.explanation)
        spent.append(Spent(line, span.grade, Priced(priced.amount, priced.subsidy, priced.copay, words)))
    return spent, max(used, ZERO)


def _priced(
    scheme: Scheme,
    category: str,
    line: Line,
    why: Explanation | None,
    month: tuple[Decimal, Decimal, Decimal, int],
) -> Priced:
    if why is not None:
        return unsubsidised(line.price, line.units, why)
    return policy.charge(scheme, Charge(line.service, category, line.price, line.units, *month))


def grade_words(scheme: Scheme, span: Span, on: date) -> Explanation:
    """Say which grade counts and since when."""
    words = {"code": "grade_in_force", "scale": scheme.scale, "grade": span.grade, "on": on.isoformat()}
    words["valid_from"] = span.valid_from.isoformat()
    words["valid_to"] = span.valid_to.isoformat() if span.valid_to else ""
    return words
