"""What holds of a person under a scheme day by day, as few spans of days (pure)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.policy import eligibility, rates
from services.policy.answers import Condition, Rate, Span
from services.policy.format import Scheme
from services.policy.subject import DAY, Subject, cut, last_day, months_later
from services.pricing import Explanation


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days on which nothing changes; `off` says why they are not paid."""

    first: date
    last: date
    rate: Rate | None
    off: tuple[Condition, ...]
    conditions: tuple[Condition, ...] = ()

    @property
    def is_active(self) -> bool:
        """Say whether the person has the right on these days, even if it is suspended."""
        return self.rate is not None and all(one.code == "present" for one in self.off)

    @property
    def is_paid(self) -> bool:
        """Say whether these days are paid."""
        return self.rate is not None and not self.off


def stretches(
    scheme: Scheme, subject: Subject, first: date, last: date, fallback: Mapping[str, str], *, enrolled: bool
) -> list[Stretch]:
    """Return the days from first to last as stretches; `enrolled`: an enrolment is asked for as well."""
    return [
        _stretch(scheme, subject, span, fallback, enrolled=enrolled)
        for span in cut(first, last, _starts(scheme, subject, first.year, last.year))
    ]


def spans(
    scheme: Scheme, subject: Subject, first: date, last: date, fallback: Mapping[str, str]
) -> tuple[Span, ...]:
    """Return the rate spans of a visit scheme: its grade, its rate, and why nothing is subsidised if so.

    Days without a grade of the scheme's scale are left out. Enrolment is asked for by a visit's pricing.
    """
    found = stretches(scheme, subject, first, last, fallback, enrolled=False)
    return tuple(span for one in found for span in _span(scheme, subject, one))


def many(
    scheme: Scheme, subjects: Mapping[UUID, Subject], month: date, fallback: Mapping[str, str]
) -> dict[UUID, tuple[Span, ...]]:
    """Return the rate spans of a month of many persons."""
    end = last_day(month)
    return {elder: spans(scheme, subject, month, end, fallback) for elder, subject in subjects.items()}


def _stretch(
    scheme: Scheme, subject: Subject, span: tuple[date, date], fallback: Mapping[str, str], *, enrolled: bool
) -> Stretch:
    on = span[0]
    found = eligibility.eligible(scheme, subject, on)
    off = list(found.unmet)
    if enrolled and subject.member(scheme.code, on) is None:
        off.append(Condition("enrolled", is_met=False, figures={"scheme": scheme.code}))
    rate = rates.rate_on(scheme, subject, on, fallback)
    return Stretch(*span, rate, tuple(off), found.conditions)


def _span(scheme: Scheme, subject: Subject, one: Stretch) -> Iterator[Span]:
    held = subject.grade(scheme.scale, one.first)
    if scheme.scale != "none" and held is None:
        return
    since = (held.first, held.last) if held is not None else (scheme.effective_from, scheme.effective_to)
    grade = held.value if held is not None else ""
    yield Span(grade, one.first, one.last, *since, one.rate, _why(scheme, one))


def _why(scheme: Scheme, one: Stretch) -> Explanation | None:
    """Say the first condition that keeps these days from being subsidised."""
    if not one.off:
        return None
    unmet = one.off[0]
    if unmet.code == "category":
        return {"code": "category_not_covered", "scheme": scheme.code, "category": unmet.figures["has"]}
    figures = {key: value for key, value in unmet.figures.items() if key != "scheme"}
    return {"code": "not_eligible", "scheme": scheme.code, "condition": unmet.code, **figures}


def _starts(scheme: Scheme, subject: Subject, first_year: int, last_year: int) -> Iterator[date]:
    """Yield each day on which something may be different from the day before."""
    months = scheme.who.gradual_exit_months
    for fact in subject.facts:
        yield fact.first
        if fact.last is not None and fact.last != date.max:
            yield fact.last + DAY
            if fact.kind == "assistance" and months:
                yield months_later(fact.last, months) + DAY
    for one in subject.memberships:
        yield one.first
        if one.last is not None:
            yield one.last + DAY
    yield from (subject.birthday(year) for year in range(first_year, last_year + 1))
    yield scheme.effective_from
    lasts = [span[1] for span in eligibility.suspensions(scheme, subject)]
    yield from (span[0] for span in eligibility.suspensions(scheme, subject))
    lasts += [day for day in (subject.died_on, scheme.effective_to) if day is not None]
    yield from (day + DAY for day in lasts if day != date.max)
