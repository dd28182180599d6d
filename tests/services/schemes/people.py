"""Persons for schemes, by hand: facts are `kind=value` from a day, or a tuple (kind, value, first, last)."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from services import policy
from services.policy import Absence, Due, Fact, Membership, Scheme, Subject

FOLDER = Path(policy.__file__).parents[1] / "data" / "schemes"
SINCE = date(2020, 1, 1)
FALLBACK = {"total": "severe"}
SCALES = {"gbt": "grade:gbt_42195", "care": "grade:tekun_self_care", "card": "grade:disability_certificate"}


def scheme(name: str) -> Scheme:
    """Read a scheme of the folder by its file's name."""
    return policy.parse((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def fact(kind: str, value: str, first: date = SINCE, last: date | None = None) -> Fact:
    """Make a dated fact; `gbt`, `care`, `card` are grades of their scales."""
    return Fact(SCALES.get(kind, kind), value, first, last)


def person(*facts: Fact, enrolled: Any = (), **given: Any) -> Subject:
    """Make a person born in 1940; `enrolled`: codes since 2020, or memberships."""
    members = [one if isinstance(one, Membership) else Membership(one, SINCE, None) for one in enrolled]
    values: dict[str, Any] = {"born_on": date(1940, 5, 5), "died_on": None, "gender": "female"}
    values |= {"category": "general", "facts": facts, "memberships": tuple(members)}
    return Subject(**{**values, **given})


def away(kind: str, first: date, last: date | None = None) -> Absence:
    """Make an absence."""
    return Absence(kind, first, last)


def due(rules: Scheme, subject: Subject, month: date, **given: Any) -> Due:
    """Ask what is due under the default fallback."""
    return policy.due(rules, subject, month, fallback=FALLBACK, **given)


def amount(rules: Scheme, subject: Subject, month: date) -> str:
    """Return what is due, as it is written."""
    return str(due(rules, subject, month).amount)


def codes(found: Due) -> list[str]:
    """Return the codes of an explanation."""
    return [words["code"] for words in found.explanation]


def yuan(text: str) -> Decimal:
    """Write money."""
    return Decimal(text)
