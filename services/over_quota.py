"""Which planned visits lie beyond what is left of the month's quota; pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from services.pricing import ZERO


@dataclass(frozen=True, slots=True)
class Planned:
    """A visit ahead that the quota would pay; `may_exceed`: the person pays when nothing is left."""

    visit: UUID
    starts_at: datetime
    amount: Decimal
    may_exceed: bool


def beyond(left: Decimal, planned: Iterable[Planned]) -> set[UUID]:
    """Return the visits for which nothing is left, when those before them have spent it in their order.

    A visit that the quota covers in part takes place; one that is held spends nothing.
    """
    held: set[UUID] = set()
    for one in sorted(planned, key=lambda one: (one.starts_at, one.visit)):
        if left <= ZERO and not one.may_exceed:
            held.add(one.visit)
        else:
            left -= min(one.amount, left) if left > ZERO else ZERO
    return held
