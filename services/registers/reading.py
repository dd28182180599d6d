"""A register's rows read: what each says of whom, and every mistake by row and field; pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services.registers import cells, shapes
from services.registers.cells import MistakeError
from services.registers.shapes import Column, Found

MOST_ROWS = 200_000
_COUNTY = re.compile(r"^\d{6}(\d{3}){0,2}$")
_CODE = re.compile(r"^[a-z][a-z0-9_]{1,40}$")
_SLOTS = {"assistance": "assistance", "benefits": "draws"}
"""Registers in which a person may stand several times, once for each value of a column."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake or, with `is_remark`, something worth a look: the row as the file numbers it, the field."""

    row: int
    field: str
    code: str
    is_remark: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """What a row says: of whom, and each column's value as text (days in ISO form)."""

    row: int
    id_number: str
    values: Mapping[str, str]


def read(
    register: str, rows: Sequence[Sequence[object]], found: Found, today: date
) -> tuple[list[Record], list[Mistake]]:
    """Read the rows below the headings; the same row twice is one, and remarked.

    A person named twice with different facts is a mistake of both rows.
    """
    records: list[Record] = []
    mistakes: list[Mistake] = []
    for nth, row in enumerate(rows[found.row + 1 :], start=found.row + 2):
        picked = {name: row[place] if place < len(row) else None for name, place in found.places.items()}
        if not any(cells.text(cell) for cell in picked.values()):
            continue
        if len(records) >= MOST_ROWS:
            return [], [Mistake(nth, "id_number", "too_many_rows")]
        values, wrong = _values(register, nth, picked, today)
        mistakes += wrong
        if not wrong:
            records.append(Record(nth, values.pop("id_number"), values))
    kept, twice = _once(register, records)
    mistakes += twice
    if not records and not mistakes:
        mistakes.append(Mistake(found.row + 2, "id_number", "empty_list"))
    return kept, sorted(mistakes, key=lambda one: (one.row, one.field))


def read_mappings(
    register: str, items: Iterable[Mapping[str, object]], today: date
) -> tuple[list[Record], list[Mistake]]:
    """Read rows that a connector brings as objects of {column: value}."""
    names = [one.name for one in shapes.columns(register)]
    rows: list[Sequence[object]] = [[item.get(name) for name in names] for item in items]
    return read(register, [names, *rows], Found(0, {name: n for n, name in enumerate(names)}), today)


def _values(
    register: str, nth: int, picked: Mapping[str, object], today: date
) -> tuple[dict[str, str], list[Mistake]]:
    values: dict[str, str] = {}
    wrong: list[Mistake] = []
    for one in shapes.columns(register):
        cell = picked.get(one.name)
        if not cells.text(cell):
            wrong += [Mistake(nth, one.name, "missing")] if one.is_needed else []
            continue
        try:
            value = _value(one, cell, today)
        except MistakeError as mistake:
            wrong.append(Mistake(nth, one.name, str(mistake)))
        else:
            values |= {one.name: value} if value else {}
    if not wrong:
        wrong = _together(nth, values)
    return values, wrong


def _value(column: Column, cell: object, today: date) -> str:
    if column.name == "id_number":
        return cells.id_number(cell)
    if column.kind in {"first", "last", "past"}:
        return _day(column, cell, today)
    said = cells.text(cell)
    if column.kind == "county":
        if not _COUNTY.match(said):
            raise MistakeError("county")
        return said[:6]
    if column.words:
        code = column.words.get(shapes.squeezed(said))
        if code is None and column.kind == "code" and _CODE.match(said):
            return said
        if code is None:
            raise MistakeError("unknown")
        return code
    return said[:100]


def _day(column: Column, cell: object, today: date) -> str:
    if column.kind == "last" and cells.text(cell) in shapes.endless():
        return ""
    found = cells.day(cell, is_last=column.kind == "last")
    if column.kind == "past" and found > today:
        raise MistakeError("future")
    return found.isoformat()


def _together(nth: int, values: Mapping[str, str]) -> list[Mistake]:
    number = values["id_number"]
    born = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
    if values.get("died_on", born) < born:
        return [Mistake(nth, "died_on", "before_birth")]
    if values.get("valid_to", "9") < values.get("valid_from", ""):
        return [Mistake(nth, "valid_to", "before_start")]
    return []


def _once(register: str, records: Sequence[Record]) -> tuple[list[Record], list[Mistake]]:
    """Keep each person (and value of the slot) once; the same facts twice are a remark, others a mistake."""
    slot = _SLOTS.get(register)
    first: dict[tuple[str, str], Record] = {}
    mistakes: list[Mistake] = []
    for one in records:
        key = (one.id_number, one.values.get(slot, "") if slot else "")
        known = first.setdefault(key, one)
        if known is one:
            continue
        if known.values == one.values:
            mistakes.append(Mistake(one.row, "id_number", "twice", is_remark=True))
        else:
            mistakes += [Mistake(known.row, "id_number", "twice_different")]
            mistakes += [Mistake(one.row, "id_number", "twice_different")]
    return list(first.values()), sorted(set(mistakes), key=lambda one: one.row)
