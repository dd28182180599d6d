"""What one person stands on a month's payment list with (pure): this month, arrears, what came back.

An explanation is a list of `{"code", ...figures}` as in `services.pricing`; the codes of this module:

    arrears_for     month, due, paid, amount    (an earlier month is due by more than was paid for it)
    overpaid_for    month, due, paid, over      (by less: nothing is taken back without a correction)
    resent          month, amount, returned     (a payment came back and is sent to the account known now)
    corrected       month, amount, correction   (somebody's correction of an issued line)
    corrected_part  month, amount, correction, rest (the deduction is larger than what is due: the rest waits)
    no_version      month                       (no version of the scheme is in force)

Earlier months are judged again with what is known now: a proof of life that was renewed, an enrolment or a
grade that was recorded late give arrears of exactly the difference. Rules: DOMAIN §3 (no claw-back), §7.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from core.clock import month_after
from services.policy import Due, Scheme
from services.pricing import ZERO, Explanation

SUSPENDING = frozenset({"life_proof", "present"})
"""Reasons that end by themselves: what is not paid because of them is suspended, not ended."""
Judge = Callable[[Scheme, date], Due]
"""What a scheme owes the person for a month."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line before it is stored; `amount` in yuan, `previous` what the last list paid regularly."""

    kind: str
    for_month: date
    amount: Decimal
    explanation: tuple[Explanation, ...]
    change: str | None = None
    previous: Decimal | None = None
    reasons: tuple[str, ...] = ()
    payment_id: UUID | None = None
    correction_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Back:
    """A payment that came back, to be sent again."""

    payment_id: UUID
    month: date
    amount: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class Correction:
    """What is left of a person's correction: positive is paid in addition, negative deducted."""

    correction_id: UUID
    month: date
    left: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class Known:
    """What earlier lists say of a person: paid by month, the last regular amount, what waits.

    A month in `decided` was corrected by a person: it is left as that person decided.
    """

    paid: Mapping[date, Decimal]
    previous: Decimal | None = None
    back: Sequence[Back] = ()
    corrections: Sequence[Correction] = ()
    decided: Collection[date] = ()


def lines(versions: Sequence[Scheme], month: date, back_to: date, judge: Judge, known: Known) -> list[Line]:
    """Return a person's lines of a month, none when there is nothing to say."""
    found = [*_earlier(versions, month, back_to, judge, known)]
    regular = _regular(versions, month, judge, known.previous)
    found = [*([regular] if regular else []), *found]
    found += [
        Line("returned", one.month, one.amount, (_resent(one),), payment_id=one.payment_id)
        for one in known.back
    ]
    return [*found, *_corrected(known.corrections, sum((one.amount for one in found), ZERO))]


def version_of(versions: Sequence[Scheme], month: date) -> Scheme | None:
    """Return the version in force in a month (a version holds for whole months); of two the newer."""
    fits = [one for one in versions if one.is_in_force(month)]
    return max(fits, key=lambda one: one.version, default=None)


def change(previous: Decimal | None, due: Due) -> str:
    """Say how this month differs from the last list."""
    before = previous or ZERO
    if due.amount == ZERO:
        if due.withheld > ZERO or SUSPENDING & set(due.reasons):
            return "suspended"
        return "ended" if before > ZERO else "not_payable"
    if before == ZERO:
        return "new" if previous is None else "resumed"
    return "same" if before == due.amount else "changed"


def _regular(versions: Sequence[Scheme], month: date, judge: Judge, previous: Decimal | None) -> Line | None:
    scheme = version_of(versions, month)
    due = judge(scheme, month) if scheme else Due(ZERO, ({"code": "no_version", "month": f"{month:%Y-%m}"},))
    how = change(previous, due)
    if how == "not_payable":
        return None
    return Line("regular", month, due.amount, due.explanation, how, previous, due.reasons)


def _earlier(
    versions: Sequence[Scheme], month: date, back_to: date, judge: Judge, known: Known
) -> Iterator[Line]:
    at = back_to
    while at < month:
        scheme = version_of(versions, at)
        if scheme is not None and at not in known.decided:
            yield from _difference(at, judge(scheme, at), known.paid.get(at, ZERO))
        at = month_after(at)


def _difference(month: date, due: Due, paid: Decimal) -> Iterator[Line]:
    figures = {"month": f"{month:%Y-%m}", "due": str(due.amount), "paid": str(paid)}
    if due.amount > paid:
        more = due.amount - paid
        head = {"code": "arrears_for", **figures, "amount": str(more)}
        yield Line("arrears", month, more, (head, *due.explanation), reasons=due.reasons)
    elif due.amount < paid:
        head = {"code": "overpaid_for", **figures, "over": str(paid - due.amount)}
        yield Line("overpaid", month, ZERO, (head, *due.explanation), reasons=due.reasons)


def _resent(one: Back) -> Explanation:
    return {
        "code": "resent",
        "month": f"{one.month:%Y-%m}",
        "amount": str(one.amount),
        "returned": one.reason,
    }


def _corrected(corrections: Sequence[Correction], payable: Decimal) -> Iterator[Line]:
    """Pay what was too little; deduct what was too much as far as something is due."""
    for one in sorted(corrections, key=lambda one: one.left, reverse=True):
        amount = max(one.left, -payable)
        if amount == ZERO:
            continue
        payable += amount
        figures = {"month": f"{one.month:%Y-%m}", "amount": str(amount), "correction": one.reason}
        told: list[Explanation] = [{"code": "corrected", **figures}]
        if amount != one.left:
            told.append({"code": "corrected_part", **figures, "rest": str(amount - one.left)})
        yield Line("correction", one.month, amount, tuple(told), correction_id=one.correction_id)
