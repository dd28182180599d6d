"""What a published figure is: its name, its period, how it is rounded, what stands beside it."""

from datetime import date
from decimal import Decimal

import pytest

from core.errors import Invalid
from services.indicators import definitions, freezing
from services.indicators.definitions import Count, Indicator, containing, period, shown


def indicator(unit: str) -> Indicator:
    return Indicator("x", "people", unit, "x", "x", "x", "x")


def test_every_indicator_has_its_own_code() -> None:
    codes = [one.code for one in definitions.all_()]
    assert len(codes) == len(set(codes)) == 45
    assert definitions.find("coverage") is not None
    assert definitions.find("nothing") is None


@pytest.mark.parametrize(
    ("code", "first", "last", "before"),
    [
        ("2026H1", date(2026, 1, 1), date(2026, 6, 30), "2025H2"),
        ("2026H2", date(2026, 7, 1), date(2026, 12, 31), "2026H1"),
        ("2026", date(2026, 1, 1), date(2026, 12, 31), "2025"),
    ],
)
def test_a_period_is_a_half_year_or_a_year(code: str, first: date, last: date, before: str) -> None:
    one = period(code)
    assert (one.first, one.last, one.before.code) == (first, last, before)


def test_a_day_belongs_to_one_half_year() -> None:
    assert [containing(day).code for day in (date(2026, 6, 30), date(2026, 7, 1))] == ["2026H1", "2026H2"]


@pytest.mark.parametrize("code", ["", "2026H3", "26H1", "1999H1", "2026h1"])
def test_another_period_is_refused(code: str) -> None:
    with pytest.raises(Invalid):
        period(code)


@pytest.mark.parametrize(
    ("unit", "value", "of", "said"),
    [
        ("percent", "2", "3", "66.7"),
        ("percent", "1", "16", "6.3"),  # 6.25: the half goes up
        ("percent", "0", "0", None),
        ("ratio", "7", "2", "3.5"),
        ("persons", "12", None, "12"),
        ("yuan", "12.5", None, "12.50"),
        ("seconds", "41.25", None, "41.3"),
    ],
)
def test_a_figure_is_rounded_half_up(unit: str, value: str, of: str | None, said: str | None) -> None:
    count = Count("x", "", Decimal(value), None if of is None else Decimal(of))
    assert shown(indicator(unit), count) == said


def test_nothing_counted_is_nought_and_nothing_measured_is_nothing() -> None:
    said = [shown(indicator(unit), None) for unit in ("persons", "yuan", "percent", "minutes")]
    assert said == ["0", "0.00", None, None]


def test_the_last_period_stands_beside_each_row_and_parts_of_both_are_there() -> None:
    now = [Count("people_by_grade", "mild", Decimal(3), None)]
    before = [Count("people_by_grade", "severe", Decimal(2), None)]
    rows = [row for row in definitions.rows(now, before) if row["code"] == "people_by_grade"]
    said = [(row["split"], row["shown"], row["before"]["shown"]) for row in rows]
    assert said == [("mild", "3", "0"), ("severe", "0", "2")]


def test_the_hash_hangs_on_every_figure() -> None:
    first, last = date(2026, 1, 1), date(2026, 6, 30)
    one = freezing.sha256(first, last, 1, [{"code": "a", "shown": "1"}])
    assert one == freezing.sha256(first, last, 1, [{"shown": "1", "code": "a"}])
    assert one != freezing.sha256(first, last, 1, [{"code": "a", "shown": "2"}])
    assert one != freezing.sha256(first, last, 2, [{"code": "a", "shown": "1"}])
