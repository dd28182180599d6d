"""The calculator itself, against figures calculated by hand from the report: 200, 260, 320 a month."""

from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from tests.oracle.people import people
from tests.oracle.shapes import Line, Person, Span, Visit, half_up
from tests.oracle.visits import Rules, price, read

HEKOU = Path("services/data/schemes/hekou_home_visits.toml")
ALWAYS = Span(date(2020, 1, 1), None, "")


@pytest.fixture(scope="module")
def rules() -> Rules:
    return read(HEKOU)


def graded(*spans: Span) -> Person:
    return Person(1, list(spans), [ALWAYS])


def visit(number: int, day: int, price: int, units: str = "1", hour: int = 9) -> Visit:
    return Visit(number, datetime(2026, 3, day, hour, 0), "bath", Fraction(units), price)  # noqa: DTZ001


def test_a_quota_is_used_up_in_the_middle_of_a_visit(rules: Rules) -> None:
    person = graded(Span(date(2026, 1, 1), None, "moderate"))
    person.visits = [visit(1, 2, 15_000), visit(2, 3, 15_000), visit(3, 4, 15_000)]
    lines = price(person, rules, "severe")  # 260: 150, then 110 of 150, then nothing
    assert lines == {1: Line(15_000, 15_000, 0), 2: Line(15_000, 11_000, 4_000), 3: Line(15_000, 0, 15_000)}


def test_visits_that_come_in_late_count_where_they_began(rules: Rules) -> None:
    person = graded(Span(date(2026, 1, 1), None, "mild"))
    person.visits = [visit(1, 20, 15_000), visit(2, 5, 15_000)]
    lines = price(person, rules, "severe")
    assert (lines[2].subsidy, lines[1].subsidy) == (15_000, 5_000)


def test_a_grade_that_falls_within_the_month_gives_no_more_and_takes_nothing_back(rules: Rules) -> None:
    person = graded(
        Span(date(2026, 1, 1), date(2026, 3, 15), "severe"), Span(date(2026, 3, 16), None, "mild")
    )
    person.visits = [visit(1, 2, 30_000), visit(2, 16, 10_000)]
    lines = price(
        person, rules, "severe"
    )  # 300 of 320 are spent; on the 16th 200 is the measure: nothing is left
    assert (lines[1].subsidy, lines[2].subsidy) == (30_000, 0)


def test_a_total_elder_under_a_scale_of_four_takes_what_the_district_says(rules: Rules) -> None:
    person = graded(Span(date(2026, 1, 1), None, "total"))
    person.visits = [visit(1, 2, 40_000)]
    assert price(person, rules, "severe")[1] == Line(40_000, 32_000, 8_000)
    assert price(person, rules, "moderate")[1] == Line(40_000, 26_000, 14_000)


def test_a_half_fen_is_rounded_up_once_a_line(rules: Rules) -> None:
    person = graded(Span(date(2026, 1, 1), None, "mild"))
    person.visits = [visit(1, 2, 3_333, "1.50")]  # 49.995
    assert price(person, rules, "severe")[1] == Line(5_000, 5_000, 0)
    assert [half_up(Fraction(n, 2)) for n in range(5)] == [0, 1, 1, 2, 2]


def test_after_the_death_and_outside_the_membership_nobody_pays(rules: Rules) -> None:
    person = graded(Span(date(2026, 1, 1), None, "mild"))
    person.died = date(2026, 3, 5)
    person.visits = [visit(1, 5, 100), visit(2, 6, 100)]
    lines = price(person, rules, "severe")
    assert (lines[1].refused, lines[2].refused) == (None, "dead")
    person.enrolled = []
    assert price(person, rules, "severe")[1].refused == "not_enrolled"


def test_each_month_begins_with_a_full_quota(rules: Rules) -> None:
    person = graded(Span(date(2026, 1, 1), None, "mild"))
    last = Visit(1, datetime(2026, 3, 31, 23, 59), "bath", Fraction(1), 20_000)  # noqa: DTZ001
    first = Visit(2, datetime(2026, 4, 1, 0, 0), "bath", Fraction(1), 20_000)  # noqa: DTZ001
    person.visits = [last, first]
    assert [line.subsidy for line in price(person, rules, "severe").values()] == [20_000, 20_000]


def test_the_same_seed_gives_the_same_people() -> None:
    prices = dict.fromkeys(("meal", "bath", "clean", "walk", "medical", "emergency"), 1_500)
    span = (date(2026, 1, 1), date(2026, 6, 30))
    one, other = (list(people(7, 50, *span, prices)) for _ in range(2))
    assert one == other
    assert one != list(people(8, 50, *span, prices))
