"""Files of registers: what is wrong with them is said by row and field, whatever the file is called."""

import io
from datetime import date, datetime
from zipfile import ZipFile

import pytest
from openpyxl import Workbook

from services.registers import files, reading, shapes
from services.registers.files import FileMistakeError
from tests.makers import id_number
from tests.services.people.books import book, brought, text, told

HEAD = ("序号", "姓名", "身份证号码", "救助类别", "开始日期", "截止日期")
ONE, TWO, THREE = (id_number(nth) for nth in (1, 2, 3))


def row(
    number: object, kind: str = "低保", first: object = "2021-03-05", last: object = "长期"
) -> tuple[object, ...]:
    return ("1", "老人", number, kind, first, last)


def test_a_workbook_is_read_with_its_headings_wherever_they_stand() -> None:
    listed = brought(
        "assistance", book(说明=[("填表说明",)], 名单=[("2026年11月低保名单",), (), HEAD, row(ONE)])
    )
    assert told(listed) == []
    assert [(one.row, one.id_number, dict(one.values)) for one in listed.records] == [
        (4, ONE, {"name": "老人", "assistance": "dibao", "valid_from": "2021-03-05"})
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("apart", [",", "\t", ";"])
def test_a_csv_is_read_in_the_encodings_of_offices(encoding: str, apart: str) -> None:
    content = text(HEAD, ("1", "张三", ONE, "特困", "2021年3月5日", ""), apart=apart).encode(encoding)
    listed = brought("assistance", content)
    assert (told(listed), [one.values["name"] for one in listed.records]) == ([], ["张三"])


def test_every_damage_is_named_with_its_row_and_field() -> None:
    rows = [
        row(3.70503194203050e17),
        row("3.70503E+17"),
        row("370503194203050000"),
        row(ONE, first="21-3-5"),
        row(ONE, first="2021-02-30"),
        row(TWO, kind="富裕"),
        row(TWO, first="2021-03-05", last="2020-03-05"),
        row(None),
        row(THREE, first=44260),
    ]
    listed = brought("assistance", book(名单=[HEAD, *rows]))
    assert told(listed) == [
        (2, "id_number", "digits_lost"),
        (3, "id_number", "digits_lost"),
        (4, "id_number", "digits_zeroed"),
        (5, "valid_from", "two_digit_year"),
        (6, "valid_from", "impossible_date"),
        (7, "assistance", "unknown"),
        (8, "valid_to", "before_start"),
        (9, "id_number", "missing"),
    ]
    assert [one.values["valid_from"] for one in listed.records] == ["2021-03-05"]


def test_a_person_twice_with_other_facts_is_a_mistake_and_with_the_same_a_remark() -> None:
    rows = [row(ONE), row(ONE, first="2022-01-01"), row(TWO), row(TWO), row(THREE), row(THREE, kind="脱贫户")]
    listed = brought("assistance", book(名单=[HEAD, *rows]))
    assert told(listed) == [
        (2, "id_number", "twice_different"),
        (3, "id_number", "twice_different"),
        (5, "id_number", "twice"),
    ]
    assert [one.is_remark for one in listed.mistakes] == [False, False, True]
    kinds = [one.values["assistance"] for one in listed.records if one.id_number == THREE]
    assert kinds == ["dibao", "tuopin"]


def test_wrong_columns_and_a_wrong_sheet_are_named_by_the_column_that_is_missing() -> None:
    deaths = book(Sheet1=[("姓名", "身份证号", "死亡日期"), ("老人", ONE, "2026-11-02")])
    assert told(brought("assistance", deaths)) == [
        (0, "assistance", "missing_column"),
        (0, "valid_from", "missing_column"),
    ]
    assert told(brought("death", deaths)) == []
    assert told(brought("death", book(Sheet1=[]))) == [
        (0, "id_number", "missing_column"),
        (0, "died_on", "missing_column"),
    ]


def test_a_heading_that_the_district_keeps_goes_before_the_usual_ones() -> None:
    rows = [("公民号码", "身份证号", "死亡日期"), (ONE, "不填", "2026-11-02")]
    listed = brought("death", book(Sheet1=rows), mapping={"id_number": "公民 号码"})
    assert [one.id_number for one in listed.records] == [ONE]


def test_a_death_in_the_future_or_before_birth_is_impossible() -> None:
    head = ("身份证号", "死亡日期")
    rows = [(ONE, "2026-11-22"), (TWO, "1942-03-04"), (THREE, "2026-11-21")]
    assert told(brought("death", book(Sheet1=[head, *rows]))) == [
        (2, "died_on", "future"),
        (3, "died_on", "before_birth"),
    ]


def test_county_codes_and_drawn_benefits_are_read_as_codes_or_words() -> None:
    moved = book(
        Sheet1=[("身份证号", "户籍地", "户口性质", "迁入日期"), (ONE, 370503101, "农村", date(2026, 1, 1))]
    )
    wrong = book(Sheet1=[("身份证号", "户籍地", "迁入日期"), (ONE, "河口区", datetime(2026, 1, 1))])  # noqa: DTZ001 - as openpyxl reads it
    drawn = book(
        Sheet1=[
            ("身份证号", "待遇名称", "开始日期"),
            (ONE, "长护险", "202601"),
            (TWO, "my_own_code", "202601"),
        ]
    )
    assert [dict(one.values) for one in brought("household", moved).records] == [
        {"household": "370503", "residence": "rural", "valid_from": "2026-01-01"}
    ]
    assert told(brought("household", wrong)) == [(2, "household", "county")]
    assert [one.values["draws"] for one in brought("benefits", drawn).records] == ["ltci", "my_own_code"]


def test_a_list_without_a_row_is_empty() -> None:
    assert told(brought("death", book(Sheet1=[("身份证号", "死亡日期"), (None, None)]))) == [
        (2, "id_number", "empty_list")
    ]


def bomb() -> bytes:
    output = io.BytesIO()
    with ZipFile(output, "w", 8) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (files._LARGEST_UNPACKED + 1))  # noqa: SLF001 - both sides of the limit
    return output.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"  \n", "empty_file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_excel"),
        (b"PK\x03\x04" + b"\0" * 100, "not_a_sheet"),
        (b"<html><table>", "not_a_sheet"),
        (b"%PDF-1.7, and so on", "not_a_sheet"),
        (b"one line of words", "not_a_sheet"),
        (b"a,b\0c", "not_a_sheet"),
        (b"\xff\xff\xff\xff,", "encoding"),
        (b'a,b\n"' + b"x" * 200_000, "not_a_sheet"),
        (b"x" * (files.LARGEST + 1), "too_large"),
    ],
)
def test_what_is_no_sheet_is_said_by_name_whatever_its_ending(content: bytes, code: str) -> None:
    with pytest.raises(FileMistakeError) as refused:
        files.sheets(content)
    assert str(refused.value) == code
    assert told(brought("death", content)) == [(0, "file", code)]


def test_a_packed_file_that_would_unpack_to_too_much_is_not_opened() -> None:
    with pytest.raises(FileMistakeError, match="too_large"):
        files.sheets(bomb())


def test_a_zip_that_is_no_workbook_is_no_sheet() -> None:
    output = io.BytesIO()
    with ZipFile(output, "w") as packed:
        packed.writestr("readme.txt", "nothing")
    with pytest.raises(FileMistakeError, match="not_a_sheet"):
        files.sheets(output.getvalue())


def test_an_empty_workbook_lacks_every_column_that_is_needed() -> None:
    output = io.BytesIO()
    Workbook().save(output)
    needed = [one.name for one in shapes.columns("disability") if one.is_needed]
    assert [field for _, field, _ in told(brought("disability", output.getvalue()))] == needed


def test_the_likest_of_several_sheets_says_what_is_missing() -> None:
    content = book(A=[("姓名",)], B=[("姓名", "身份证号"), ("x", ONE)], C=[("电话",)])
    assert told(brought("death", content)) == [(0, "died_on", "missing_column")]
    assert shapes.choose_sheet("death", {}, {}) == ["id_number", "died_on"]


def test_rows_that_a_connector_brings_are_read_like_those_of_a_sheet() -> None:
    rows: list[dict[str, object]] = [
        {"id_number": ONE, "died_on": "20261102"},
        {"id_number": 3.7e17},
        {},
    ]
    records, mistakes = reading.read_mappings("death", rows, date(2026, 11, 21))
    assert [(one.row, dict(one.values)) for one in records] == [(2, {"died_on": "2026-11-02"})]
    assert [(one.row, one.field, one.code) for one in mistakes] == [
        (3, "died_on", "missing"),
        (3, "id_number", "digits_lost"),
    ]


def test_a_list_that_is_too_long_is_refused_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_ROWS", 1)
    listed = brought("assistance", book(名单=[HEAD, row(ONE), row(TWO)]))
    assert (list(listed.records), told(listed)) == ([], [(3, "id_number", "too_many_rows")])
