"""A list of kits, row by row: what it says, or what is wrong with which row and column; pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from devices import codecs, thing_models

COLUMNS = ("kit", "claim_code", "thing_model", "name", "room", "ecosystem", "address")
NEEDED = ("kit", "claim_code", "thing_model")
MOST_ROWS = 2_000
_LONGEST = 100
_SERIAL = re.compile(r"[A-Z0-9][A-Z0-9._/-]{2,63}")
_CLAIM = re.compile(r"[A-Z0-9-]{6,32}")
_NATIVE = "native"
Words = Mapping[str, str]
"""What people call things, in lower case, and their codes."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """One mistake: the row as the sheet numbers it, the column, and a code for the words."""

    row: int
    field: str
    code: str


@dataclass(frozen=True, slots=True)
class Part:
    """One device of a kit; an address makes it a device of the kit's hub."""

    thing_model: str
    name: str | None
    room: str | None
    ecosystem: str
    address: str | None


@dataclass(slots=True)
class Kit:
    """One kit and the row in which it begins."""

    row: int
    serial: str
    claim_code: str
    parts: list[Part] = field(default_factory=list)


def read(head: Sequence[Any], rows: Iterable[Sequence[Any]], words: Words) -> tuple[list[Kit], list[Wrong]]:
    """Read a sheet whose first row names its columns; rows are numbered as the sheet does."""
    columns = [words.get(_text(cell).lower(), _text(cell).lower()) for cell in head]
    missing = [Wrong(1, name, "missing_column") for name in NEEDED if name not in columns]
    if missing:
        return [], missing
    kits: dict[str, Kit] = {}
    wrong: list[Wrong] = []
    for nth, cells in enumerate(rows, start=2):
        row = {name: _text(cell) for name, cell in zip(columns, cells, strict=False) if name in COLUMNS}
        if not any(row.values()):
            continue
        if nth > MOST_ROWS + 1:
            return [], [*wrong, Wrong(nth, "kit", "too_many_rows")]
        found = _wrongs(nth, row, kits, words)
        wrong += found
        if not found:
            _put(nth, row, kits, words)
    if not kits and not wrong:
        wrong.append(Wrong(2, "kit", "empty_list"))
    return list(kits.values()), wrong + _hubs(kits.values())


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell).strip()


def _model(row: Mapping[str, str], words: Words) -> str:
    given = row.get("thing_model", "")
    return words.get(given.lower(), given)


def _wrongs(nth: int, row: Mapping[str, str], kits: Mapping[str, Kit], words: Words) -> list[Wrong]:
    wrong = [Wrong(nth, name, "missing") for name in NEEDED if not row.get(name)]
    wrong += [Wrong(nth, name, "too_long") for name, text in row.items() if len(text) > _LONGEST]
    if wrong:
        return wrong
    serial, code = row["kit"].upper(), row["claim_code"].upper()
    if not _SERIAL.fullmatch(serial):
        wrong.append(Wrong(nth, "kit", "invalid"))
    if not _CLAIM.fullmatch(code):
        wrong.append(Wrong(nth, "claim_code", "claim_code"))
    elif serial in kits and kits[serial].claim_code != code:
        wrong.append(Wrong(nth, "claim_code", "claim_code_differs"))
    if _model(row, words) not in thing_models.all_():
        wrong.append(Wrong(nth, "thing_model", "unknown"))
    return wrong + _wrong_address(nth, row, kits.get(serial))


def _wrong_address(nth: int, row: Mapping[str, str], kit: Kit | None) -> list[Wrong]:
    ecosystem, address = row.get("ecosystem", "") or _NATIVE, row.get("address", "")
    if ecosystem != _NATIVE and ecosystem not in codecs.ECOSYSTEMS:
        return [Wrong(nth, "ecosystem", "unknown")]
    if (ecosystem == _NATIVE) is bool(address):
        return [Wrong(nth, "address", "address_without_ecosystem" if address else "missing")]
    same = kit is not None and any((one.ecosystem, one.address) == (ecosystem, address) for one in kit.parts)
    return [Wrong(nth, "address", "twice")] if address and same else []


def _put(nth: int, row: Mapping[str, str], kits: dict[str, Kit], words: Words) -> None:
    serial = row["kit"].upper()
    kit = kits.setdefault(serial, Kit(nth, serial, row["claim_code"].upper()))
    room = row.get("room") or None
    kit.parts.append(
        Part(
            _model(row, words),
            row.get("name") or None,
            words.get(room.lower(), room) if room else None,
            row.get("ecosystem") or _NATIVE,
            row.get("address") or None,
        )
    )


def _hubs(kits: Iterable[Kit]) -> list[Wrong]:
    """Find kits with two hubs, or with none although some of their devices speak through one."""
    wrong = []
    for kit in kits:
        hubs = sum(part.thing_model == thing_models.HUB for part in kit.parts)
        if hubs > 1:
            wrong.append(Wrong(kit.row, "thing_model", "two_hubs"))
        elif hubs == 0 and any(part.address for part in kit.parts):
            wrong.append(Wrong(kit.row, "thing_model", "no_hub"))
    return wrong
