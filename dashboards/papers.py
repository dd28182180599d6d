"""Papers to hand out: A4 pages as PDF, the typeface embedded with the letters that are used and no others.

The one door to fpdf2. The typeface is Noto Sans SC (SIL Open Font License 1.1), copied beside the pages'
scripts by `make setup`; the paper says its language, so that readers aloud pronounce it.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import FontFace

from core.errors import Failure

FONT = Path(__file__).parent / "static" / "vendor" / "NotoSansSC-Regular.otf"
MEDIA_TYPE = "application/pdf"
_MARGIN, _LINE = 16.0, 6.0
_NAME = "sans"
_INK, _MUTED, _SHADE = (23, 33, 43), (74, 87, 99), (243, 245, 247)
_BOX = (600.0, 200.0)
"""The field of a drawn signature, as the pad counts."""


class Paper(FPDF):
    """A page in our manner: a heading, facts, tables, a foot with the number of the page."""

    def __init__(self, language: str, title: str, foot: str) -> None:
        super().__init__(format="A4")
        self._foot = foot
        self.set_lang(language)
        self.set_title(title)
        self.set_margin(_MARGIN)
        self.set_auto_page_break(auto=True, margin=_MARGIN + 4)
        self.add_font(_NAME, fname=font())
        self.set_font(_NAME, size=10)
        self.alias_nb_pages()
        self.add_page()

    def footer(self) -> None:
        """Write the foot of a page."""
        self.set_y(-_MARGIN)
        self._ink(_MUTED, 8)
        half = self.epw * 0.8
        self.cell(half, 5, self._foot)
        self.cell(self.epw - half, 5, f"{self.page_no()} / {{nb}}", align="R")

    def heading(self, text: str, under: str = "") -> None:
        """Write the paper's title and what stands under it."""
        self._ink(_INK, 18)
        self._line(text, 10)
        if under:
            self._ink(_MUTED, 10)
            self._line(under)
        self.ln(2)

    def section(self, text: str) -> None:
        """Begin a section."""
        self.ln(2)
        self._ink(_INK, 12)
        self._line(text, 8)
        self._ink(_INK, 10)

    def text_line(self, text: str) -> None:
        """Write a line, broken where it must be."""
        self._ink(_INK, 10)
        self.multi_cell(0, _LINE, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def facts(self, facts: Iterable[tuple[str, str]]) -> None:
        """Write names and values in two columns."""
        self.rows((), facts, (26, 74))

    def rows(self, heads: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int]) -> None:
        """Write a table; `widths` share the width of the page. Heads come again on each page."""
        self._ink(_INK, 9)
        style = FontFace(fill_color=_SHADE, emphasis="")
        borders = "HORIZONTAL_LINES"
        with self.table(
            col_widths=tuple(widths),
            line_height=5.2,
            text_align="LEFT",
            headings_style=style,
            first_row_as_headings=bool(heads),
            borders_layout=borders,
            padding=0.8,
        ) as table:
            for row in [heads, *rows] if heads else rows:
                table.row(list(row))

    def drawing(self, strokes: str, width: float = 48) -> None:
        """Draw a signature: `M1 2 L3 4 …` in a field of 600 by 200."""
        scale = width / _BOX[0]
        left, top = self.get_x(), self.get_y()
        self.set_line_width(0.4)
        for stroke in polylines(strokes):
            points = [(left + x * scale, top + y * scale) for x, y in stroke]
            self.polyline(points)
        self.set_line_width(0.2)
        self.set_xy(self.l_margin, top + _BOX[1] * scale + 1)

    def done(self) -> bytes:
        """Return the file."""
        return bytes(self.output())

    def _ink(self, colour: tuple[int, int, int], size: float) -> None:
        self.set_text_color(*colour)
        self.set_font(_NAME, size=size)

    def _line(self, text: str, height: float = _LINE) -> None:
        self.multi_cell(0, height, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


@cache
def font() -> Path:
    """Return where the typeface lies; raise Failure when set-up has not brought it."""
    if not FONT.exists():
        raise Failure(f"{FONT.name} is missing: run `make setup` again")
    return FONT


def polylines(strokes: str) -> list[list[tuple[float, float]]]:
    """Read the strokes of a signature into lines of points; a touch without a way is a short line."""
    found: list[list[tuple[float, float]]] = []
    words = strokes.split()
    for first, second in zip(words[::2], words[1::2], strict=False):
        point = (float(first[1:]), float(second))
        if first.startswith("M") or not found:
            found.append([point])
        else:
            found[-1].append(point)
    return [line if len(line) > 1 else [*line, (line[0][0] + 1, line[0][1])] for line in found]
