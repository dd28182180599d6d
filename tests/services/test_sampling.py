"""Samples: the same seed draws the same, the doubtful are likelier, everybody has a chance; scores add up."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import drawing
from services import sampling, scores
from services.sampling import Checked, Unit

RISKS = ("plain", "doubted", "high")


def population(count: int) -> list[Unit]:
    return [
        Unit(
            f"u{n:04}",
            Decimal(40),
            f"s{n % 3}",
            "bath" if n % 2 else "clean",
            RISKS[(n % 10 == 0) + (n % 50 == 0)],
        )
        for n in range(count)
    ]


def test_anybody_with_the_seed_draws_the_same_sample_from_the_same_population() -> None:
    units = population(400)
    drawn = sampling.draw_units("a", units, 40)
    assert drawn == sampling.draw_units("a", units[::-1], 40)
    assert drawn != sampling.draw_units("b", units, 40)
    changed = [replace(units[0], amount=Decimal(41)), *units[1:]]
    assert sampling.population_hash(units) == sampling.population_hash(units[::-1])
    assert sampling.population_hash(units) != sampling.population_hash(changed)


@given(st.integers(0, 60), st.integers(-1, 70), st.text(max_size=5))
def test_a_plain_draw_gives_as_many_as_asked_once_each(count: int, size: int, seed: str) -> None:
    ids = [f"i{n}" for n in range(count)]
    drawn = drawing.draw(seed, ids, size)
    assert len(drawn) == len(set(drawn)) == min(count, max(size, 0))
    assert set(drawn) <= set(ids)


@given(st.lists(st.sampled_from([1.0, 3.0, 6.0]), min_size=1, max_size=60), st.integers(1, 70))
def test_chances_add_up_to_the_size_and_none_is_zero(weights: list[float], size: int) -> None:
    chances = sampling.inclusion(weights, size)
    assert all(0 < chance <= 1 for chance in chances)
    assert sum(chances) == pytest.approx(min(size, len(weights)))


@given(st.integers(0, 120), st.integers(0, 60), st.text(max_size=5))
def test_as_many_are_drawn_as_asked_for(count: int, size: int, seed: str) -> None:
    drawn = sampling.draw_units(seed, population(count), size)
    assert abs(len(drawn) - min(count, size)) <= 1  # the last mark may fall on a rounding
    assert len({one.unit.id for one in drawn}) == len(drawn)


def test_over_many_seeds_each_claim_is_drawn_as_often_as_its_probability_says() -> None:
    units = population(100)
    times: Counter[str] = Counter()
    for seed in range(2000):
        times.update(one.unit.id for one in sampling.draw_units(str(seed), units, 20))
    chances = {one.unit.id: one.probability for one in sampling.draw_units("x", units, 100 * 100)}
    assert set(chances.values()) == {1.0}
    expected = sampling.inclusion([sampling.WEIGHTS[unit.risk] for unit in units], 20)
    for unit, chance in zip(units, expected, strict=True):
        assert times[unit.id] / 2000 == pytest.approx(chance, abs=0.05)


def test_the_interval_covers_what_is_true_about_as_often_as_it_says() -> None:
    dice = Random(1)  # noqa: S311 - a seeded example
    units = population(600)
    wrong = {
        u.id: Decimal(40)
        if dice.random() < {"plain": 0.03, "doubted": 0.2, "high": 0.6}[u.risk]
        else Decimal(0)
        for u in units
    }
    true, total, covered = sum(wrong.values()), sum(u.amount for u in units), 0
    for seed in range(300):
        drawn = sampling.draw_units(str(seed), units, 80)
        found = sampling.extrapolate(
            [Checked(d.unit.amount, wrong[d.unit.id], d.probability) for d in drawn], Decimal(total)
        )
        assert found is not None
        covered += found.low <= true <= found.high
    assert covered / 300 >= 0.9


def test_a_sample_in_which_nothing_is_wrong_does_not_prove_that_nothing_is() -> None:
    clean = [Checked(Decimal(40), Decimal(0), 0.1)] * 30
    found = sampling.extrapolate(clean, Decimal(12000))
    assert found is not None
    assert (found.wrong, found.low) == (Decimal("0.00"), Decimal("0.00"))
    assert found.high == Decimal("1140.41")  # 12000 · (1 - 0.05 ^ (1/30)): "three divided by n"
    assert sampling.extrapolate([], Decimal(1)) is None
    one = sampling.extrapolate([Checked(Decimal(0), Decimal(0), 0.5)], Decimal(0))
    assert one is not None
    assert one.share == 0


def test_a_score_is_the_sum_of_its_parts_over_the_weights_that_are_known() -> None:
    made = scores.score({"on_time": (9, 10), "findings": (1, 100), "complaints": (5, 100), "samples": (0, 0)})
    assert {part.code: part.points for part in made.parts} == {
        "on_time": 18.0,  # 20 · 0.9
        "findings": 7.5,  # 15 · (1 - 0.01 / 0.02)
        "complaints": 0.0,  # five in a hundred is worse than the worst that counts
    }
    assert (made.weight, made.points) == (45, 56.7)
    assert scores.score({}).points is None
