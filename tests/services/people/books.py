"""Workbooks and lists as offices send them."""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook

from services.registers import imports
from services.registers.imports import Brought
from tests.makers import NOW

AS_OF = date(2026, 11, 1)


def book(**sheets: Sequence[Sequence[Any]]) -> bytes:
    """Return an .xlsx of sheets by their names."""
    made = Workbook()
    assert made.active is not None
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    output = io.BytesIO()
    made.save(output)
    return output.getvalue()


def text(*rows: Sequence[str], apart: str = ",") -> str:
    """Return the lines of a .csv."""
    return "\r\n".join(apart.join(row) for row in rows)


def brought(register: str, content: bytes, **given: Any) -> Brought:
    """Read a file as it came."""
    known: dict[str, Any] = {"mapping": {}, "as_of": AS_OF, "is_complete": False, "now": NOW}
    return imports.read_file(register, "list.xlsx", content, **{**known, **given})


def told(found: Brought) -> list[tuple[int, str, str]]:
    """Return every mistake as (row, field, code)."""
    return [(one.row, one.field, one.code) for one in found.mistakes]
