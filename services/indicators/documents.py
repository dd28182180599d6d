"""A report as a document: .docx with Chinese fonts named, .xlsx with the numbers as numbers."""

import io
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import docx
import xlsxwriter
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

from services.indicators import definitions
from services.indicators.definitions import Indicator

Name = Callable[[str, object], str]
"""Say a code of a table (`services`, `grades`, `tiers`) in the reader's language."""
SPLITS = {"services": "services", "grades": "grades", "tiers": "tiers"}
_FILE = Path(__file__).parents[1] / "data" / "report_words.toml"
_BODY, _HEADING = "SimSun", "SimHei"
_WIDTHS = (44, 12, 14, 14, 12, 90)


@dataclass(frozen=True, slots=True)
class Paper:
    """What a document says of itself, and its rows as `definitions.rows` makes them."""

    district: str
    period: str
    days: str
    before: str
    state: str
    digest: str
    made: str
    rows: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Line:
    """A row in words."""

    indicator: Indicator
    title: str
    unit: str
    now: str | None
    before: str | None
    change: str | None


@cache
def words(language: str) -> dict[str, Any]:
    """Return the document's words; English where there are none."""
    known = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    found: dict[str, Any] = known.get(language, known["en"])
    return found


def lines(rows: Iterable[Mapping[str, Any]], language: str, name: Name) -> Iterator[Line]:
    """Put rows into words; a row whose indicator is no longer defined is left out."""
    units = words(language)["units"]
    for row in rows:
        one = definitions.find(row["code"])
        if one is None:
            continue
        title = one.name if language == "zh_CN" else one.name_en
        if one.split and row["split"]:
            title = f"{title} · {name(SPLITS[one.split], row['split'])}"
        before = row["before"]["shown"]
        yield Line(one, title, units[one.unit], row["shown"], before, _change(row["shown"], before))


def _change(now: str | None, before: str | None) -> str | None:
    if now is None or before is None:
        return None
    change = Decimal(now) - Decimal(before)
    return f"{change:+}" if change else "0"


def _properties(document: Document, title: str, author: str) -> None:
    """Say whose the file is; the library's template names itself and a day of 2013."""
    said = document.core_properties
    said.title, said.author, said.comments = title, author, ""
    for name in ("dcterms:created", "dcterms:modified"):
        for element in said._element.findall(qn(name)):  # noqa: SLF001 - no public way to say nothing
            said._element.remove(element)  # noqa: SLF001 - as above


def word_file(paper: Paper, language: str, name: Name) -> bytes:
    """Return the report as .docx: head, a table for each group, what the figures mean."""
    said, document = words(language), docx.Document()
    _fonts(document)
    title = f"{paper.district} {said['title']}"
    _properties(document, title, paper.district)
    document.add_heading(title, 0)
    facts = (("period", f"{paper.period} ({paper.days})"), ("before", paper.before), ("status", paper.state))
    rest = (("digest", paper.digest), ("made", paper.made))
    for key, value in (*facts, *rest):
        if value:
            document.add_paragraph(f"{said[key]}: {value}")
    found = list(lines(paper.rows, language, name))
    for group, members in groupby(found, key=lambda one: one.indicator.group):
        document.add_heading(said["groups"][group], 1)
        heads = tuple(said[key] for key in ("indicator", "unit", "now", "before", "change"))
        none = said["no_figure"]
        body = [
            (one.title, one.unit, *(each or none for each in (one.now, one.before, one.change)))
            for one in members
        ]
        _table(document, heads, body, numbers_from=2)
    document.add_heading(said["definitions"], 1)
    meant = {one.indicator.code: one.indicator for one in found}.values()
    texts = [(one.name, one.text) if language == "zh_CN" else (one.name_en, one.text_en) for one in meant]
    _table(document, (said["indicator"], said["definition"]), texts, numbers_from=9)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _fonts(document: Document) -> None:
    """Name the fonts for Chinese and for Latin letters: Word asks for both."""
    for style, font, size in (("Normal", _BODY, 10.5), ("Title", _HEADING, 20), ("Heading 1", _HEADING, 14)):
        found = document.styles[style]
        found.font.name, found.font.size = font, Pt(size)
        fonts = found.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in ("w:eastAsia", "w:ascii", "w:hAnsi"):
            fonts.set(qn(attribute), font)
        for theme in ("w:asciiTheme", "w:eastAsiaTheme", "w:hAnsiTheme"):
            fonts.attrib.pop(qn(theme), None)


def _table(
    document: Document, heads: Sequence[str], body: Iterable[Sequence[str]], *, numbers_from: int
) -> None:
    table = document.add_table(rows=1, cols=len(heads), style="Light Grid Accent 1")
    for cell, text in zip(table.rows[0].cells, heads, strict=True):
        cell.text = text
    for row in body:
        for nth, (cell, text) in enumerate(zip(table.add_row().cells, row, strict=True)):
            cell.text = text
            if nth >= numbers_from:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT


def workbook(paper: Paper, language: str, name: Name) -> bytes:
    """Return the report as .xlsx: one sheet of figures, one that says what it is."""
    said, file = words(language), io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        sheet = book.add_worksheet(said["figures"])
        sheet.freeze_panes(1, 1)
        heads = ("indicator", "unit", "now", "before", "change", "definition")
        for nth, (key, width) in enumerate(zip(heads, _WIDTHS, strict=True)):
            sheet.set_column(nth, nth, width)
            sheet.write_string(0, nth, said[key], bold)
        for number, one in enumerate(lines(paper.rows, language, name), 1):
            text = one.indicator.text if language == "zh_CN" else one.indicator.text_en
            sheet.write_string(number, 0, one.title)
            sheet.write_string(number, 1, one.unit)
            for nth, value in enumerate((one.now, one.before, one.change), 2):
                if value is not None:
                    sheet.write_number(number, nth, float(value))
            sheet.write_string(number, 5, text)
        about = book.add_worksheet(said["about"])
        about.set_column(0, 1, 40)
        for nth, key in enumerate(("period", "before", "status", "digest", "made")):
            value = {"status": paper.state}.get(key) or str(getattr(paper, key, ""))
            about.write_string(nth, 0, said[key], bold)
            about.write_string(nth, 1, f"{paper.district} {value}" if key == "period" else value)
    return file.getvalue()
