"""Service items as data: staff by grade, and what may be interrupted."""

import pytest

from core.errors import Invalid
from dispatch import service_items


@pytest.mark.parametrize(
    ("code", "grade", "staff"),
    [
        ("bath", None, 1),
        ("bath", "moderate", 1),
        ("bath", "severe", 2),
        ("bath", "total", 2),
        ("meal", "total", 1),
    ],
)
def test_a_bath_of_somebody_severely_disabled_needs_two(code: str, grade: str | None, staff: int) -> None:
    assert service_items.staff(code, grade) == staff


def test_nobody_is_called_away_from_a_bath_a_meal_or_an_emergency() -> None:
    kept = {item.code for item in service_items.ITEMS.values() if not item.interruptible}
    assert {"bath", "meal", "medical", "emergency"} <= kept
    assert service_items.get("clean").interruptible


def test_a_service_that_is_none_is_refused_by_name() -> None:
    with pytest.raises(Invalid, match="service: one of meal"):
        service_items.staff("massage", "mild")
