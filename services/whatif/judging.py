"""What a scheme would have paid one person, month by month (pure): the same engine as for real payments."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from services import policy
from services.policy import Charge, Membership, Past, Scheme, Span, Subject, people
from services.policy.subject import months_later
from services.pricing import ZERO

_FEN = 100


@dataclass(frozen=True, slots=True)
class Bought:
    """A priced visit as it was: service, contract price and units, and what the subsidy paid of it (CNY)."""

    visit: UUID
    started_at: datetime
    on: date
    service: str
    price: Decimal
    units: Decimal
    subsidy: Decimal


@dataclass(frozen=True, slots=True)
class Judged:
    """A person's months in fen, as it was and under the draft; the grade held last (else of GB/T 42195)."""

    grade: str
    paid: tuple[int, ...]
    would_pay: tuple[int, ...]


def months_from(first: date, count: int) -> tuple[date, ...]:
    """Return so many months, each by its first day."""
    return tuple(months_later(first, number) for number in range(count))


def as_if_in_force(draft: Scheme, first: date) -> Scheme:
    """Return the draft as if it had held since a day, without an end."""
    return draft.model_copy(update={"effective_from": first, "effective_to": None})


def as_member(subject: Subject, scheme: Scheme, population: str, first: date) -> Subject:
    """Return the person as enrolled since a day when everybody eligible shall count; else as they are."""
    if population == "enrolled":
        return subject
    others = tuple(one for one in subject.memberships if one.scheme != scheme.code)
    return replace(subject, memberships=(*others, Membership(scheme.code, first, None)))


def judge(
    draft: Scheme,
    present: Sequence[Scheme],
    subject: Subject,
    visits: Iterable[Bought],
    months: Sequence[date],
    *,
    population: str,
    fallback: Mapping[str, str],
) -> Judged:
    """Compare a person's months: `present` are the versions in force then of what the draft would succeed.

    For visits the past is what their claims say; for allowances it is what the same engine gives under the
    version of the month, so that a list not yet approved does not look like a saving.
    """
    scheme = as_if_in_force(draft, months[0])
    member = as_member(subject, scheme, population, months[0])
    scale = scheme.scale if scheme.scale != "none" else "gbt_42195"
    held = subject.grade(scale, policy.subject.last_day(months[-1]))
    grade = held.value if held is not None else ""
    if draft.kind == "allowance":
        paid = tuple(_present_due(present, subject, month, fallback) for month in months)
        would = tuple(_fen(policy.due(scheme, member, month, fallback=fallback).amount) for month in months)
        return Judged(grade, paid, would)
    lines = sorted(visits, key=lambda one: (one.started_at, one.visit))
    sums: dict[date, Decimal] = {}
    for one in lines:
        sums[one.on.replace(day=1)] = sums.get(one.on.replace(day=1), ZERO) + one.subsidy
    paid = tuple(_fen(sums.get(month, ZERO)) for month in months)
    return Judged(grade, paid, _spent(scheme, member, lines, months, fallback))


def _present_due(
    present: Sequence[Scheme], subject: Subject, month: date, fallback: Mapping[str, str]
) -> int:
    end = policy.subject.last_day(month)
    held = [one for one in present if one.is_in_force(month) or one.is_in_force(end)]
    return sum(_fen(policy.due(one, subject, month, fallback=fallback).amount) for one in held)


def _spent(
    scheme: Scheme,
    subject: Subject,
    lines: Sequence[Bought],
    months: Sequence[date],
    fallback: Mapping[str, str],
) -> tuple[int, ...]:
    """Price the visits anew, month after month, what is left being carried as the draft says."""
    past: list[Past] = []
    found = []
    for month in months:
        carried = policy.carried_into(scheme, month, past)
        quota = policy.quota_of(scheme, subject, month, fallback=fallback, carried=carried)
        own = [one for one in lines if one.on.replace(day=1) == month]
        used = _month(scheme, subject, own, quota.spans if quota is not None else ())
        past.append(Past(month, quota.own if quota is not None else ZERO, used))
        found.append(_fen(used))
    return tuple(found)


def _month(scheme: Scheme, subject: Subject, lines: Iterable[Bought], spans: Sequence[Span]) -> Decimal:
    used, count = ZERO, 0
    for line in lines:
        span = next((one for one in spans if one.first <= line.on <= one.last), None)
        is_member = subject.member(scheme.code, line.on) is not None
        if span is None or span.rate is None or span.why is not None or not is_member:
            continue
        known = sorted(people.categories(subject, line.on) & set(scheme.categories))
        if line.service not in scheme.services or not known:
            continue
        charge = Charge(
            line.service, known[0], line.price, line.units, span.rate.quota, used, span.rate.cap, count
        )
        used += policy.charge(scheme, charge).subsidy
        count += 1
    return used


def _fen(amount: Decimal) -> int:
    return int(amount * _FEN)
