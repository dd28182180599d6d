"""A list as a file: .xlsx or .csv, the columns in words, with a second sheet that says what it is."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import xlsxwriter
from fastapi.responses import Response

from core.clock import ZONE, local

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
Cell = str | int | float | datetime | None
_WIDE = (
    "\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", *_WIDE)
_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def download(body: bytes, name: str, kind: str) -> Response:
    """Answer with a file that no cache keeps."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"', "Cache-Control": "no-store"}
    return Response(body, media_type=XLSX if kind == "xlsx" else CSV, headers=headers)


def workbook(
    title: str,
    columns: Sequence[tuple[str, int]],
    rows: Iterable[Sequence[Cell]],
    about: tuple[str, Iterable[tuple[str, str]]],
    zone: ZoneInfo = ZONE,
) -> bytes:
    """Write {(heading, width)} and rows as .xlsx; `about` is the second sheet's title and its lines."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"})
        sheet = book.add_worksheet(title[:31])
        sheet.freeze_panes(1, 1)
        for nth, (heading, width) in enumerate(columns):
            sheet.set_column(nth, nth, width)
            sheet.write_string(0, nth, heading, bold)
        count = 0
        for count, row in enumerate(rows, 1):
            for nth, cell in enumerate(row):
                if isinstance(cell, datetime):
                    sheet.write_datetime(count, nth, local(cell, zone).replace(tzinfo=None), moment)
                elif isinstance(cell, int | float):
                    sheet.write_number(count, nth, cell)
                elif cell is not None:
                    sheet.write_string(count, nth, cell)
        sheet.autofilter(0, 0, count, len(columns) - 1)
        name, lines = about
        is_same = name[:31].casefold() == title[:31].casefold()  # no book holds two sheets of one name
        _about(book, f"{name[:29]} 2" if is_same else name, lines)
    return file.getvalue()


def _about(book: xlsxwriter.Workbook, title: str, lines: Iterable[tuple[str, str]]) -> None:
    sheet = book.add_worksheet(title[:31])
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 80)
    for nth, (name, value) in enumerate(lines):
        sheet.write_string(nth, 0, name)
        sheet.write_string(nth, 1, value)


def table(columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[Cell]], zone: ZoneInfo = ZONE) -> bytes:
    """Write the same as .csv that spreadsheets open rightly: UTF-8 with its mark, no formulas."""
    file = io.StringIO()
    write = csv.writer(file).writerow
    write([heading for heading, _ in columns])
    for row in rows:
        write([_plain(cell, zone) for cell in row])
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def _plain(cell: Cell, zone: ZoneInfo) -> str | int | float:
    if isinstance(cell, datetime):
        return local(cell, zone).isoformat(" ", "seconds")
    if isinstance(cell, str) and cell.startswith(_FORMULA):
        return f"'{cell}"
    return "" if cell is None else cell
