"""Coordinates that come back to the last digit: made up, or met twice by chance by a phone of six digits."""

from datetime import timedelta
from typing import Any

import pytest

from tests.fraud.visits import NINE, kinds, mark, visit

DAY = timedelta(days=1)
HONEST = [
    visit(
        f"w{n}",
        NINE + n * DAY,
        caregiver=f"c{n + 2}",
        start=mark(NINE + n * DAY, lat=37.88 + n / 1e5, lon=118.53),
    )
    for n in range(6)
]


def stuck(day: int, *, at_both_ends: bool) -> Any:
    spot: dict[str, Any] = {"lat": 37.880142, "lon": 118.530117}
    other: dict[str, Any] = spot if at_both_ends else {"lat": 37.88 + day / 1e5, "lon": 118.53}
    start = NINE + day * DAY
    end = start + DAY / 24
    return visit(f"v{day}", start, start=mark(start, **spot), end=mark(end, **other))


@pytest.mark.parametrize(
    ("days", "at_both_ends", "found"), [(2, True, 2), (2, False, 0), (3, False, 3), (1, True, 0)]
)
def test_one_coordinate_met_twice_may_be_chance_at_both_ends_or_thrice_not(
    days: int,
    at_both_ends: bool,  # noqa: FBT001 - a column
    found: int,
) -> None:
    visits = [stuck(day, at_both_ends=at_both_ends) for day in range(days)]
    assert kinds(*visits, *HONEST) == {f"v{day}": ["faked_place"] for day in range(found)}


def test_where_everybodys_coordinates_repeat_phones_round_them() -> None:
    assert kinds(*(stuck(day, at_both_ends=True) for day in range(2))) == {}
