"""The price of one visit: what the district pays, what the person pays, and why (pure).

Rules: `amount` = price x units, rounded half-up to the fen, once per line. `subsidy` = the smaller of the
amount and what is left of the month's quota; the rest is copay. So `amount = subsidy + copay`, to the fen.

An explanation is a list of `{"code", ...figures}`; figures are strings (money with two decimals). The codes:

    grade_in_force      scale, grade, on, valid_from, valid_to
    no_grade            scale, on
    rate                scheme, version, grade, rate
    rate_mapped         scheme, version, grade, as_grade, rate     (the scheme has no rate for the grade)
    contract_price      contract, service, unit, price
    example_price       service, price                             (of the scheme's file, for trying out only)
    units               unit, units, minutes
    amount              price, units, amount
    quota_left          quota, used, left
    subsidy_full        subsidy                                    (the quota covers all of it)
    subsidy_partial     subsidy, copay                             (the quota ends within this visit)
    subsidy_none        copay                                      (nothing is left of the quota)
    service_not_covered scheme, service, copay
    category_not_covered scheme, category, copay
    private             copay                                      (asked for and paid by the person)
    over_quota_refused  copay                                      (the district decides by hand)

Of schemes that look at more than the grade (`services.policy`):

    rate_line           scheme, version, period, rate, cap and what chose it: line, scale, grade, as_grade,
                        certificate, assistance, category, residence, place, age
    not_eligible        scheme, condition, its figures, copay      (a condition does not hold on the day)
    quota_carried       carried                                    (from earlier months)
    year_used           used                                       (of a year's quota, by its earlier months)
    voucher_elsewhere   redeemed
    copay_share         share, copay                               (the person's share within the quota)
    beyond_quota        amount, share, cap, cap_left, subsidy
    subsidy_shared      subsidy, copay                             (nothing ran out; the rest is the share)
    package             number, amount                             (the month's first visit carries the rate)
    beyond_package      visits, number, copay
    year_share          rate, month, share                         (a twelfth; December takes the rest)
    days                first, last, days, of, rate
    gradual_exit        assistance, ended_on, counts_to
    not_clawed_back     gone, stop, last, paid_to
    life_proof_missing  month, withheld
    standard_only       scheme
    due                 amount
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

Explanation = dict[str, str]
"""One line: a code and its figures."""

ZERO = Decimal("0.00")
ONE = Decimal(1)
_FEN = Decimal("0.01")
_QUARTER = 4
_HOUR_MINUTES = 60
_MOST_MEALS = 10


@dataclass(frozen=True, slots=True)
class Priced:
    """A visit's money; `amount = subsidy + copay`."""

    amount: Decimal
    subsidy: Decimal
    copay: Decimal
    explanation: tuple[Explanation, ...]


def money(value: Decimal) -> Decimal:
    """Round half-up to the fen."""
    return value.quantize(_FEN, rounding=ROUND_HALF_UP)


def units(unit: str, duration: timedelta, meals: int | None = None) -> Decimal:
    """Count what the contract counts: a visit is 1; meals as recorded (1 to 10); hours in quarters.

    The minutes of a visit are rounded to the nearest quarter of an hour, half-up, and count as one at least.
    """
    if unit == "meal":
        return Decimal(min(max(meals or 1, 1), _MOST_MEALS))
    if unit == "hour":
        quarters = (minutes(duration) * _QUARTER / _HOUR_MINUTES).quantize(ONE, rounding=ROUND_HALF_UP)
        return max(quarters, ONE) / _QUARTER
    return ONE


def minutes(duration: timedelta) -> Decimal:
    """Return whole minutes, half-up; a clock set back counts as none."""
    return max(
        (Decimal(int(duration.total_seconds())) / 60).quantize(ONE, rounding=ROUND_HALF_UP), Decimal(0)
    )


def subsidised(price: Decimal, count: Decimal, quota: Decimal, used: Decimal) -> Priced:
    """Price a visit that the quota covers as far as it reaches."""
    amount = money(price * count)
    left = money(max(quota - used, ZERO))
    subsidy = min(amount, left)
    copay = amount - subsidy
    words = (_amount(price, count, amount), _quota(quota, used, left), _share(subsidy, copay))
    return Priced(amount, subsidy, copay, words)


def unsubsidised(price: Decimal, count: Decimal, why: Explanation) -> Priced:
    """Price a visit that the person pays: `why` says why, its copay is filled in."""
    amount = money(price * count)
    return Priced(amount, ZERO, amount, (_amount(price, count, amount), {**why, "copay": str(amount)}))


def _amount(price: Decimal, count: Decimal, amount: Decimal) -> Explanation:
    return {"code": "amount", "price": str(money(price)), "units": plain(count), "amount": str(amount)}


def _quota(quota: Decimal, used: Decimal, left: Decimal) -> Explanation:
    return {
        "code": "quota_left",
        "quota": str(money(quota)),
        "used": str(money(used)),
        "left": str(money(left)),
    }


def _share(subsidy: Decimal, copay: Decimal) -> Explanation:
    if copay == ZERO:
        return {"code": "subsidy_full", "subsidy": str(subsidy)}
    if subsidy == ZERO:
        return {"code": "subsidy_none", "copay": str(copay)}
    return {"code": "subsidy_partial", "subsidy": str(subsidy), "copay": str(copay)}


def plain(count: Decimal) -> str:
    """Write a count without needless noughts: 1, 1.25."""
    return format(count.normalize(), "f")
