"""Identity numbers and days as offices write them, and what spreadsheets do to them, each damage by name."""

from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registers import cells
from services.registers.cells import MistakeError


def check_digit(body: str) -> str:
    """Return the check digit by the standard's own table, not by the library that the product uses."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return "10X98765432"[total % 11]


WHOLE = "37050319420305001" + check_digit("37050319420305001")
WITH_X = next(
    f"3705031942030500{n}X" if n > 9 else f"37050319420305{n:03d}X"
    for n in range(100)
    if check_digit(f"37050319420305{n:03d}") == "X"
)


def wide(text: str) -> str:
    """Return full-width signs."""
    return "".join(chr(ord(sign) + 0xFEE0) for sign in text)


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        (WHOLE, WHOLE),
        (f"'{WHOLE}", WHOLE),
        (f"\u2019{WHOLE} ", WHOLE),
        (f"\ufeff{WHOLE}\u200b", WHOLE),
        (wide(WHOLE), WHOLE),
        (WITH_X.lower(), WITH_X),
        (wide(WITH_X), WITH_X),
        (WITH_X.replace("X", "\u00d7"), WITH_X),
        (f"{WHOLE[:6]} {WHOLE[6:14]} {WHOLE[14:]}", WHOLE),
        (f"{WHOLE[:6]}-{WHOLE[6:14]}-{WHOLE[14:]}", WHOLE),
        (f"{WHOLE}.0", WHOLE),
        ("370503420305001", WHOLE),
        (370503420305001, WHOLE),
        (370503420305001.0, WHOLE),
    ],
)
def test_an_identity_number_is_read_as_it_was_meant(cell: object, says: str) -> None:
    assert cells.id_number(cell) == says


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (3.70503194203050e17, "digits_lost"),
        (370503194203050000, "digits_lost"),
        ("3.70503E+17", "digits_lost"),
        ("3.70503194203050E+17", "digits_lost"),
        ("3e17", "digits_lost"),
        ("370503194203050000", "digits_zeroed"),
        ("", "missing"),
        (None, "missing"),
        ("'", "missing"),
        (WHOLE[:-1], "id_length"),
        (WHOLE + "1", "id_length"),
        (True, "id_length"),
        ("#REF!", "id_length"),
        ("37050319420305A01X", "id_signs"),
        ("37050319420305001Y", "id_signs"),
        (WHOLE[:-1] + ("0" if WHOLE[-1] != "0" else "1"), "id_check"),
        ("37050319421305001" + check_digit("37050319421305001"), "id_birth"),
        ("37050318420305001" + check_digit("37050318420305001"), "id_birth"),
    ],
)
def test_a_damaged_identity_number_is_refused_by_the_name_of_its_damage(cell: object, code: str) -> None:
    with pytest.raises(MistakeError) as refused:
        cells.id_number(cell)
    assert str(refused.value) == code


@given(st.one_of(st.text(max_size=25), st.floats(), st.integers(), st.booleans(), st.none()))
def test_no_cell_breaks_the_reading(cell: Any) -> None:
    for read in (cells.id_number, cells.day):
        with suppress(MistakeError):
            assert read(cell)


@given(st.integers(0, 999), st.dates(date(1900, 1, 1), date(2026, 1, 1)))
def test_every_number_with_the_right_check_digit_is_read(nth: int, born_on: date) -> None:
    body = f"370503{born_on:%Y%m%d}{nth:03d}"
    assert cells.id_number(body + check_digit(body)) == body + check_digit(body)


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        (date(2021, 3, 5), date(2021, 3, 5)),
        (datetime(2021, 3, 5, 12, tzinfo=UTC), date(2021, 3, 5)),
        (44260, date(2021, 3, 5)),
        (44260.5, date(2021, 3, 5)),
        ("44260", date(2021, 3, 5)),
        (20210305, date(2021, 3, 5)),
        ("20210305", date(2021, 3, 5)),
        ("2021-3-5", date(2021, 3, 5)),
        ("2021/03/05", date(2021, 3, 5)),
        ("2021.3.5", date(2021, 3, 5)),
        ("2021年3月5日", date(2021, 3, 5)),
        ("２０２１年３月５日", date(2021, 3, 5)),
        ("'2021-03-05", date(2021, 3, 5)),
        ("2021-03-05 00:00:00", date(2021, 3, 5)),
        ("2021年3月", date(2021, 3, 1)),
        ("202103", date(2021, 3, 1)),
        (202103, date(2021, 3, 1)),
    ],
)
def test_a_day_is_read_in_every_manner_that_sheets_have(cell: object, says: date) -> None:
    assert cells.day(cell) == says


@pytest.mark.parametrize(
    ("month", "last"), [("2024-02", date(2024, 2, 29)), ("2021年12月", date(2021, 12, 31))]
)
def test_a_month_that_ends_something_is_its_last_day(month: str, last: date) -> None:
    assert cells.day(month, is_last=True) == last


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("2021-02-30", "impossible_date"),
        ("20211305", "impossible_date"),
        ("1821-03-05", "impossible_date"),
        ("2021-13", "impossible_date"),
        (0, "impossible_date"),
        (9_999_999, "impossible_date"),
        (date(2200, 1, 1), "impossible_date"),
        ("21-3-5", "two_digit_year"),
        ("98/03/05", "two_digit_year"),
        ("3/5/21", "two_digit_year"),
        ("3/5/2021", "date_order"),
        ("05-03-2021", "date_order"),
        ("soon", "date"),
        ("####", "date"),
        ("", "date"),
        (float("nan"), "date"),
        (float("inf"), "date"),
    ],
)
def test_a_day_that_is_none_is_refused_by_name(cell: object, code: str) -> None:
    with pytest.raises(MistakeError) as refused:
        cells.day(cell)
    assert str(refused.value) == code


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        (None, ""),
        (True, "1"),
        (False, "0"),
        (12.0, "12"),
        (1.5, "1.5"),
        (datetime(2021, 3, 5, tzinfo=UTC), "2021-03-05"),
    ],
)
def test_a_cell_is_written_as_people_read_it(cell: object, says: str) -> None:
    assert cells.text(cell) == says
