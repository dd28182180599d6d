"""What a voucher redeemed elsewhere takes off a claim (pure).

The platform has paid a part of the visit's fee. A scheme of kind `voucher` pays that part itself: it
comes off what the district pays. Otherwise it comes off what the person pays first, and off the subsidy
only beyond that (district setting `voucher_offset`, default `copay`; the national rule's share is not
certain, DOMAIN section 3).
"""

from dataclasses import dataclass
from decimal import Decimal

from services.pricing import ZERO


@dataclass(frozen=True, slots=True)
class Offset:
    """A voucher's amount, parted; `over` is more than the visit cost."""

    of_copay: Decimal
    of_subsidy: Decimal
    over: Decimal


def part(amount: Decimal, *, copay: Decimal, subsidy: Decimal, subsidy_first: bool) -> Offset:
    """Part a voucher over what is left of a claim's copay and subsidy."""
    if subsidy_first:
        of_subsidy = min(amount, max(subsidy, ZERO))
        of_copay = min(amount - of_subsidy, max(copay, ZERO))
    else:
        of_copay = min(amount, max(copay, ZERO))
        of_subsidy = min(amount - of_copay, max(subsidy, ZERO))
    return Offset(of_copay, of_subsidy, amount - of_copay - of_subsidy)
