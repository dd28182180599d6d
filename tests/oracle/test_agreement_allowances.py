"""The engine and the slow calculator say the same of every allowance, to the fen.

Random people under each allowance of `services/data/schemes`, in months in which something changes.
ORACLE_PEOPLE=10000 for more of them.
"""

import os
import random
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from services import policy
from services.policy import Absence, Fact, Membership, Subject
from tests.oracle.allowances import Case, pays, read
from tests.oracle.shapes import Span

FOLDER = Path("services/data/schemes")
LEFT_OUT = {
    "xuchang_dibao": "its gradual exit is not in the calculator",
    "dangshan_tekun_home": "",
    "hekou_home_visits": "",
}
PEOPLE = int(os.environ.get("ORACLE_PEOPLE", "600"))
YEAR = date(2024, 6, 1)
WORDS = {
    "assistance": ("dibao", "tekun", "tuopin"),
    "residence": ("urban", "rural"),
    "place": ("scattered", "institution"),
    "grade:tekun_self_care": ("self", "partial", "dependent"),
    "grade:disability_certificate": ("1", "2", "3", "4"),
    "grade:gbt_42195": ("intact", "mild", "moderate", "severe", "total"),
}


def schemes() -> list[Path]:
    return [one for one in sorted(FOLDER.glob("*.toml")) if one.stem not in LEFT_OUT and suits(read(one))]


def suits(scheme: dict[str, Any]) -> bool:
    """Allowances by lines of amounts whose rules the calculator knows."""
    who = scheme.get("who", {})
    special = set(who) - {"age_from", "age_to", "assistance", "household"}
    death = scheme.get("stops", {}).get("death", "month")
    unknown = special or death == "quarter" or "rates" in scheme
    return scheme.get("kind") == "allowance" and not unknown


def random_case(dice: random.Random, first: date) -> Case:
    """Somebody around 60 to 105 whose words change about the given day."""
    age = dice.choice((60, 80, 90, 100, dice.randrange(60, 105)))
    born = first.replace(year=first.year - age) + timedelta(days=dice.randrange(-40, 40))
    facts = {kind: spans(dice, words, first) for kind, words in WORDS.items()}
    near = first + timedelta(days=dice.randrange(-20, 50))
    enrolled = [Span(near if dice.random() < 0.3 else date(2015, 1, 1), None, "")]
    if dice.random() < 0.2:
        enrolled[0].last = max(enrolled[0].first, first + timedelta(days=dice.randrange(0, 60)))
    died = first + timedelta(days=dice.randrange(-10, 60)) if dice.random() < 0.15 else None
    start = first + timedelta(days=dice.randrange(-40, 40))
    away = (
        [Span(start, start + timedelta(days=dice.randrange(60)), "hospital")] if dice.random() < 0.2 else []
    )
    return Case(born, died, facts, enrolled, away)


def spans(dice: random.Random, words: tuple[str, ...], first: date) -> list[Span]:
    """One word, or two with a change near the day."""
    begins = date(2014, 1, 1)
    if dice.random() < 0.6:
        return [Span(begins, None, dice.choice(words))]
    change = first + timedelta(days=dice.randrange(-5, 45))
    pair = dice.sample(words, 2)
    later = [] if dice.random() < 0.3 else [Span(change, None, pair[1])]
    return [Span(begins, change - timedelta(days=1), pair[0]), *later]


def subject(case: Case, code: str, district: str) -> Subject:
    facts = [Fact(kind, one.word, one.first, one.last) for kind, ones in case.facts.items() for one in ones]
    facts.append(Fact("household", district, date(2014, 1, 1), None))
    away = tuple(Absence(one.word, one.first, one.last) for one in case.away)
    members = tuple(Membership(code, one.first, one.last) for one in case.enrolled)
    proofs = ((date(2014, 1, 1), date(2099, 1, 1)),)
    return Subject(case.born, case.died, "female", "general", tuple(facts), away, members, proofs)


@pytest.mark.parametrize("path", schemes(), ids=lambda path: path.stem)
def test_the_engine_pays_what_the_calculator_pays(path: Path) -> None:
    raw, rules = read(path), policy.parse(path.read_text("utf-8"))
    dice = random.Random(f"people of {path.stem}")  # noqa: S311 - reproducible cases, no secrets
    differing = []
    paid = 0
    for number in range(PEOPLE):
        month = date(dice.choice((2021, 2024)), dice.choice((2, 6, 11, 12)), 1)
        case = random_case(dice, month)
        mine = pays(raw, case, month.year, month.month)
        person = subject(case, rules.code, rules.district)
        theirs = policy.due(rules, person, month, fallback={"total": "severe"}).amount
        paid += mine > 0
        if Decimal(mine) / 100 != theirs:
            differing.append((number, month, mine, theirs, case))
    assert differing[:3] == []
    assert paid > 0
