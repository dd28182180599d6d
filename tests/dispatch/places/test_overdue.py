"""Who is to be called on, and who has waited too long."""

from datetime import date, timedelta
from typing import Any

import pytest

from dispatch.places.overdue import category, is_rural, standing

TODAY = date(2026, 11, 22)
DAYS = {"alone": 7, "high_age": 30}


@pytest.mark.parametrize(
    ("region", "rural"),
    [
        (None, True),
        ("370503001", False),
        ("370503100", True),
        ("370503001005", False),
        ("370503100201", True),
        ("370503", True),
    ],
)
def test_a_code_says_whether_it_is_the_country(region: str | None, *, rural: bool) -> None:
    assert is_rural(region) is rural


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"lives_alone": True, "age": 66, "is_rural": True}, "alone"),
        ({"lives_alone": False, "age": 80, "is_rural": True}, "high_age"),
        ({"lives_alone": False, "age": 79, "is_rural": True}, None),
        ({"lives_alone": True, "age": 90, "is_rural": False}, None),
    ],
)
def test_who_lives_alone_or_is_very_old_in_the_country_is_proposed(given: Any, expected: str | None) -> None:
    assert category(**given, from_age=80) == expected


def test_the_next_call_counts_from_the_last_one() -> None:
    on_day = standing(TODAY, date(2026, 1, 1), TODAY - timedelta(days=7), "alone", None, DAYS)
    assert (on_day.due_on, on_day.days, on_day.is_overdue) == (TODAY, 0, False)
    late = standing(TODAY, date(2026, 1, 1), TODAY - timedelta(days=8), "alone", None, DAYS)
    assert (late.days, late.is_overdue) == (1, True)


def test_who_was_never_called_on_is_due_from_the_beginning() -> None:
    new = standing(TODAY, TODAY, None, "high_age", None, DAYS)
    assert (new.due_on, new.is_overdue) == (TODAY, False)


def test_ones_own_rhythm_goes_before_the_districts_and_an_unknown_one_takes_the_shortest() -> None:
    assert standing(TODAY, TODAY, TODAY, "alone", 3, DAYS).every_days == 3
    assert standing(TODAY, TODAY, TODAY, "hardship", None, DAYS).every_days == 7
    assert standing(TODAY, TODAY, TODAY, "hardship", None, {}).every_days == 30
