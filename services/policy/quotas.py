"""A month's quota for visits, with what is carried over from earlier months (pure)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from services.policy import days, dues
from services.policy.answers import Past, Quota, Span
from services.policy.format import Scheme
from services.policy.subject import Subject, last_day, months_later
from services.pricing import ZERO, Explanation, money

_DECEMBER = 12


def quota_of(
    scheme: Scheme,
    subject: Subject,
    month: date,
    *,
    fallback: Mapping[str, str],
    carried: Decimal = ZERO,
    redeemed: Decimal = ZERO,
) -> Quota | None:
    """Return what a person may use in a month (CNY) under a scheme that pays visits; None without any rate.

    `carried` comes from `carried_into`: from earlier months, or minus what they have used of a year's quota.
    `redeemed`: what of the month's voucher was redeemed on another platform.
    """
    found = days.spans(scheme, subject, month, last_day(month), fallback)
    if scheme.change != "service_date":
        own = dues.figure(scheme, subject, month, fallback)
        found = tuple(_at(span, own) for span in found)
    return of_spans(found, carried, redeemed)


def of_spans(found: Sequence[Span], carried: Decimal = ZERO, redeemed: Decimal = ZERO) -> Quota | None:
    """Return the month's entitlement, or None when no span of the month has a rate."""
    raised = tuple(_raised(span, carried - redeemed) for span in found)
    paid = [(span, span.rate) for span in raised if span.rate is not None]
    if not paid:
        return None
    last, rate = paid[-1]
    words = [
        {**one.explanation, "from": span.first.isoformat(), "to": span.last.isoformat()} for span, one in paid
    ]
    words += carried_words(carried)
    words += [{"code": "voucher_elsewhere", "redeemed": str(money(redeemed))}] if redeemed else []
    own = next(span.rate.quota for span in reversed(found) if span.rate is not None)
    ceiling = max(one.quota + one.cap for _, one in paid)
    return Quota(last.grade, rate.quota, ceiling, tuple(words), own, carried, raised)


def carried_into(scheme: Scheme, month: date, past: Iterable[Past]) -> Decimal:
    """Return what comes into a month from earlier ones of the same scheme, the oldest being spent first.

    Of a year's quota: minus what the year's earlier months have used.
    """
    earlier = sorted((one for one in past if one.month < month), key=lambda one: one.month)
    if scheme.period == "year":
        return -sum((one.used for one in earlier if one.month.year == month.year), ZERO)
    if scheme.carry.to == "none":
        return ZERO
    pots: list[tuple[date, Decimal]] = []
    for one in earlier:
        pots = [pot for pot in pots if pot[0] >= one.month]
        pots = _spend([*pots, (_expiry(scheme, one.month), one.own)], one.used)
    return sum((left for until, left in pots if until >= month), ZERO)


def carried_words(carried: Decimal) -> list[Explanation]:
    """Say what comes from earlier months, or what they have used of the year."""
    if carried > 0:
        return [{"code": "quota_carried", "carried": str(money(carried))}]
    return [{"code": "year_used", "used": str(money(-carried))}] if carried < 0 else []


def _expiry(scheme: Scheme, month: date) -> date:
    """Return the last month in which a month's quota may be used."""
    if scheme.carry.to == "year_end":
        return month.replace(month=_DECEMBER)
    return months_later(month, scheme.carry.months)


def _spend(pots: list[tuple[date, Decimal]], used: Decimal) -> list[tuple[date, Decimal]]:
    left = []
    for until, amount in pots:
        taken = min(amount, used)
        used -= taken
        left.append((until, amount - taken))
    return left


def _at(span: Span, own: Decimal) -> Span:
    """Give a span the month's one quota in place of its own rate."""
    if span.rate is None:
        return span
    words = {**span.rate.explanation, "month_quota": str(own)}
    return replace(span, rate=replace(span.rate, quota=own, explanation=words))


def _raised(span: Span, change: Decimal) -> Span:
    if span.rate is None or not change:
        return span
    return replace(span, rate=replace(span.rate, quota=max(span.rate.quota + change, ZERO)))
