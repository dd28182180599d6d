"""A file's cells by sheet: .xlsx, and .csv in UTF-8 with or without mark, GB 18030 or UTF-16; pure."""

import csv
import io
from collections.abc import Sequence
from itertools import islice
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook

from services.registers.reading import MOST_ROWS

Cells = Sequence[Sequence[object]]
LARGEST = 40 * 1024 * 1024
_LARGEST_UNPACKED = 400 * 1024 * 1024
_MOST_COLUMNS = 60
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PACKED = b"PK\x03\x04"
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_APART = (",", "\t", ";", "\N{FULLWIDTH COMMA}", "|")


class FileMistakeError(ValueError):
    """A file that is no sheet; its text is the code."""


def sheets(content: bytes) -> dict[str, Cells]:
    """Return the rows of each sheet by its name; what a file is follows from its bytes, not from its name.

    Raises FileMistakeError: `empty_file`, `too_large`, `old_excel` (.xls or a protected file, however named),
    `not_a_sheet`, `encoding`.
    """
    if not content.strip():
        raise FileMistakeError("empty_file")
    if len(content) > LARGEST:
        raise FileMistakeError("too_large")
    if content.startswith(_OLD_EXCEL):
        raise FileMistakeError("old_excel")
    if content.startswith(_PACKED):
        return _workbook(content)
    return {"csv": _csv(_decoded(content))}


def _workbook(content: bytes) -> dict[str, Cells]:
    try:
        with ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
    except BadZipFile as error:
        raise FileMistakeError("not_a_sheet") from error
    if unpacked > _LARGEST_UNPACKED:
        raise FileMistakeError("too_large")
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        limits = {"max_row": MOST_ROWS + 20, "max_col": _MOST_COLUMNS, "values_only": True}
        return {sheet.title: list(sheet.iter_rows(**limits)) for sheet in book.worksheets}
    except Exception as error:  # a stranger's file breaks a library in as many ways as there are
        raise FileMistakeError("not_a_sheet") from error


def _decoded(content: bytes) -> str:
    names = [name for mark, name in _MARKS if content.startswith(mark)] or ["utf-8", "gb18030"]
    for name in names:
        try:
            found = content.decode(name)
        except UnicodeDecodeError:
            continue
        if "\0" in found or found.lstrip().lower().startswith(("<", "%pdf")):
            raise FileMistakeError("not_a_sheet")
        return found
    raise FileMistakeError("encoding")


def _csv(found: str) -> Cells:
    head = next((line for line in found.splitlines() if line.strip()), "")
    apart = max(_APART, key=head.count)
    if apart not in head:
        raise FileMistakeError("not_a_sheet")
    lines = csv.reader(io.StringIO(found, newline=""), delimiter=apart)
    try:
        return [row[:_MOST_COLUMNS] for row in islice(lines, MOST_ROWS + 20)]
    except csv.Error as error:
        raise FileMistakeError("not_a_sheet") from error
