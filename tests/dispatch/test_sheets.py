"""Lists as sheets, purely: what a row says, what is wrong in which row and column; clock times."""

from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import at_local
from core.ids import new_id
from dispatch.roster import sheets, times
from dispatch.roster.sheets import COLUMNS, MOST_ROWS, Record, Wrong, read

WORDS = {
    "sheet_columns": {"number": "staff_number", "day": "on"},
    "skills": {"bathing": "bath", "care": "care"},
    "languages": {"mandarin": "zh"},
    "genders": {"woman": "female"},
    "vehicles": {"on foot": "walk"},
    "wish_kinds": {"likes": "prefer", "gender": "gender", "never": "never"},
    "services": {"meals": "meal"},
    "yes_no": {"ja": "yes", "nein": "no"},
}
ON = date(2026, 11, 23)
SHIFT = ("staff_number", "on", "starts", "ends", "break_from", "break_to", "break_minutes")


def shifts(*rows: tuple[Any, ...]) -> tuple[list[Record], list[Wrong]]:
    return read("shifts", SHIFT, rows, WORDS)


def wrongs(*rows: tuple[Any, ...]) -> list[tuple[int, str, str]]:
    return [(one.row, one.field, one.code) for one in shifts(*rows)[1]]


def test_a_row_is_read_whatever_the_spreadsheet_made_of_its_cells() -> None:
    (one, two), wrong = shifts(
        (1001.0, datetime(2026, 11, 23), time(8, 0), "17:00", "11:30", "13:30", 60.0),  # noqa: DTZ001 - as openpyxl gives it
        ("", None, None, None, None, None, None),
        ("1002", "2026/11/23", "8:00", "6\uff1a00", None, None, None),
    )
    assert wrong == []
    assert one == Record(
        2,
        {
            "staff_number": "1001",
            "on": ON,
            "starts": "08:00",
            "ends": "17:00",
            "break_from": "11:30",
            "break_to": "13:30",
            "break_minutes": 60,
        },
    )
    assert two == Record(4, {"staff_number": "1002", "on": ON, "starts": "08:00", "ends": "06:00"})


ROW = ("1", "2026-11-23", "08:00", "16:00", "", "", "")
MISTAKES: list[tuple[int, Any, str]] = [
    (0, "", "missing"),
    (0, "x" * 101, "too_long"),
    (0, "a\0b", "too_long"),
    (1, "tomorrow", "date"),
    (1, "1066-01-01", "date"),
    (2, "eight", "clock"),
    (2, "25:00", "clock"),
    (2, "8", "clock"),
    (6, "an hour", "not_a_number"),
    (6, "601", "range"),
]


@pytest.mark.parametrize(("place", "text", "code"), MISTAKES)
def test_a_mistake_is_told_by_row_and_column(place: int, text: str, code: str) -> None:
    row = list(ROW)
    row[place] = text
    assert wrongs(ROW, tuple(row)) == [(3, SHIFT[place], code)]


def test_a_list_says_what_it_lacks_repeats_or_has_too_much_of() -> None:
    assert read("shifts", ("number", "day", "starts"), (), WORDS) == (
        [],
        [Wrong(1, "ends", "missing_column")],
    )
    assert wrongs(ROW, ROW) == [(3, "staff_number", "twice")]
    assert wrongs() == [(2, "staff_number", "empty_list")]
    many = [(str(nth), *ROW[1:]) for nth in range(MOST_ROWS + 1)]
    assert wrongs(*many) == [(MOST_ROWS + 2, "staff_number", "too_many_rows")]


def test_words_of_any_language_are_codes() -> None:
    head = [one.name for one in COLUMNS["caregivers"]]
    rows = [
        ("1", "n", "Woman", "", "bathing, care", "Mandarin", "on foot", "37.8", "118.5"),
        ("2", "n", "female", "138", "bath\u3001care", "", "", 37.8, 118.5),
        ("3", "n", "robot", "", "flying", "", "", "91", "x"),
    ]
    found, wrong = read("caregivers", head, rows, WORDS)
    assert [(one.values["gender"], one.values["skills"]) for one in found] == [
        ("female", ["bath", "care"])
    ] * 2
    assert [(one.row, one.field, one.code) for one in wrong] == [
        (4, "gender", "unknown"),
        (4, "skills", "unknown"),
        (4, "lat", "range"),
        (4, "lon", "not_a_number"),
    ]


def test_a_condition_is_said_by_yes_or_no() -> None:
    head = [one.name for one in COLUMNS["wishes"]]
    answers = ("ja", "no", "", "perhaps")
    rows = [(str(nth), "gender", "", "woman", text) for nth, text in enumerate(answers)]
    found, wrong = read("wishes", head, rows, WORDS)
    assert [one.values.get("is_hard") for one in found] == [True, False, None]
    assert [(one.row, one.field, one.code) for one in wrong] == [(5, "is_hard", "yes_or_no")]


@given(st.lists(st.lists(st.one_of(st.none(), st.text(max_size=12), st.integers(), st.floats()), max_size=9)))
def test_no_cells_break_the_reading(rows: list[list[Any]]) -> None:
    for kind, columns in COLUMNS.items():
        found, wrong = read(kind, [one.name for one in columns], rows, WORDS)
        assert found or wrong
        assert sheets.cell_text(None) == ""


@pytest.mark.parametrize(
    ("starts", "ends", "rest", "hours", "begins", "finishes"),
    [
        ("08:00", "16:00", (None, None, 0), 8, None, None),
        ("22:00", "06:00", (None, None, 0), 8, None, None),
        ("08:00", "08:00", (None, None, 0), 24, None, None),
        ("08:00", "16:00", ("11:00", "13:00", 60), 8, 3, 5),
        ("22:00", "06:00", ("23:00", "01:00", 60), 8, 1, 3),
        ("22:00", "06:00", ("01:00", "03:00", 60), 8, 3, 5),
        ("08:00", "16:00", (None, None, 60), 8, 0, 8),
    ],
)
def test_a_clock_time_that_is_not_later_is_the_next_days(
    starts: str, ends: str, rest: times.Rest, hours: int, begins: int | None, finishes: int | None
) -> None:
    laid = times.shift(new_id(), ON, starts, ends, rest)

    def after(at: datetime | None) -> float | None:
        return (at - laid.starts_at).total_seconds() / 3600 if at else None

    assert laid.starts_at == at_local(ON, starts)
    assert (after(laid.ends_at), after(laid.break_from), after(laid.break_to)) == (hours, begins, finishes)
