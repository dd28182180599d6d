"""The interval of a sum: it covers a known answer as often as it says."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from services.whatif.resampling import Interval, intervals


def test_the_interval_covers_the_known_cost_at_its_level() -> None:
    """People's monthly cost: half of them nothing, the others gamma(4, 60) yuan: 120 yuan a head on average.

    For 400 people the answer is 48,000 yuan. Of 500 worlds drawn by chance 90 % should have it inside their
    interval; with 500 trials three standard errors are 0.04.
    """
    dice = np.random.default_rng(20_260_101)
    known, inside = 400 * 12_000, 0
    for trial in range(500):
        takes = dice.random(400) < 0.5
        cost = np.round(dice.gamma(4, 6_000, size=400)).astype(np.int64)[takes]
        found = intervals(cost.reshape(-1, 1), 400, trial, draws=400, level=0.9)[0]
        inside += found.low <= known <= found.high
    assert 0.86 <= inside / 500 <= 0.94


def test_nobody_costs_nothing() -> None:
    assert intervals(np.empty((0, 2), dtype=np.int64), 10, 1) == (Interval(0, 0, 0),) * 3


def test_everybody_alike_leaves_no_doubt() -> None:
    amounts = np.full((50, 1), 20_000, dtype=np.int64)
    assert intervals(amounts, 50, 1, draws=50) == (Interval(1_000_000, 1_000_000, 1_000_000),) * 2


def test_the_same_seed_gives_the_same_interval() -> None:
    amounts = np.arange(60, dtype=np.int64).reshape(20, 3)
    assert intervals(amounts, 30, 5) == intervals(amounts, 30, 5)
    assert intervals(amounts, 30, 5) != intervals(amounts, 30, 6)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.integers(-10_000, 10_000), min_size=1, max_size=40), st.integers(0, 40), st.integers(0, 99)
)
def test_the_low_end_is_never_above_the_high_one_and_the_sum_is_exact(
    amounts: list[int], others: int, seed: int
) -> None:
    table = np.array(amounts, dtype=np.int64).reshape(-1, 1)
    found = intervals(table, len(amounts) + others, seed, draws=60)[0]
    assert found.low <= found.high
    assert found.value == sum(amounts)
