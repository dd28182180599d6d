"""How sure a sum is (pure): the people drawn again and again out of themselves, with replacement.

The interval answers: had other people like these lived here, between which figures would the month's cost
lie? It holds no price change and no change of behaviour. Percentiles of the resampled sums (Efron 1979).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DRAWS = 2_000
LEVEL = 0.95
_BLOCK = 1 << 22

Amounts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Interval:
    """A sum with the span in which it lies at the level, in the unit of what was given."""

    value: int
    low: int
    high: int


def intervals(
    amounts: Amounts, persons: int, seed: int, *, draws: int = DRAWS, level: float = LEVEL
) -> tuple[Interval, ...]:
    """Return the interval of each column's sum, and of all columns together at the end.

    `amounts` has a row for each person who has anything; `persons` counts the others as well, who are drawn
    too and add nothing.
    """
    table = np.column_stack([amounts, amounts.sum(axis=1)])
    sums = _resampled(table, persons, seed, draws)
    tail = (1 - level) / 2 * 100
    low, high = np.percentile(sums, [tail, 100 - tail], axis=0)
    values: Sequence[int] = table.sum(axis=0).tolist()
    return tuple(Interval(value, round(a), round(b)) for value, a, b in zip(values, low, high, strict=True))


def _resampled(table: Amounts, persons: int, seed: int, draws: int) -> NDArray[np.float64]:
    """Draw as many persons as there are, `draws` times, block by block so that memory stays small."""
    rows = len(table)
    dice = np.random.default_rng(seed)
    if not rows:
        return np.zeros((draws, table.shape[1]))
    at_once = max(1, _BLOCK // rows)
    sums = []
    for start in range(0, draws, at_once):
        size = min(at_once, draws - start)
        among = dice.binomial(persons, rows / persons, size=size)
        counts = dice.multinomial(among, np.full(rows, 1 / rows))
        sums.append(counts.astype(np.float64) @ table.astype(np.float64))
    return np.concatenate(sums)
