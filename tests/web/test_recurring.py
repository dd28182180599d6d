"""A care plan's line in words."""

from datetime import date, time
from typing import Any

import pytest

from core.ids import new_id
from dashboards import recurring
from services.expecting import Item
from services.recurrence import Rule

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("rrule", "words", "english"),
    [
        ("FREQ=DAILY", "每天", "every day"),
        ("FREQ=DAILY;INTERVAL=3", "每隔 3 天一次", "every 3 days"),
        ("FREQ=WEEKLY;BYDAY=TU,TH", "每周二、周四", "weekly on Tue, Thu"),
        ("FREQ=WEEKLY", "每周一", "weekly on Mon"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=WE", "每 2 周的周三", "every 2 weeks on Wed"),
        (
            "FREQ=MONTHLY;BYDAY=2WE,-1FR",
            "每月第二个周三、最后一个周五",
            "monthly on the second Wed, the last Fri",
        ),
        ("FREQ=MONTHLY;BYMONTHDAY=1,-1", "每月1 日、倒数第 1 天", "monthly on the 1., day 1 from the end"),
        ("FREQ=MONTHLY", "每月23 日", "monthly on the 23."),
        ("FREQ=DAILY;COUNT=5", None, "every day, 5 times"),
        ("FREQ=DAILY;UNTIL=20261231", None, "every day until 2026-12-31"),
    ],
)
def test_how_often_is_said_in_both_languages(rrule: str, words: str | None, english: str) -> None:
    assert words is None or recurring.often("zh_CN", rrule, MONDAY) == words
    assert recurring.often("en", rrule, MONDAY) == english


@pytest.mark.parametrize(
    "rrule",
    [
        "FREQ=YEARLY",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1",
        "FREQ=WEEKLY;BYDAY=MO;BYMONTHDAY=3",
        "FREQ=MONTHLY;BYDAY=5MO",
        "nonsense",
    ],
)
def test_what_has_no_words_is_shown_as_it_is_written(rrule: str) -> None:
    assert recurring.often("en", rrule, MONDAY) == rrule


def test_an_item_says_times_service_and_holidays() -> None:
    def item(**more: Any) -> Item:
        rule = Rule("FREQ=DAILY", MONDAY, **more)
        windows = ((time(9), time(10, 30)), (time(14), time(15)))
        return Item(new_id(), "bath", rule, windows, 60, "subsidy")

    dash = "\N{EN DASH}"
    text = f"every day 9:00{dash}10:30, 14:00{dash}15:00 Bathing"
    assert recurring.of_item("en", item()) == f"{text}; also on public holidays"
    assert recurring.of_item("en", item(working_days_only=True)) == f"{text}; working days only"
