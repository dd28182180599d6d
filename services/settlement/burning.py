"""A budget over its year (pure): how much is spent, when it will break, which warning is due.

The forecast goes on as the year has gone so far: spent / days gone x days of the year. Nothing is
forecast in the first fortnight.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from services.pricing import ZERO, money

LEVELS = (80, 95, 100)
"""Per cent of the ceiling at which people are told, once each."""
_FORTNIGHT = 14


@dataclass(frozen=True, slots=True)
class Burn:
    """How a budget stands: money in yuan, `share` in per cent with one decimal."""

    spent: Decimal
    left: Decimal
    share: Decimal
    forecast: Decimal | None
    breaks_on: date | None
    level: int | None


def burn(ceiling: Decimal, spent: Decimal, year: int, on: date) -> Burn:
    """Return how a budget stands on a day; `breaks_on` is the day it will be used up, None: not this year."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    gone = (min(max(on, first), last) - first).days + 1
    share = (100 * spent / ceiling).quantize(Decimal("0.1"))
    level = max((one for one in LEVELS if 100 * spent >= one * ceiling), default=None)
    if gone <= _FORTNIGHT or spent <= ZERO:
        return Burn(spent, ceiling - spent, share, None, None, level)
    whole = (last - first).days + 1
    forecast = money(spent * whole / gone)
    breaks = None
    if spent >= ceiling:
        breaks = min(max(on, first), last)
    elif forecast > ceiling:
        breaks = first + timedelta(days=int(ceiling * gone / spent))
    return Burn(spent, ceiling - spent, share, forecast, breaks, level)
