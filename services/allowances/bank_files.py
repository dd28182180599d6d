"""A bank's file of results (pure): .xlsx or .csv, its headings in words, every mistake by its row."""

import csv
import io
import tomllib
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import openpyxl

_DATA = Path(__file__).parents[1] / "data" / "bank" / "results.toml"
WORDS: Mapping[str, Mapping[str, list[str]]] = tomllib.loads(_DATA.read_text(encoding="utf-8"))
NEEDED = ("reference", "amount", "result")
OTHER = "other"
_MOST_ROWS, _MOST_COLUMNS = 200_000, 40
_LARGEST = 200_000_000
"""Bytes that a workbook may unpack to."""
_DATES = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y.%m.%d")
_CENT = Decimal("0.01")
_HEAD = 20
"""Rows among which the headings stand: banks put a title above them."""


@dataclass(frozen=True, slots=True)
class Result:
    """What the bank says of one payment; `reason` is a code, None when it was paid."""

    row: int
    reference: str
    amount: Decimal
    is_paid: bool
    reason: str | None
    on: date | None


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong: row as in the file (0: the file itself), field, code; never the cell."""

    row: int
    field: str
    code: str


def read(body: bytes) -> tuple[list[Result], list[Mistake]]:
    """Return the results of a file, and what is wrong with it by row."""
    rows = _rows(body)
    if rows is None:
        return [], [Mistake(0, "file", "not_a_table")]
    found = _headings(rows)
    if found is None:
        return [], [Mistake(0, "file", "no_headings")]
    at, columns = found
    results: list[Result] = []
    mistakes: list[Mistake] = []
    seen: set[str] = set()
    for number, row in enumerate(rows[at + 1 :], at + 2):
        cells = {name: row[place] if place < len(row) else None for name, place in columns.items()}
        if all(_text(cell) == "" for cell in row) or _text(cells["reference"]) == "":
            continue
        one = _result(number, cells)
        wrong = [one] if isinstance(one, Mistake) else _again(one, seen)
        mistakes += wrong
        if isinstance(one, Result) and not wrong:
            results.append(one)
    if not results and not mistakes:
        mistakes = [Mistake(0, "file", "empty")]
    return results, mistakes


def _again(one: Result, seen: set[str]) -> list[Mistake]:
    if one.reference in seen:
        return [Mistake(one.row, "reference", "twice")]
    seen.add(one.reference)
    return []


def _rows(body: bytes) -> Sequence[Sequence[Any]] | None:
    if body[:2] == b"PK":
        return _sheet(body)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        try:
            return list(csv.reader(text.splitlines(), delimiter="\t" if "\t" in text[:2000] else ","))
        except csv.Error:
            return None
    return None


def _sheet(body: bytes) -> Sequence[Sequence[Any]] | None:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            if sum(part.file_size for part in packed.infolist()) > _LARGEST:
                return None
        book = openpyxl.load_workbook(io.BytesIO(body), read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(max_row=_MOST_ROWS, max_col=_MOST_COLUMNS, values_only=True)
        return [list(row) for row in rows]
    except Exception:  # noqa: BLE001 - a stranger's file breaks a library in as many ways as there are
        return None


def _headings(rows: Sequence[Sequence[Any]]) -> tuple[int, dict[str, int]] | None:
    for at, row in enumerate(rows[:_HEAD]):
        known = {_plain(cell): place for place, cell in reversed(list(enumerate(row))) if cell is not None}
        found = {
            name: next(known[_plain(word)] for word in words if _plain(word) in known)
            for name, words in WORDS["headings"].items()
            if any(_plain(word) in known for word in words)
        }
        if all(name in found for name in NEEDED):
            return at, found
    return None


def _result(number: int, cells: Mapping[str, Any]) -> Result | Mistake:
    amount, on = _amount(cells["amount"]), _day(cells.get("on"))
    if amount is None:
        return Mistake(number, "amount", "amount")
    if on is None and _text(cells.get("on")):
        return Mistake(number, "on", "date")
    said = _plain(cells["result"])
    for kind, words in WORDS["results"].items():
        if said in {_plain(word) for word in words}:
            reason = None if kind == "paid" else _reason(cells.get("reason"))
            return Result(number, _text(cells["reference"]).upper(), amount, kind == "paid", reason, on)
    return Mistake(number, "result", "unknown")


def _reason(cell: Any) -> str:  # noqa: ANN401 - a cell of any type
    said = _plain(cell)
    return next(_reasons(said), OTHER)


def _reasons(said: str) -> Iterator[str]:
    for code, words in WORDS["reasons"].items():
        if any(_plain(word) in said for word in words):
            yield code


def _amount(cell: Any) -> Decimal | None:  # noqa: ANN401 - a cell of any type
    """Read yuan; a spreadsheet's binary fraction is taken to the fen it stands for."""
    try:
        value = Decimal(str(cell).replace(",", "").strip()) if not isinstance(cell, bool) else Decimal("NaN")
    except InvalidOperation:
        return None
    if not value.is_finite() or value <= 0:
        return None
    rounded = value.quantize(_CENT)
    is_near = abs(rounded - value) < Decimal("0.000001")
    return rounded if is_near else None


def _day(cell: Any) -> date | None:  # noqa: ANN401 - a cell of any type
    if isinstance(cell, datetime):
        return cell.date()
    for pattern in _DATES:
        try:
            return datetime.strptime(_text(cell), pattern).date()  # noqa: DTZ007 - a day without a clock
        except ValueError:
            continue
    return None


def _text(cell: Any) -> str:  # noqa: ANN401 - a cell of any type
    return "" if cell is None else str(cell).strip()


def _plain(cell: Any) -> str:  # noqa: ANN401 - a cell of any type
    return "".join(_text(cell).lower().split())
