"""A bank's file or a voucher platform's file, read row by row (pure): every mistake, or all rows.

Bank: statement (its number in the chain, or its id), amount, paid_on, reference. Vouchers: code, amount,
and the visit that it paid: claim (id), or id_number with service_on and service. Amounts are yuan with
at most two decimals.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

from services.pricing import money

_DATA = Path(__file__).parents[1] / "data" / "settlement" / "columns.toml"
HEADINGS: Mapping[str, Mapping[str, list[str]]] = tomllib.loads(_DATA.read_text(encoding="utf-8"))
NEEDED = {
    "bank": ("statement", "amount", "paid_on", "reference"),
    "voucher": ("code", "amount", "service_on"),
}
_DATES = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y.%m.%d")
_DAYS = ("paid_on", "service_on", "redeemed_on")
_HEAD = 10
_ID_LENGTH = 18
_MOST = Decimal(10_000_000)
Value = str | date | Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the file that is right; `number` as a person counts rows."""

    number: int
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong: the row (0: the file), the column of ours, a code; never the cell."""

    row: int
    column: str
    code: str


def read(
    kind: str, cells: Sequence[Sequence[object]], mapping: Mapping[str, str]
) -> tuple[list[Line], list[Mistake], dict[str, str]]:
    """Return a file's rows, its mistakes, and the mapping {column of ours: heading} that was used."""
    found = _headings(kind, cells, mapping)
    if found is None:
        return [], [Mistake(0, NEEDED[kind][0], "no_headings")], {}
    at, places = found
    lines: list[Line] = []
    mistakes: list[Mistake] = []
    for nth, row in enumerate(cells[at + 1 :], start=at + 2):
        given = {name: row[place] if place < len(row) else None for name, place in places.items()}
        if all(_text(cell) == "" for cell in row):
            continue
        values, wrong = _row(kind, given)
        mistakes += [Mistake(nth, column, code) for column, code in wrong]
        lines.append(Line(nth, values))
    mistakes += _twice(kind, lines)
    if not lines and not mistakes:
        mistakes = [Mistake(0, NEEDED[kind][0], "empty")]
    used = {name: _text(cells[at][place]) for name, place in places.items()}
    return lines, sorted(mistakes, key=lambda one: (one.row, one.column)), used


def _headings(
    kind: str, cells: Sequence[Sequence[object]], mapping: Mapping[str, str]
) -> tuple[int, dict[str, int]] | None:
    for at, row in enumerate(cells[:_HEAD]):
        known = {_text(cell): place for place, cell in reversed(list(enumerate(row)))}
        found: dict[str, int] = {}
        for name, words in HEADINGS[kind].items():
            first = [mapping[name]] if name in mapping else []
            place = next((known[word] for word in [*first, *words] if word in known), None)
            if place is not None and place not in found.values():
                found[name] = place
        if all(name in found for name in NEEDED[kind]) and (
            kind == "bank" or {"claim", "id_number"} & set(found)
        ):
            return at, found
    return None


def _row(kind: str, given: Mapping[str, object]) -> tuple[dict[str, Value], list[tuple[str, str]]]:
    values: dict[str, Value] = {}
    wrong: list[tuple[str, str]] = []
    for name, cell in given.items():
        said = _text(cell)
        if not said:
            if name in NEEDED[kind]:
                wrong.append((name, "missing"))
            continue
        value, code = _value(name, cell)
        if value is None:
            wrong.append((name, code))
        else:
            values[name] = value
    if kind == "voucher" and not values.keys() & {"claim", "id_number"} and not wrong:
        wrong.append(("claim", "missing"))
    return values, wrong


def _value(name: str, cell: object) -> tuple[Value | None, str]:
    if name == "amount":
        return amount(cell), "amount"
    if name in _DAYS:
        return _day(cell), "date"
    if name == "service":
        words = {word: code for code, said in HEADINGS["services"].items() for word in said}
        return words.get(_text(cell)), "unknown_service"
    if name == "id_number":
        said = _text(cell).upper()
        is_damaged = isinstance(cell, (int, float)) or "E+" in said
        return (said if len(said) == _ID_LENGTH and not is_damaged else None), (
            "excel_damage" if is_damaged else "id_number"
        )
    return _text(cell), ""


def _twice(kind: str, lines: Sequence[Line]) -> list[Mistake]:
    name = "reference" if kind == "bank" else "code"
    seen: set[Value] = set()
    wrong = []
    for line in lines:
        value = line.values.get(name)
        if value is not None and value in seen:
            wrong.append(Mistake(line.number, name, "twice"))
        if value is not None:
            seen.add(value)
    return wrong


def amount(cell: object) -> Decimal | None:
    """Read yuan over nought; a spreadsheet's binary fraction is taken to the fen it stands for."""
    if isinstance(cell, bool):
        return None
    try:
        value = Decimal(_text(cell).replace(",", "").removeprefix("\N{YEN SIGN}"))
    except InvalidOperation:
        return None
    if not value.is_finite() or not 0 < value < _MOST:
        return None
    near = money(value)
    return near if abs(near - value) < Decimal("0.000001") and near > 0 else None


def _day(cell: object) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    for form in _DATES:
        try:
            return datetime.strptime(_text(cell)[:10], form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()
