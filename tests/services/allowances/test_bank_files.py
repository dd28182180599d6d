"""A bank's file of results: forms it comes in, and every damage by its row."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.allowances import bank_files
from services.allowances.bank_files import Mistake, Result

HEAD = ["参考号", "户名", "金额", "处理结果", "失败原因", "交易日期"]
PAID = ["A00001-00001", "王", "220.00", "成功", "", "2026-11-20"]
BACK = ["a00001-00002", "李", "1,165.00", "退回", "该账户已销户", "20261120"]
DAY = date(2026, 11, 20)


def csv_of(*rows: list[str], encoding: str = "utf-8-sig") -> bytes:
    return "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows).encode(encoding)


def xlsx_of(*rows: list[Any]) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


WANTED = [
    Result(2, "A00001-00001", Decimal("220.00"), is_paid=True, reason=None, on=DAY),
    Result(3, "A00001-00002", Decimal("1165.00"), is_paid=False, reason="account_closed", on=DAY),
]


@pytest.mark.parametrize(
    "body",
    [
        csv_of(HEAD, PAID, BACK),
        csv_of(HEAD, PAID, BACK, encoding="gb18030"),
        xlsx_of(HEAD, PAID, BACK),
        xlsx_of(HEAD, ["A00001-00001", "", 220.0, "成功", None, DAY], BACK),
        b"\t".join(cell.encode() for cell in HEAD)
        + b"\n"
        + "A00001-00001\t王\t220\t成功\t\t2026/11/20\n".encode()
        + "A00001-00002\t李\t1165\t失败\t账户已注销\t2026.11.20".encode(),
    ],
)
def test_the_same_results_are_read_from_every_form(body: bytes) -> None:
    assert bank_files.read(body) == (WANTED, [])


def test_a_title_above_the_headings_and_a_sum_below_the_rows_are_passed_over() -> None:
    body = xlsx_of(["发放结果"], [], HEAD, PAID, [None, "合计", 220, None])
    results, wrong = bank_files.read(body)
    assert ([one.row for one in results], wrong) == ([4], [])


@pytest.mark.parametrize(
    ("cell", "text", "field", "code"),
    [
        (2, "", "amount", "amount"),
        (2, "-5", "amount", "amount"),
        (2, "0", "amount", "amount"),
        (2, "1.005", "amount", "amount"),
        (2, "NaN", "amount", "amount"),
        (2, "two", "amount", "amount"),
        (3, "处理中", "result", "unknown"),
        (5, "2026-02-30", "on", "date"),
        (5, "46000", "on", "date"),
    ],
)
def test_a_wrong_cell_is_named_by_row_and_field(cell: int, text: str, field: str, code: str) -> None:
    row = [*PAID[:cell], text, *PAID[cell + 1 :]]
    results, wrong = bank_files.read(csv_of(HEAD, row, BACK))
    assert wrong == [Mistake(2, field, code)]
    assert [one.row for one in results] == [3]


def test_a_reference_that_stands_twice_is_a_mistake() -> None:
    assert bank_files.read(csv_of(HEAD, PAID, PAID))[1] == [Mistake(3, "reference", "twice")]


def test_an_unknown_reason_is_another_one_and_true_is_no_amount() -> None:
    [one], _ = bank_files.read(csv_of(HEAD, [*BACK[:4], "天知道", ""]))
    assert (one.reason, one.on) == ("other", None)
    assert bank_files.read(xlsx_of(HEAD, ["A1", "", True, "成功", "", DAY]))[1] == [
        Mistake(2, "amount", "amount")
    ]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"PK\x03\x04 no workbook", "not_a_table"),
        (b"\xff\xfe\xff\xff", "not_a_table"),
        (b'"' + b"x" * 200_000, "not_a_table"),
        (csv_of(["a", "b"], ["1", "2"]), "no_headings"),
        (b"", "no_headings"),
        (csv_of(HEAD), "empty"),
        (csv_of(HEAD, ["", "", "", "", "", ""]), "empty"),
    ],
)
def test_what_is_no_file_of_results_is_said_of_the_file(body: bytes, code: str) -> None:
    assert bank_files.read(body) == ([], [Mistake(0, "file", code)])


def test_a_row_that_is_too_short_lacks_its_cells() -> None:
    assert bank_files.read(csv_of(HEAD, PAID[:3]))[1] == [Mistake(2, "result", "unknown")]


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(body: bytes) -> None:
    results, wrong = bank_files.read(body)
    assert results or wrong


def test_a_workbook_that_unpacks_to_more_than_a_bank_ever_sent_is_not_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    book = xlsx_of(HEAD, PAID)
    assert bank_files.read(book)[0] == [WANTED[0]]
    monkeypatch.setattr(bank_files, "_LARGEST", 100)
    assert bank_files.read(book)[0] == []
