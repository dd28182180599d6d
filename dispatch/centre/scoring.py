"""The form on which a call is scored, and the draw of what is scored; pure.

Two calls an operator and month, one of them a whole emergency (DOMAIN section 4, H). The criteria are data
(quality.toml) and carry a version: a sample keeps the form with which it was drawn.
"""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from core.drawing import draw

DATA = Path(__file__).with_name("quality.toml")
TOP = 2
"""Points of a criterion: 0 not done, 1 in part, 2 done."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of a form; a nought of a critical one fails the whole call."""

    code: str
    is_critical: bool
    whole_only: bool


@dataclass(frozen=True, slots=True)
class Form:
    """A version of the form: its criteria and the share of points that is enough."""

    version: int
    enough: float
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case that an operator has handled and that may be drawn."""

    case_id: str
    account_id: str
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Score:
    """What a filled-in form comes to."""

    points: int
    most: int
    is_critical: bool


@cache
def forms() -> Mapping[int, Form]:
    """Return every version of the form."""
    found = tomllib.loads(DATA.read_text(encoding="utf-8"))["form"]
    return {one["version"]: _form(one) for one in found}


def newest() -> Form:
    """Return the form of today."""
    return forms()[max(forms())]


def _form(data: Mapping[str, Any]) -> Form:
    criteria = tuple(
        Criterion(one["code"], one.get("critical", False), one.get("whole_only", False))
        for one in data["criterion"]
    )
    return Form(data["version"], data["enough"], criteria)


def asked(form: Form, *, is_whole: bool) -> list[Criterion]:
    """Return the criteria that apply: some only to a whole emergency."""
    return [one for one in form.criteria if is_whole or not one.whole_only]


def score(form: Form, marks: Mapping[str, int | None], *, is_whole: bool) -> Score:
    """Return the points of a filled-in form; a criterion marked None does not apply and counts for nothing.

    Raises ValueError that names the criterion whose mark is missing or is none.
    """
    points = most = 0
    is_critical = False
    for one in asked(form, is_whole=is_whole):
        mark = marks.get(one.code, -1)
        if mark is None:
            continue
        if not 0 <= mark <= TOP:
            raise ValueError(one.code)
        points, most = points + mark, most + TOP
        is_critical = is_critical or (one.is_critical and mark == 0)
    return Score(points, most, is_critical)


def passes(form: Form, found: Score) -> bool:
    """Say whether a score is enough: its share of the points, and no critical failure."""
    return not found.is_critical and found.points >= form.enough * found.most


def choose(seed: str, candidates: Iterable[Candidate]) -> list[Candidate]:
    """Draw two cases for every operator: a whole emergency and a call; what is lacking is replaced.

    One that handled no whole emergency gets two calls; one that handled a single case gets that.
    """
    whose: dict[str, list[Candidate]] = {}
    for one in candidates:
        whose.setdefault(one.account_id, []).append(one)
    return [one for account in sorted(whose) for one in _two(f"{seed}|{account}", whose[account])]


def _two(seed: str, candidates: Sequence[Candidate]) -> list[Candidate]:
    known = {one.case_id: one for one in candidates}
    whole = draw(seed, [one.case_id for one in candidates if one.is_whole], 1)
    calls = draw(seed, [one.case_id for one in candidates if not one.is_whole], 2 - len(whole))
    left = [one.case_id for one in candidates if one.case_id not in {*whole, *calls}]
    more = draw(seed, left, 2 - len(whole) - len(calls))
    return [known[one] for one in (*whole, *calls, *more)]


def population_hash(candidates: Iterable[Candidate]) -> bytes:
    """Return the SHA-256 over every candidate in order: a population that was changed is another."""
    made = hashlib.sha256()
    for one in sorted(candidates, key=lambda c: (c.account_id, c.case_id)):
        made.update(f"{one.account_id}|{one.case_id}|{int(one.is_whole)}\n".encode())
    return made.digest()
