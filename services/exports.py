"""The month as a workbook: summary, every claim with its explanation in words, and how it was made."""

import hashlib
import io
import json
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from core import audit
from core.accounts import Person
from core.clock import local
from core.db import Conn, Row
from services import claims, statements

Explain = Callable[[Sequence[Mapping[str, Any]]], str]
"""Say the lines of an explanation in the reader's language."""
Name = Callable[[str, object], str]
"""Say a code of a table (`services`, `grades`, `units`, `flags`, `statement_states`, `roles`)."""

_FILE = Path(__file__).parent / "data" / "export_words.toml"
_PAGE = 1000
_MONEY = ("unit_price", "amount", "subsidy", "copay")
CLAIM_COLUMNS = (
    ("day", 12),
    ("elder", 16),
    ("service", 10),
    ("provider", 30),
    ("units", 8),
    ("unit", 8),
    ("unit_price", 12),
    ("amount", 12),
    ("subsidy", 12),
    ("copay", 12),
    ("grade", 12),
    ("scheme", 28),
    ("explanation", 80),
    ("flags", 24),
    ("claim", 38),
    ("visit", 38),
)
STATEMENT_COLUMNS = (
    ("provider", 34),
    ("state", 16),
    ("count", 10),
    ("flagged", 10),
    *((name, 16) for name in ("amount", "subsidy", "copay")),
)


@dataclass(frozen=True, slots=True)
class Reader:
    """In which words the workbook speaks."""

    language: str
    explain: Explain
    name: Name

    def heading(self, key: str) -> str:
        """Return a heading."""
        return _headings()[self.language if self.language in _headings() else "en"][key]


@dataclass(frozen=True, slots=True)
class Sheets:
    """The workbook under way."""

    book: xlsxwriter.Workbook
    reader: Reader
    bold: Format
    money: Format
    day: Format
    wrap: Format


@cache
def _headings() -> dict[str, dict[str, str]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


async def month_xlsx(
    conn: Conn, month: date, by: Person, now: datetime, language: str, render: Explain, name: Name
) -> bytes:
    """Return the district's month as an .xlsx file, and put the export on the audit log."""
    lines = await _all_claims(conn, month)
    found = await _all_statements(conn, month)
    digest = sha256(lines)
    await audit.record(
        conn,
        district=by.district_id,
        at=now,
        account=by.account_id,
        action="export",
        subject_kind="month",
        subject=None,
        detail={"month": f"{month:%Y-%m}", "rows": len(lines), "sha256": digest},
    )
    file = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheets = _open(book, Reader(language, render, name))
        _summary(sheets, month, found, lines)
        _claims(sheets, lines)
        _made(sheets, month, by, now, (len(lines), digest))
    return file.getvalue()


def sha256(lines: Iterable[Row]) -> str:
    """Return the hash over the lines that the workbook's last sheet names, so that anybody can check it."""
    found = hashlib.sha256()
    for line in lines:
        figures = [str(line[key]) for key in ("id", "visit_id", "service_on", "amount", "subsidy", "copay")]
        found.update(json.dumps(figures).encode() + b"\n")
    return found.hexdigest()


async def _all_claims(conn: Conn, month: date) -> list[Row]:
    found: list[Row] = []
    after: UUID | None = None
    while True:
        page = await claims.list_(conn, month=month, after=after, limit=_PAGE)
        found += page
        if len(page) < _PAGE:
            return found
        after = page[-1]["id"]


async def _all_statements(conn: Conn, month: date) -> list[Row]:
    found: list[Row] = []
    after: UUID | None = None
    while True:
        page = await statements.list_(conn, month, after=after, limit=_PAGE)
        found += page
        if len(page) < _PAGE:
            return found
        after = page[-1]["id"]


def _open(book: xlsxwriter.Workbook, reader: Reader) -> Sheets:
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    money = book.add_format({"num_format": "#,##0.00", "valign": "top"})
    day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})
    return Sheets(book, reader, bold, money, day, book.add_format({"text_wrap": True, "valign": "top"}))


def _sheet(sheets: Sheets, name: str, columns: Iterable[tuple[str, int]]) -> Worksheet:
    sheet = sheets.book.add_worksheet(sheets.reader.heading(name))
    for place, (_, width) in enumerate(columns):
        sheet.set_column(place, place, width)
    return sheet


def _head(sheets: Sheets, sheet: Worksheet, row: int, columns: Iterable[str]) -> None:
    for place, name in enumerate(columns):
        sheet.write_string(row, place, sheets.reader.heading(name), sheets.bold)


def _row(sheets: Sheets, sheet: Worksheet, row: int, values: Iterable[object]) -> None:
    for place, value in enumerate(values):
        if isinstance(value, Decimal):
            sheet.write_number(row, place, float(value), sheets.money)
        elif isinstance(value, int):
            sheet.write_number(row, place, value)
        elif isinstance(value, date):
            sheet.write_datetime(row, place, datetime(value.year, value.month, value.day), sheets.day)  # noqa: DTZ001 - a cell's date has no zone
        else:
            sheet.write_string(row, place, str(value or ""), sheets.wrap)


def _summary(sheets: Sheets, month: date, found: Sequence[Row], lines: Sequence[Row]) -> None:
    sheet = _sheet(sheets, "summary", STATEMENT_COLUMNS)
    sheet.write_string(0, 0, sheets.reader.heading("title") % {"month": f"{month:%Y-%m}"}, sheets.bold)
    _head(sheets, sheet, 2, [name for name, _ in STATEMENT_COLUMNS])
    state = sheets.reader.name
    row = 3
    for one in found:
        head = (one["provider"], state("statement_states", one["state"]), one["claims"], one["flagged"])
        _row(sheets, sheet, row, (*head, one["total"], one["subsidy"], one["copay"]))
        row += 1
    sums = [sum((one[key] for one in found), Decimal("0.00")) for key in ("total", "subsidy", "copay")]
    counts = [sum(one[key] for one in found) for key in ("claims", "flagged")]
    _row(sheets, sheet, row, (sheets.reader.heading("total"), "", *counts, *sums))
    _by_service(sheets, sheet, row + 2, lines)


def _by_service(sheets: Sheets, sheet: Worksheet, row: int, lines: Sequence[Row]) -> None:
    groups: dict[str, list[Row]] = defaultdict(list)
    for line in lines:
        groups[line["service"]].append(line)
    sheet.write_string(row, 0, sheets.reader.heading("by_service"), sheets.bold)
    _head(sheets, sheet, row + 1, ("service", "persons", "count", "flagged", "amount", "subsidy", "copay"))
    for place, (service, group) in enumerate(sorted(groups.items()), row + 2):
        persons = len({line["elder_id"] for line in group})
        flagged = sum(bool(line["flags"]) for line in group)
        sums = [sum((line[key] for line in group), Decimal("0.00")) for key in ("amount", "subsidy", "copay")]
        name = sheets.reader.name("services", service)
        _row(sheets, sheet, place, (name, persons, len(group), flagged, *sums))


def _claims(sheets: Sheets, lines: Iterable[Row]) -> None:
    sheet = _sheet(sheets, "claims", CLAIM_COLUMNS)
    sheet.freeze_panes(1, 2)
    _head(sheets, sheet, 0, [name for name, _ in CLAIM_COLUMNS])
    for row, line in enumerate(lines, 1):
        _row(sheets, sheet, row, _cells(sheets.reader, line))


def _cells(reader: Reader, line: Row) -> tuple[object, ...]:
    return (
        line["service_on"],
        line["elder_name"],
        reader.name("services", line["service"]),
        line["provider"],
        line["units"],
        reader.name("units", line["unit"]),
        *(line[key] for key in _MONEY),
        reader.name("grades", line["grade"]) if line["grade"] else "",
        line["scheme_name"],
        reader.explain(line["explanation"]),
        "; ".join(reader.name("flags", flag) for flag in line["flags"]),
        line["id"],
        line["visit_id"],
    )


def _made(sheets: Sheets, month: date, by: Person, now: datetime, data: tuple[int, str]) -> None:
    sheet = _sheet(sheets, "made", (("key", 26), ("value", 90)))
    words, name = sheets.reader.heading, sheets.reader.name
    facts = (
        ("district", f"{by.district_name} {by.district_code}"),
        ("month", f"{month:%Y-%m}"),
        ("filter", words("filter_words")),
        ("by", by.name),
        ("role", name("roles", by.role)),
        ("at", local(now).isoformat(timespec="seconds")),
        ("rows", data[0]),
        ("digest", data[1]),
    )
    for row, (key, value) in enumerate(facts):
        sheet.write_string(row, 0, words(key), sheets.bold)
        _row_value(sheets, sheet, row, value)
    sheet.write_string(len(facts), 1, words("digest_words"), sheets.wrap)


def _row_value(sheets: Sheets, sheet: Worksheet, row: int, value: object) -> None:
    if isinstance(value, int):
        sheet.write_number(row, 1, value, sheets.wrap)
    else:
        sheet.write_string(row, 1, str(value), sheets.wrap)
