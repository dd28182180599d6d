"""What a register's rows change of what is known: new facts, ends, deaths to be confirmed; pure.

A row that says what is known changes nothing, so the same month again is harmless. Where a list is complete,
whoever had something by an earlier import and is not in it any more has it until the day before the list's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from services.registers.reading import Mistake, Record

DAY = timedelta(days=1)
_NOBODY = UUID(int=0)
KINDS: Mapping[str, tuple[str, ...]] = {
    "household": ("household", "residence"),
    "death": (),
    "assistance": ("assistance", "place", "grade:tekun_self_care"),
    "disability": ("grade:disability_certificate",),
    "benefits": ("draws",),
}
"""Kinds of facts (and grades) that each register speaks of."""
_COLUMN = {
    "household": "household",
    "residence": "residence",
    "assistance": "assistance",
    "place": "place",
    "grade:tekun_self_care": "self_care",
    "grade:disability_certificate": "level",
    "draws": "draws",
}
_WHOLE = {"assistance": "assistance", "disability": "grade:disability_certificate", "benefits": "draws"}
"""The kind that ends for whoever is missing in a complete list."""
_BESIDE = ("assistance", "draws")
"""Kinds whose values stand beside each other."""
CODES = ("other_name", "other_day_known", "older_than_known", "contradicts_known")
"""Mistakes and remarks that follow from what is known, and not from the list alone."""


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody of the district whom a row may mean."""

    elder: UUID
    name: str
    died_on: date | None


@dataclass(frozen=True, slots=True)
class Held:
    """A fact that is recorded; `is_ours`: by an import of this register."""

    id: UUID
    elder: UUID
    kind: str
    value: str
    first: date
    last: date | None
    is_ours: bool

    @property
    def slot(self) -> tuple[UUID, str, str]:
        """What may hold once at a time."""
        return self.elder, self.kind, self.value if self.kind in _BESIDE else ""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing to do: `record` a fact from a day on, `end` a fact (`fact`) on a day, `report` a death."""

    verb: str
    elder: UUID
    kind: str
    value: str
    first: date
    last: date | None
    fact: UUID | None = None
    row: int = 0


@dataclass(frozen=True, slots=True)
class Decided:
    """What follows from a list."""

    changes: tuple[Change, ...]
    mistakes: tuple[Mistake, ...]
    matched: int
    strangers: int
    unchanged: int

    @property
    def ends(self) -> int:
        """How many lose something because a complete list does not name them."""
        return sum(change.verb == "end" and not change.row for change in self.changes)


def decide(
    register: str,
    records: Sequence[Record],
    people: Mapping[str, Known],
    held: Iterable[Held],
    *,
    as_of: date,
    is_complete: bool,
) -> Decided:
    """Compare a list with what is known; `people` by identity number, whoever is not there is a stranger."""
    slots: dict[tuple[UUID, str, str], list[Held]] = {}
    for one in held:
        slots.setdefault(one.slot, []).append(one)
    changes: list[Change] = []
    mistakes: list[Mistake] = []
    said: set[tuple[UUID, str, str]] = set()
    matched = unchanged = 0
    for record in records:
        known = people.get(record.id_number)
        if known is None:
            continue
        matched += 1
        mistakes += _name(record, known)
        made, wrong = _row(register, record, known, slots, said)
        mistakes += wrong
        changes += made
        unchanged += not made and not wrong
    if is_complete and register in _WHOLE:
        changes += _missing(_WHOLE[register], slots, said, as_of)
    return Decided(tuple(changes), tuple(mistakes), matched, len(records) - matched, unchanged)


def _name(record: Record, known: Known) -> list[Mistake]:
    name = record.values.get("name")
    is_other = name is not None and name.replace(" ", "") != known.name.replace(" ", "")
    return [Mistake(record.row, "name", "other_name", is_remark=True)] if is_other else []


def _row(
    register: str,
    record: Record,
    known: Known,
    slots: dict[tuple[UUID, str, str], list[Held]],
    said: set[tuple[UUID, str, str]],
) -> tuple[list[Change], list[Mistake]]:
    if register == "death":
        return _death(record, known)
    first = date.fromisoformat(record.values["valid_from"])
    ends = record.values.get("valid_to")
    last = date.fromisoformat(ends) if ends else None
    changes: list[Change] = []
    mistakes: list[Mistake] = []
    for kind in KINDS[register]:
        value = record.values.get(_COLUMN[kind])
        if value is None:
            continue
        slot = (known.elder, kind, value if kind in _BESIDE else "")
        said.add(slot)
        until = last if _WHOLE.get(register) == kind else None
        wanted = Change("record", known.elder, kind, value, first, until, row=record.row)
        made, code = _compare(wanted, slots.setdefault(slot, []))
        changes += made
        slots[slot] += [_foreseen(one) for one in made if one.verb == "record"]
        mistakes += [Mistake(record.row, "valid_from", *code)] if code else []
    return changes, mistakes


def _death(record: Record, known: Known) -> tuple[list[Change], list[Mistake]]:
    died_on = date.fromisoformat(record.values["died_on"])
    if known.died_on == died_on:
        return [], []
    if known.died_on is not None:
        return [], [Mistake(record.row, "died_on", "other_day_known", is_remark=True)]
    return [Change("report", known.elder, "death", "", died_on, None, row=record.row)], []


def _compare(wanted: Change, held: Sequence[Held]) -> tuple[list[Change], tuple[Any, ...]]:
    """Return what to do for one wanted fact, and the code of what stands against it."""
    later = [one for one in held if one.first > wanted.first]
    before = [one for one in held if one.first <= wanted.first]
    now = max(before, key=lambda one: one.first, default=None)
    is_in_force = now is not None and (now.last is None or now.last >= wanted.first)
    if now is not None and is_in_force and now.value == wanted.value:
        return _same(wanted, now, is_last=not later), ()
    if later:
        return [], ("older_than_known", True)
    if now is not None and is_in_force and now.first == wanted.first:
        return [], ("contradicts_known", False)
    return [wanted], ()


def _same(wanted: Change, now: Held, *, is_last: bool) -> list[Change]:
    """Return what follows when the value is known: only its end may be news."""
    if wanted.last == now.last or not is_last:
        return []
    if wanted.last is not None and (now.last is None or wanted.last < now.last):
        return [_end(now, wanted.last, wanted.row)]
    after = (now.last or wanted.first) + DAY
    return [Change("record", now.elder, now.kind, now.value, after, wanted.last, row=wanted.row)]


def _missing(
    kind: str,
    slots: Mapping[tuple[UUID, str, str], list[Held]],
    said: set[tuple[UUID, str, str]],
    as_of: date,
) -> list[Change]:
    yesterday = as_of - DAY
    return [
        _end(one, yesterday, 0)
        for slot, held in slots.items()
        if slot[1] == kind and slot not in said
        for one in held
        if one.is_ours and one.first <= yesterday and (one.last is None or one.last > yesterday)
    ]


def _foreseen(change: Change) -> Held:
    """Return what will be recorded, so that a later row of the list does not speak against it."""
    return Held(_NOBODY, change.elder, change.kind, change.value, change.first, change.last, is_ours=True)


def _end(held: Held, last: date, row: int) -> Change:
    return Change("end", held.elder, held.kind, held.value, held.first, last, held.id, row)
