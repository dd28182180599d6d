"""Lists of people, shifts, papers, wishes, coverage, row by row: what they say, what is wrong where; pure."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

MOST_ROWS = 2_000
_LONGEST = 100
_APART = re.compile(r"[,;/\s\u3001\uff0c\uff1b]+")
Words = Mapping[str, Mapping[str, str]]
"""What people write, in lower case, and its code, by table."""
YES = {"yes", "y", "1", "true"}
NO = {"", "no", "n", "0", "false"}


@dataclass(frozen=True, slots=True)
class Wrong:
    """One mistake: the row as the sheet numbers it, the column, and a code for the words."""

    row: int
    field: str
    code: str


@dataclass(frozen=True, slots=True)
class Record:
    """What a row says."""

    row: int
    values: dict[str, Any]


class _MistakeError(ValueError):
    """A cell that says nothing that can be used; its text is the code."""


Reader = Callable[[str, Words], Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, how its cells are read, whether a row must have one."""

    name: str
    read: Reader
    is_needed: bool = True


def _text(text: str, _words: Words) -> str:
    if len(text) > _LONGEST or "\0" in text:
        raise _MistakeError("too_long")
    return text


def _one(table: str, *more: str) -> Reader:
    def read(text: str, words: Words) -> str:
        for name in (table, *more):
            known = words.get(name, {})
            found = known.get(text.lower()) or (text if text in known.values() else None)
            if found:
                return found
        raise _MistakeError("unknown")

    return read


def _many(table: str) -> Reader:
    one = _one(table)

    def read(text: str, words: Words) -> list[str]:
        return [one(part, words) for part in _APART.split(text) if part]

    return read


def _number(low: float, high: float, *, is_whole: bool = False) -> Reader:
    def read(text: str, _words: Words) -> float:
        try:
            value = int(text) if is_whole else float(text)
        except ValueError as error:
            raise _MistakeError("not_a_number") from error
        if not low <= value <= high:
            raise _MistakeError("range")
        return value

    return read


def _day(text: str, _words: Words) -> date:
    try:
        found = date.fromisoformat(text.replace("/", "-").replace(".", "-")[:10])
    except ValueError as error:
        raise _MistakeError("date") from error
    if not 1900 < found.year < 2200:  # noqa: PLR2004 - what a calendar of ours can hold
        raise _MistakeError("date")
    return found


def _clock(text: str, _words: Words) -> str:
    try:
        hours, minutes = (int(part) for part in text.replace("\uff1a", ":").split(":")[:2])
        return f"{time(hours, minutes):%H:%M}"
    except ValueError as error:
        raise _MistakeError("clock") from error


def _yes(text: str, words: Words) -> bool:
    answer = words.get("yes_no", {}).get(text.lower(), text.lower())
    if answer not in YES | NO:
        raise _MistakeError("yes_or_no")
    return answer in YES


_WHO = Column("staff_number", _text)
_BREAK = (
    Column("break_from", _clock, is_needed=False),
    Column("break_to", _clock, is_needed=False),
    Column("break_minutes", _number(0, 600, is_whole=True), is_needed=False),
)
_COUNT = _number(1, 1_000_000, is_whole=True)
COLUMNS: dict[str, tuple[Column, ...]] = {
    "caregivers": (
        _WHO,
        Column("name", _text),
        Column("gender", _one("genders")),
        Column("phone", _text, is_needed=False),
        Column("skills", _many("skills")),
        Column("languages", _many("languages"), is_needed=False),
        Column("vehicle", _one("vehicles"), is_needed=False),
        Column("lat", _number(-90, 90)),
        Column("lon", _number(-180, 180)),
    ),
    "shifts": (_WHO, Column("on", _day), Column("starts", _clock), Column("ends", _clock), *_BREAK),
    "certificates": (
        _WHO,
        Column("skill", _one("skills")),
        Column("certificate", _text),
        Column("valid_from", _day),
        Column("valid_to", _day),
    ),
    "wishes": (
        Column("id_number", _text),
        Column("kind", _one("wish_kinds")),
        Column("staff_number", _text, is_needed=False),
        Column("value", _one("genders", "languages"), is_needed=False),
        Column("is_hard", _yes, is_needed=False),
    ),
    "coverage": (
        Column("service", _one("services"), is_needed=False),
        Column("region_code", _text),
        Column("response_minutes", _COUNT, is_needed=False),
        Column("capacity", _COUNT, is_needed=False),
        Column("valid_from", _day),
        Column("valid_to", _day, is_needed=False),
    ),
}
_KEYS = {
    "caregivers": ("staff_number",),
    "shifts": ("staff_number", "on", "starts"),
    "certificates": ("staff_number", "skill", "valid_from"),
    "wishes": ("id_number", "kind", "staff_number", "value"),
    "coverage": ("service", "region_code", "valid_from"),
}
"""What must not stand in a list twice."""


def read(
    kind: str, head: Sequence[Any], rows: Iterable[Sequence[Any]], words: Words
) -> tuple[list[Record], list[Wrong]]:
    """Read a sheet whose first row names its columns; rows are numbered as the sheet does."""
    columns, names = COLUMNS[kind], words.get("sheet_columns", {})
    heads = [names.get(cell_text(cell).lower(), cell_text(cell).lower()) for cell in head]
    missing = [
        Wrong(1, one.name, "missing_column") for one in columns if one.is_needed and one.name not in heads
    ]
    if missing:
        return [], missing
    records: list[Record] = []
    wrong: list[Wrong] = []
    seen: set[tuple[Any, ...]] = set()
    for nth, cells in enumerate(rows, start=2):
        texts = {name: cell_text(cell) for name, cell in zip(heads, cells, strict=False)}
        if not any(texts.values()):
            continue
        if nth > MOST_ROWS + 1:
            return [], [*wrong, Wrong(nth, columns[0].name, "too_many_rows")]
        values, found = _values(nth, columns, texts, words)
        key = tuple(str(values.get(name)) for name in _KEYS[kind])
        if not found and key in seen:
            found = [Wrong(nth, _KEYS[kind][0], "twice")]
        wrong += found
        seen.add(key)
        records += [] if found else [Record(nth, values)]
    if not records and not wrong:
        wrong.append(Wrong(2, columns[0].name, "empty_list"))
    return records, wrong


def _values(
    nth: int, columns: Sequence[Column], texts: Mapping[str, str], words: Words
) -> tuple[dict[str, Any], list[Wrong]]:
    values: dict[str, Any] = {}
    wrong: list[Wrong] = []
    for one in columns:
        text = texts.get(one.name, "")
        if not text:
            wrong += [Wrong(nth, one.name, "missing")] if one.is_needed else []
            continue
        try:
            values[one.name] = one.read(text, words)
        except _MistakeError as mistake:
            wrong.append(Wrong(nth, one.name, str(mistake)))
    return values, wrong


def cell_text(cell: object) -> str:
    """Write a cell as text: spreadsheets make numbers of staff numbers, and times of times."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d}"
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    return "" if cell is None else str(cell).strip()
