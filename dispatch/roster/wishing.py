"""Elders' wishes that contradict each other, named both; pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

Clash = dict[str, Any]
_OPPOSITE = {"prefer": "never", "never": "prefer"}


@dataclass(frozen=True, slots=True)
class Wish:
    """One wish: prefer or never (a caregiver), gender or language (a value, hard or not)."""

    kind: str
    caregiver_id: UUID | None = None
    value: str | None = None
    is_hard: bool = False


def clash(new: Wish, others: Collection[Wish], genders: Mapping[UUID, str]) -> Clash | None:
    """Return the first contradiction of a new wish with those in force: a code and both; None: none.

    `genders` knows the caregivers whom any of the wishes names.
    """
    for one in others:
        code = _twice(new, one) or _opposite(new, one) or _gender(new, one, genders)
        if code:
            return {"code": code, "kind": new.kind, "with": one.kind, **_named(new, one)}
    return None


def _twice(new: Wish, one: Wish) -> str | None:
    """One gender and one language can be wished for; the same caregiver once."""
    if new.kind != one.kind:
        return None
    if new.kind in {"gender", "language"}:
        return "wish_twice"
    return "wish_twice" if new.caregiver_id == one.caregiver_id else None


def _opposite(new: Wish, one: Wish) -> str | None:
    is_same = new.caregiver_id is not None and new.caregiver_id == one.caregiver_id
    return "wish_prefer_never" if is_same and _OPPOSITE.get(new.kind) == one.kind else None


def _gender(new: Wish, one: Wish, genders: Mapping[UUID, str]) -> str | None:
    """Only a condition contradicts: who prefers a man and would rather have a woman may have both."""
    for gender, preferred in ((new, one), (one, new)):
        if gender.kind == "gender" and gender.is_hard and preferred.kind == "prefer":
            who = preferred.caregiver_id
            if who is not None and genders.get(who, gender.value) != gender.value:
                return "wish_gender_prefer"
    return None


def _named(new: Wish, one: Wish) -> Clash:
    who = new.caregiver_id or one.caregiver_id
    value = new.value if new.kind == "gender" else one.value if one.kind == "gender" else None
    figures = {"caregiver_id": str(who) if who else None, "gender": value}
    return {name: figure for name, figure in figures.items() if figure}
