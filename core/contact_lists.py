"""What is odd about the list of whom to call for somebody; pure: every fact is given."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from core import phones
from core.phones import Number

MANY = 4
"""A number that stands for so many elders is an office's, not a family's (ours)."""


@dataclass(frozen=True, slots=True)
class Contact:
    """One of the list, in order: the number as it is kept (None: none), how many elders name it."""

    member: UUID
    number: str | None
    has_key: bool = False
    elders: int = 1


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning: its code, and the contacts it is about (none: the whole list)."""

    code: str
    members: tuple[UUID, ...] = ()
    is_grave: bool = False


def warnings(own: str | None, contacts: Sequence[Contact], *, made_up: bool = False) -> list[Warned]:
    """Return what is odd, the gravest first; `own` is the elder's own number.

    Grave: at night it leaves nobody to call. `made_up` admits the demonstration's numbers.
    """
    numbers = {one.member: _read(one.number, made_up=made_up) for one in contacts if one.number}
    found = [*_of_list(contacts, numbers), *_shared(contacts, numbers), *_own(own, numbers, made_up=made_up)]
    found += _each("no_number", [one.member for one in contacts if not one.number])
    found += _each("mistyped", [member for member, number in numbers.items() if number is None])
    found += _each("abroad", [m for m, number in numbers.items() if number and number.kind == "abroad"])
    found += _each("number_of_many", [one.member for one in contacts if one.number and one.elders >= MANY])
    return sorted(found, key=lambda one: not one.is_grave)


def _of_list(contacts: Sequence[Contact], numbers: dict[UUID, Number | None]) -> list[Warned]:
    if not contacts:
        return [Warned("no_contacts", is_grave=True)]
    if not any(numbers.values()):
        return [Warned("nobody_to_call", is_grave=True)]
    found = [Warned("only_one")] if len(contacts) == 1 else []
    return found if any(one.has_key for one in contacts) else [*found, Warned("nobody_with_key")]


def _shared(contacts: Sequence[Contact], numbers: dict[UUID, Number | None]) -> list[Warned]:
    lines = {member: number.line for member, number in numbers.items() if number}
    counts = Counter(lines.values())
    if len(contacts) > 1 and len(counts) == 1 and len(lines) == len(contacts):
        return [Warned("one_number", tuple(lines), is_grave=True)]
    return [
        Warned("shared_number", tuple(m for m, line in lines.items() if line == shared))
        for shared, count in counts.items()
        if count > 1
    ]


def _own(own: str | None, numbers: dict[UUID, Number | None], *, made_up: bool) -> list[Warned]:
    line = _read(own, made_up=made_up) if own else None
    same = [m for m, number in numbers.items() if line and number and number.line == line.line]
    is_all = bool(same) and len(same) == sum(number is not None for number in numbers.values())
    return [Warned("elders_own", tuple(same), is_grave=is_all)] if same else []


def _each(code: str, members: list[UUID]) -> list[Warned]:
    return [Warned(code, tuple(members))] if members else []


def _read(text: str | None, *, made_up: bool) -> Number | None:
    try:
        return phones.read(text or "", made_up=made_up)
    except phones.BadNumber:
        return None
