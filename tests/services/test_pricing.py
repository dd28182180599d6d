"""Prices by hand, and what holds for every price."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import pricing

D = Decimal
prices = st.decimals(min_value=0, max_value=5000, places=2)
counts = st.integers(1, 40).map(lambda quarters: D(quarters) / 4)
quotas = st.decimals(min_value=0, max_value=3000, places=2)


@pytest.mark.parametrize(
    ("price", "count", "quota", "used", "amount", "subsidy", "copay", "code"),
    [
        ("80", "1", "260", "0", "80.00", "80.00", "0.00", "subsidy_full"),
        ("80", "1", "260", "180", "80.00", "80.00", "0.00", "subsidy_full"),
        ("80", "1", "260", "240", "80.00", "20.00", "60.00", "subsidy_partial"),
        ("80", "1", "260", "260", "80.00", "0.00", "80.00", "subsidy_none"),
        ("80", "1", "200", "260", "80.00", "0.00", "80.00", "subsidy_none"),
        ("33.33", "1.25", "200", "0", "41.66", "41.66", "0.00", "subsidy_full"),
        ("0.02", "0.25", "200", "0", "0.01", "0.01", "0.00", "subsidy_full"),
    ],
)
def test_the_quota_pays_first_and_the_person_pays_the_rest(
    price: str, count: str, quota: str, used: str, amount: str, subsidy: str, copay: str, code: str
) -> None:
    priced = pricing.subsidised(D(price), D(count), D(quota), D(used))
    assert (str(priced.amount), str(priced.subsidy), str(priced.copay)) == (amount, subsidy, copay)
    assert priced.explanation[-1]["code"] == code


@given(price=prices, count=counts, quota=quotas, used=quotas)
def test_amount_is_subsidy_plus_copay_to_the_fen(price: D, count: D, quota: D, used: D) -> None:
    priced = pricing.subsidised(price, count, quota, used)
    assert priced.amount == priced.subsidy + priced.copay
    assert priced.subsidy >= 0
    assert priced.copay >= 0
    assert priced.amount == priced.amount.quantize(D("0.01"))


@given(visits=st.lists(st.tuples(prices, counts), max_size=30), quota=quotas)
def test_no_sequence_of_visits_uses_more_than_the_quota(visits: list[tuple[D, D]], quota: D) -> None:
    used = pricing.ZERO
    for price, count in visits:
        used += pricing.subsidised(price, count, quota, used).subsidy
    total = sum((pricing.money(price * count) for price, count in visits), pricing.ZERO)
    assert used == min(quota, total)


@pytest.mark.parametrize(
    ("unit", "seconds", "meals", "count"),
    [
        ("visit", 5, None, "1"),
        ("hour", 3600, None, "1"),
        ("hour", 52 * 60 + 29, None, "0.75"),
        ("hour", 52 * 60 + 30, None, "1"),
        ("hour", 60, None, "0.25"),
        ("hour", -600, None, "0.25"),
        ("hour", 97 * 60 + 30, None, "1.75"),
        ("meal", 900, 2, "2"),
        ("meal", 900, None, "1"),
        ("meal", 900, 99, "10"),
    ],
)
def test_units_are_what_the_contract_counts(unit: str, seconds: int, meals: int | None, count: str) -> None:
    assert pricing.plain(pricing.units(unit, timedelta(seconds=seconds), meals)) == count


def test_a_private_visit_is_paid_by_the_person_and_says_so() -> None:
    priced = pricing.unsubsidised(D("60"), D(1), {"code": "private"})
    assert (priced.subsidy, priced.copay) == (D("0.00"), D("60.00"))
    assert priced.explanation[-1] == {"code": "private", "copay": "60.00"}
