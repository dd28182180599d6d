"""Seeded samples for call-back and home check: anybody with the seed and the population draws the same. Pure.

What leaves no trace in the data (sub-contracting, goods instead of service, another's signature; DOMAIN §6)
is found by asking. A claim is drawn with a probability that grows with its risk, and never zero:

    pi = min(1, n · w / sum of w)      (units that reach 1 are taken for certain, the rest shared out again)

by systematic sampling over the units in order of provider, service and risk, so that each of these groups has
its share. What was found is extrapolated with 1/pi (ratio of Horvitz-Thompson sums); the interval takes the
draws as independent, and never ends below the exact bound for a sample in which nothing was found.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import sqrt

from core.drawing import mark

WEIGHTS: Mapping[str, float] = {"high": 6.0, "doubted": 3.0, "plain": 1.0}
"""How many times likelier a claim is drawn: an open finding, a doubted proof, neither (ours, L)."""
_Z = 1.96
_NONE_FOUND = 0.05
_FEN = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Unit:
    """A claim that may be drawn."""

    id: str
    amount: Decimal
    provider: str
    service: str
    risk: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A claim that was drawn, and how likely that was."""

    unit: Unit
    probability: float


@dataclass(frozen=True, slots=True)
class Checked:
    """A drawn claim that somebody asked about: what of its amount was not due."""

    amount: Decimal
    wrong: Decimal
    probability: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """What of the whole amount was not due: the estimate and its 95 % interval, in yuan."""

    wrong: Decimal
    low: Decimal
    high: Decimal
    checked: int
    share: float


def draw_units(
    seed: str, units: Sequence[Unit], n: int, weights: Mapping[str, float] = WEIGHTS
) -> list[Drawn]:
    """Return about n units (exactly n, or all), the doubtful ones likelier, in the order of drawing."""
    if not units or n <= 0:
        return []
    ordered = sorted(units, key=lambda u: (u.provider, u.service, u.risk, mark(seed, u.id), u.id))
    chances = inclusion([weights[unit.risk] for unit in ordered], n)
    first = int(mark(seed, "start")[:15], 16) / 16**15
    drawn: list[Drawn] = []
    passed = 0.0
    for unit, chance in zip(ordered, chances, strict=True):
        hits = _ticks(passed + chance, first) - _ticks(passed, first)
        passed += chance
        if hits > 0 or chance >= 1:
            drawn.append(Drawn(unit, chance))
    return sorted(drawn, key=lambda one: mark(seed, one.unit.id))


def inclusion(weights: Sequence[float], n: int) -> list[float]:
    """Return how likely each unit is drawn; what would be more than certain is certain."""
    sure: set[int] = set()
    while True:
        rest = sum(weight for at, weight in enumerate(weights) if at not in sure)
        left = n - len(sure)
        full = {at for at, weight in enumerate(weights) if at not in sure and left * weight >= rest}
        if not full:
            return [1.0 if at in sure else left * weight / rest for at, weight in enumerate(weights)]
        sure |= full
        if len(sure) >= len(weights):
            return [1.0] * len(weights)


def population_hash(units: Sequence[Unit]) -> bytes:
    """Return the SHA-256 over every unit in order of id: a population that was changed is another."""
    made = hashlib.sha256()
    for unit in sorted(units, key=lambda u: u.id):
        made.update(f"{unit.id}|{unit.amount:.2f}|{unit.provider}|{unit.service}|{unit.risk}\n".encode())
    return made.digest()


def extrapolate(checked: Sequence[Checked], total: Decimal) -> Estimate | None:
    """Return what of `total` was not due, from the claims that were asked about; None when there are none."""
    if not checked:
        return None
    expanded = [float(one.amount) / one.probability for one in checked]
    wrong = [float(one.wrong) / one.probability for one in checked]
    share = sum(wrong) / sum(expanded) if sum(expanded) else 0.0
    n, whole = len(checked), float(total)
    off = [w - share * e for w, e in zip(wrong, expanded, strict=True)]
    missed = [1 - one.probability for one in checked]
    spread = sum(m * one * one for m, one in zip(missed, off, strict=True)) * n / (n - 1) if n > 1 else 0.0
    error = sqrt(spread) / sum(expanded) if sum(expanded) else 0.0
    none = 1 - _NONE_FOUND ** (1 / _effective(expanded)) if any(missed) else 0.0
    seen = [float(one.wrong) for one in checked]
    low = max(0.0, share - _Z * error)
    high = min(1.0, max(share + _Z * error, none if not any(seen) else 0.0))
    return Estimate(_yuan(share * whole), _yuan(low * whole), _yuan(high * whole), n, share)


def _effective(expanded: Sequence[float]) -> float:
    """Return how many equally likely claims the sample is worth (Kish)."""
    squares = sum(one * one for one in expanded)
    return sum(expanded) ** 2 / squares if squares else 1.0


def _ticks(passed: float, first: float) -> int:
    """Count the marks first, first + 1, … that lie below a point of the line."""
    return max(0, int(passed - first) + 1) if passed > first else 0


def _yuan(value: float) -> Decimal:
    return Decimal(repr(value)).quantize(_FEN, ROUND_HALF_UP)
