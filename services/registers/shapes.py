"""The registers' columns as data: their headings, their words, and which sheet of a file is meant; pure."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

REGISTERS = ("household", "death", "assistance", "disability", "benefits")
_FILE = Path(__file__).parents[1] / "data" / "registers" / "registers.toml"
_SIGNS = re.compile(r"[\s\W_]+")
_HEAD_ROWS = 10
"""A title, a unit, a date may stand above the headings: the first rows are looked at."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a register; `kind` is text, county, code, first, last or past (days)."""

    name: str
    kind: str
    is_needed: bool
    heads: tuple[str, ...]
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """Where a sheet's headings stand: the row (from 0), and the column's place by name."""

    row: int
    places: Mapping[str, int]


@cache
def columns(register: str) -> tuple[Column, ...]:
    """Return a register's columns in their order."""
    body = tomllib.loads(_FILE.read_text(encoding="utf-8"))[register]["columns"]
    return tuple(
        Column(
            name,
            one.get("kind", "text"),
            not one.get("optional", False),
            tuple(squeezed(head) for head in one["heads"]),
            {squeezed(word): code for code, words in one.get("words", {}).items() for word in words},
        )
        for name, one in body.items()
    )


@cache
def endless() -> frozenset[str]:
    """Return what offices write for an end that is none."""
    body = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return frozenset(body["words"]["none"]["list"])


def squeezed(head: str) -> str:
    """Return a heading or word without spaces, signs, full-width letters and case."""
    return _SIGNS.sub("", unicodedata.normalize("NFKC", head)).lower()


def find_heads(
    register: str, rows: Sequence[Sequence[object]], mapping: Mapping[str, str]
) -> tuple[Found | None, list[str]]:
    """Find the row of headings; return it, and the names of the columns that are missing where it is likest.

    `mapping` is {column: heading} as the district keeps it; it goes before the headings that we know.
    """
    best: tuple[int, Found, list[str]] | None = None
    for nth, row in enumerate(rows[:_HEAD_ROWS]):
        heads = [squeezed(str(cell)) if cell is not None else "" for cell in row]
        places = _places(register, heads, mapping)
        absent = [one.name for one in columns(register) if one.is_needed and one.name not in places]
        if best is None or len(places) > best[0]:
            best = (len(places), Found(nth, places), absent)
    if best is None or best[0] == 0:
        return None, [one.name for one in columns(register) if one.is_needed]
    return (None if best[2] else best[1]), best[2]


def _places(register: str, heads: Sequence[str], mapping: Mapping[str, str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for one in columns(register):
        kept = mapping.get(one.name)
        wanted = (squeezed(kept),) if kept else one.heads
        nth = next((heads.index(head) for head in wanted if head and head in heads), None)
        if nth is not None:
            places[one.name] = nth
    return places


def choose_sheet(
    register: str, sheets: Mapping[str, Sequence[Sequence[object]]], mapping: Mapping[str, str]
) -> tuple[str, Found] | list[str]:
    """Return the first sheet with the register's columns; else the columns that the likest one lacks."""
    lacks: list[str] | None = None
    for name, rows in sheets.items():
        found, absent = find_heads(register, rows, mapping)
        if found is not None:
            return name, found
        lacks = absent if lacks is None or len(absent) < len(lacks) else lacks
    return lacks if lacks is not None else [one.name for one in columns(register) if one.is_needed]
