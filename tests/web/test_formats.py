"""How figures, dates and ages are written in both languages."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from core.clock import ZONE
from dashboards.web.formats import NOTHING, Formats, as_day, as_time

NOW = datetime(2026, 11, 21, 17, 30, 15, tzinfo=UTC)
"""Sunday 01:30:15 in Shanghai."""
ZH, EN = Formats("zh_CN"), Formats("en")


def test_nothing_is_a_dash() -> None:
    written = [EN.time(None), EN.moment(""), EN.day(None), EN.money(None), EN.number(None), EN.ago(None, NOW)]
    assert set(written) == {NOTHING}


@pytest.mark.parametrize("at", [NOW, NOW.isoformat()])
def test_an_instant_is_written_in_local_time(at: datetime | str) -> None:
    assert (EN.time(at), EN.time(at, seconds=True)) == ("01:30", "01:30:15")
    assert (ZH.moment(at), EN.moment(at)) == ("11\u670822\u65e5 01:30", "22 Nov 01:30")
    assert (EN.day(at), EN.weekday(at)) == ("Nov 22, 2026", "Sunday 22 Nov")
    assert as_time(at) == NOW
    assert as_day(at, ZONE) == date(2026, 11, 22)


def test_a_day_stays_the_day_that_it_is() -> None:
    day = date(2026, 11, 21)
    assert as_day(day, ZONE) == day
    assert (ZH.day(day), EN.month(day)) == ("2026\u5e7411\u670821\u65e5", "November 2026")


def test_money_has_two_decimals_and_a_number_as_many_as_it_needs() -> None:
    assert [EN.money(Decimal("-1234.5")), EN.money("0")] == ["\u00a5-1,234.50", "\u00a50.00"]
    assert [EN.number(1234.56), EN.number(Decimal(5)), EN.number(0.125, 2)] == ["1,234.6", "5", "0.12"]


AGES = [
    ("just now", timedelta(seconds=59), "just now", "59 s"),
    ("a clock that runs ahead", timedelta(seconds=-5), "just now", "0 s"),
    ("minutes", timedelta(minutes=1), "1 min ago", "1 min"),
    ("hours", timedelta(hours=23, minutes=59), "23 h ago", "23 h"),
    ("days", timedelta(hours=49), "2 days ago", "2 days"),
]


@pytest.mark.parametrize(("length", "ago", "span"), [row[1:] for row in AGES], ids=[row[0] for row in AGES])
def test_an_age_is_told_in_its_largest_unit(length: timedelta, ago: str, span: str) -> None:
    assert (EN.ago(NOW - length, NOW), EN.span(length)) == (ago, span)
