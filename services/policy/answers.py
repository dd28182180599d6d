"""What the policy answers: each figure with its explanation (pure; the codes stand in `services.pricing`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.pricing import ZERO, Explanation


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a scheme on a day.

    Codes: alive, in_force, age, household, category, assistance, grade, amount, place, residence, living,
    exclusion, present.
    """

    code: str
    is_met: bool
    figures: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Whether a person fulfils a scheme's conditions on a day (not: whether they are enrolled)."""

    is_eligible: bool
    conditions: tuple[Condition, ...]

    @property
    def unmet(self) -> tuple[Condition, ...]:
        """Return the conditions that are not met."""
        return tuple(one for one in self.conditions if not one.is_met)


@dataclass(frozen=True, slots=True)
class Rate:
    """What a scheme gives a person per period on a day (CNY), and how it was found.

    `quota` is the amount or free quota; `cap` the most that the district pays of what lies beyond the quota.
    """

    quota: Decimal
    explanation: Explanation
    cap: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Charge:
    """A visit to be priced under a scheme, with the month's subsidy and visits before it."""

    service: str
    category: str
    price: Decimal
    units: Decimal
    quota: Decimal
    used: Decimal
    cap: Decimal = ZERO
    visits: int = 0


@dataclass(frozen=True, slots=True)
class Due:
    """An allowance of a month. `withheld` would be due if the person's proof of life held.

    `stops_on`: the last day for which the scheme pays, when it ends; `reasons`: why days are not paid.
    """

    amount: Decimal
    explanation: tuple[Explanation, ...]
    stops_on: date | None = None
    reasons: tuple[str, ...] = ()
    withheld: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Span:
    """Days within a month on which the same holds of a person under a scheme.

    `grade` (of the scheme's scale, "" without one) holds from `valid_from` to `valid_to`; `rate` is None
    where the scheme has none; `why` says why nothing is subsidised on these days although there is a rate.
    """

    grade: str
    first: date
    last: date
    valid_from: date
    valid_to: date | None
    rate: Rate | None
    why: Explanation | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier month under the same scheme: its own quota (nothing carried in), and what was used."""

    month: date
    own: Decimal
    used: Decimal


@dataclass(frozen=True, slots=True)
class Quota:
    """A month's entitlement: `quota` of the last span with `carried`; `ceiling`: no month pays more."""

    grade: str
    quota: Decimal
    ceiling: Decimal
    explanation: tuple[Explanation, ...]
    own: Decimal = ZERO
    carried: Decimal = ZERO
    spans: tuple[Span, ...] = ()
