"""An allowance of one month: days, proration, stops without claw-back, proof of life (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from services.policy import days, rates
from services.policy.answers import Due, Rate
from services.policy.days import Stretch
from services.policy.fields import Proration
from services.policy.format import Scheme
from services.policy.subject import DAY, Subject, last_day, quarter_end
from services.pricing import ZERO, Explanation, money

STANDARD = "standard_only"
"""A standard is referred to by other schemes and paid by nobody here."""


@dataclass(frozen=True, slots=True)
class Held:
    """A person gone: the last day they had the right, until when it is paid all the same, and why."""

    last: date
    until: date
    why: str
    rule: str


def due(
    scheme: Scheme,
    subject: Subject,
    month: date,
    *,
    fallback: Mapping[str, str],
    compliant_spans: Sequence[tuple[date, date]] | None = None,
) -> Due:
    """Return what an allowance pays a person for a month (CNY), rounded half-up once, with its explanation.

    `month` is its first day. `compliant_spans`: days for which a proof of life holds (None: the subject's
    own); asked for only when the scheme needs one; one day of the month is enough.
    """
    if scheme.kind == "standard":
        return Due(ZERO, ({"code": STANDARD, "scheme": scheme.code},), None, (STANDARD,))
    end, proration = last_day(month), scheme.proration or Proration()
    found = days.stretches(scheme, subject, month, end, fallback, enrolled=True)
    held = _held(scheme, subject, end)
    paid = _paid(scheme, subject, found, held, proration, fallback)
    amount, words = _sum(scheme, paid, month, scheme.change)
    words += _notes(paid, held, month)
    reasons = _reasons(found, paid)
    proofs = subject.life_proofs if compliant_spans is None else compliant_spans
    if scheme.needs_life_proof and amount and not any(a <= end and b >= month for a, b in proofs):
        why = {"code": "life_proof_missing", "month": month.isoformat(), "withheld": str(amount)}
        return Due(ZERO, (*words, why), _stop(scheme, subject, paid, held, fallback), ("life_proof",), amount)
    return Due(amount, (*words, _total(amount)), _stop(scheme, subject, paid, held, fallback), reasons)


def figure(scheme: Scheme, subject: Subject, month: date, fallback: Mapping[str, str]) -> Decimal:
    """Return a month's quota whose changes are not taken by the service date, by the same count of days."""
    enrolled = any(one.scheme == scheme.code for one in subject.memberships)
    found = days.stretches(scheme, subject, month, last_day(month), fallback, enrolled=enrolled)
    paid = _paid(scheme, subject, found, None, scheme.proration or Proration(), fallback)
    return _sum(scheme, paid, month, scheme.change)[0]


def _held(scheme: Scheme, subject: Subject, end: date) -> Held | None:
    """Return the death or the move up to the month's end; a death comes before a move."""
    if subject.died_on is not None and subject.died_on <= end:
        return _until(subject.died_on, "death", scheme.stops.death)
    if scheme.who.household != "here" or scheme.district in subject.values("household", end):
        return None
    left = [
        one.last
        for one in subject.facts
        if one.kind == "household" and one.value == scheme.district and one.last is not None
    ]
    gone = max((day for day in left if day <= end), default=None)
    return _until(gone, "moved", scheme.stops.moved) if gone is not None else None


def _until(day: date, why: str, rule: str) -> Held:
    until = {"day": day, "month": last_day(day), "quarter": quarter_end(day)}[rule]
    return Held(day, until, why, rule)


def _paid(
    scheme: Scheme,
    subject: Subject,
    found: list[Stretch],
    held: Held | None,
    proration: Proration,
    fallback: Mapping[str, str],
) -> list[Stretch]:
    """Return the stretches that are paid, with those that the rules fill in before, after and by the stop."""
    active = [one for one in found if one.is_active]
    paid = [one for one in found if one.is_paid]
    if active and active[0].first > found[0].first and proration.start != "day":
        if proration.start == "next_month":
            return []
        gap = replace(active[0], first=found[0].first, last=active[0].first - DAY, off=())
        paid = [gap, *paid] if active[0].is_paid else paid
    if held is not None:
        return paid + _after(scheme, subject, found, held, fallback)
    if active and active[-1].last < found[-1].last and proration.end == "month" and active[-1].is_paid:
        paid.append(replace(active[-1], first=active[-1].last + DAY, last=found[-1].last))
    return paid


def _after(
    scheme: Scheme, subject: Subject, found: list[Stretch], held: Held, fallback: Mapping[str, str]
) -> list[Stretch]:
    """Return the days after a death or move that are paid all the same, at the last day's rate."""
    [last] = days.stretches(scheme, subject, held.last, held.last, fallback, enrolled=True)
    first, until = max(held.last + DAY, found[0].first), min(held.until, found[-1].last)
    return [replace(last, first=first, last=until)] if last.is_paid and first <= until else []


def _sum(
    scheme: Scheme, paid: list[Stretch], month: date, change: str
) -> tuple[Decimal, tuple[Explanation, ...]]:
    """Add up days at their rate; a whole month at one rate is that rate."""
    rated = [(one, one.rate) for one in paid if one.rate is not None]
    if not rated:
        return ZERO, ()
    if change == "month":
        best = max((rate for _, rate in rated), key=lambda rate: rate.quota)
        rated = [(one, best) for one, _ in rated]
    of, total = last_day(month).day, Decimal(0)
    words: list[Explanation] = []
    for first, last, rate in _joined(rated):
        share = rates.of_month(scheme, rate, month)
        count = (last - first).days + 1
        total += share * count
        words += _rate_words(scheme, rate, share, month, words)
        if count < of:
            words.append(
                {
                    "code": "days",
                    "first": first.isoformat(),
                    "last": last.isoformat(),
                    "days": str(count),
                    "of": str(of),
                    "rate": str(share),
                }
            )
    return money(total / of), tuple(words)


def _joined(rated: list[tuple[Stretch, Rate]]) -> list[tuple[date, date, Rate]]:
    """Join neighbouring days of one rate."""
    joined: list[tuple[date, date, Rate]] = []
    for one, rate in sorted(rated, key=lambda pair: pair[0].first):
        if joined and joined[-1][2].quota == rate.quota and joined[-1][1] + DAY == one.first:
            joined[-1] = (joined[-1][0], one.last, rate)
        else:
            joined.append((one.first, one.last, rate))
    return joined


def _rate_words(
    scheme: Scheme, rate: Rate, share: Decimal, month: date, known: list[Explanation]
) -> list[Explanation]:
    words = [] if rate.explanation in known else [rate.explanation]
    if scheme.period == "year":
        year = {"code": "year_share", "rate": str(rate.quota), "month": str(month.month), "share": str(share)}
        words += [] if year in known else [year]
    return words


def _notes(paid: list[Stretch], held: Held | None, month: date) -> tuple[Explanation, ...]:
    """Say why days count that seem not to: a gradual exit, a month or quarter that is not clawed back."""
    leaving = [
        one.figures
        for run in paid
        for one in run.conditions
        if one.code == "assistance" and "until" in one.figures
    ]
    words: list[Explanation] = []
    if leaving:
        words.append(
            {
                "code": "gradual_exit",
                "assistance": leaving[0]["has"],
                "ended_on": leaving[0]["ended_on"],
                "counts_to": leaving[0]["until"],
            }
        )
    if held is not None and paid and held.until > held.last and held.until >= month:
        last = {"last": held.last.isoformat(), "paid_to": held.until.isoformat()}
        words.append({"code": "not_clawed_back", "gone": held.why, "stop": held.rule, **last})
    return tuple(words)


def _reasons(found: list[Stretch], paid: list[Stretch]) -> tuple[str, ...]:
    """Return codes of why days of the month are not paid, in the order of the days."""
    codes: dict[str, None] = {}
    for one in found:
        if any(run.first <= one.last and run.last >= one.first for run in paid):
            continue
        names = [condition.code for condition in one.off] or ["next_month"]
        codes.update(dict.fromkeys(names))
    return tuple(codes)


def _stop(
    scheme: Scheme, subject: Subject, paid: list[Stretch], held: Held | None, fallback: Mapping[str, str]
) -> date | None:
    """Return the last paid day when the right does not go on after it."""
    if not paid:
        return None
    last = max(one.last for one in paid)
    if held is not None:
        return held.until
    [following] = days.stretches(scheme, subject, last + DAY, last + DAY, fallback, enrolled=True)
    return None if following.is_active else last


def _total(amount: Decimal) -> Explanation:
    return {"code": "due", "amount": str(amount)}
