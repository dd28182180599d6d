"""GB/T 42195-2022 as a function: 26 answers and the adjustments give a score, a grade and reasons (pure)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from core.errors import Invalid

Explanation = dict[str, str]
ORDER = ("intact", "mild", "moderate", "severe", "total")
RISK_EVENTS, RISK_DAYS = 2, 30
ADJUSTMENTS: Mapping[str, type] = {
    "coma": bool,
    "dementia": bool,
    "mental_disorder": bool,
    "risk_events": int,
}
"""Beside the items: coma, dementia (F00-F03), another disorder (F04-F99), care-risk events in 30 days."""

CURRENT = "gbt_42195_2022"
VERSIONS = (CURRENT,)
"""Rule sets, oldest first, each a file of `services/data`: what was assessed under one keeps it."""
_DATA = Path(__file__).parent / "data"
_MOST_EVENTS = 1000


@dataclass(frozen=True, slots=True)
class Item:
    """One of the 26: its options stand from the best answer down to 0."""

    code: str
    group: str
    names: Mapping[str, str]
    options: Mapping[str, tuple[str, ...]]

    @property
    def most(self) -> int:
        """The points of the best answer."""
        return len(self.options["zh_CN"]) - 1


@dataclass(frozen=True, slots=True)
class Form:
    """The whole form: items, groups {code: (names, most)} and the grades' lowest scores, mildest first."""

    rules: str
    most: int
    items: tuple[Item, ...]
    groups: Mapping[str, tuple[Mapping[str, str], int]]
    lows: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """What copies of the standard disagree about: district settings."""

    coma_is_total: bool = True
    raising_rules_add_up: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """What an assessment says."""

    score: int
    grade: str
    explanation: tuple[Explanation, ...]


def form(rules: str = CURRENT) -> Form:
    """Return the form of a rule set, the newest by default; raise LookupError on one that never was."""
    if rules not in VERSIONS:
        raise LookupError(f"no rule set {rules}")
    return _read(rules)


@cache
def _read(rules: str) -> Form:
    data = tomllib.loads((_DATA / f"{rules}.toml").read_text(encoding="utf-8"))
    return Form(
        rules=data["rules"],
        most=data["most"],
        items=tuple(_item(item, data["adl5"]) for item in data["items"]),
        groups={g["code"]: ({"zh_CN": g["zh_CN"], "en": g["en"]}, g["most"]) for g in data["groups"]},
        lows=tuple((grade["grade"], grade["low"]) for grade in data["grades"]),
    )


def _item(item: Mapping[str, Any], adl5: Mapping[str, list[str]]) -> Item:
    options = adl5 if item["options"] == "adl5" else item["options"]
    names = {"zh_CN": item["zh_CN"], "en": item["en"]}
    spelt = {language: tuple(words) for language, words in options.items()}
    return Item(item["code"], item["code"].rpartition(".")[0], names, spelt)


def score(items: Mapping[str, Any], adjustments: Mapping[str, Any], rules: Rules) -> Result:
    """Score a form; raise Invalid naming every field that is missing, unknown or out of range."""
    errors = [*_item_errors(items), *_adjustment_errors(adjustments)]
    if errors:
        fields = ", ".join(str(error["field"]) for error in errors)
        raise Invalid(f"the assessment has wrong fields: {fields}", errors)
    total = sum(items[item.code] for item in form().items)
    words = [*_sums(items, total)]
    grade = _grade_of(total, words)
    grade = _adjusted(grade, adjustments, rules, words)
    words.append({"code": "grade", "grade": grade})
    return Result(total, grade, tuple(words))


def answers(items: Mapping[str, Any]) -> str:
    """Write answers as they are signed: `B.1.1=4 B.1.2=3 …`, in the order of the form."""
    return " ".join(f"{item.code}={items[item.code]}" for item in form().items if item.code in items)


def _item_errors(items: Mapping[str, Any]) -> list[dict[str, object]]:
    known = {item.code: item for item in form().items}
    strangers = sorted(items.keys() - known.keys())
    errors = [_error(f"items.{code}", "unknown", f"{code} is no item of the form") for code in strangers]
    for code, item in known.items():
        answer = items.get(code)
        if answer is None:
            errors.append(_error(f"items.{code}", "missing", f"{code} is not answered"))
        elif type(answer) is not int or not 0 <= answer <= item.most:
            errors.append(_error(f"items.{code}", "range", f"{code} is a whole number from 0 to {item.most}"))
    return errors


def _adjustment_errors(adjustments: Mapping[str, Any]) -> list[dict[str, object]]:
    errors: list[dict[str, object]] = []
    for name, value in sorted(adjustments.items()):
        field, kind = f"adjustments.{name}", ADJUSTMENTS.get(name)
        if kind is None:
            errors.append(_error(field, "unknown", f"{name} is no adjustment"))
        elif type(value) is not kind:
            errors.append(_error(field, "type", f"{name} is a {'yes or no' if kind is bool else 'number'}"))
        elif isinstance(value, int) and not 0 <= value <= _MOST_EVENTS:
            errors.append(_error(field, "range", f"{name} is a number from 0 to {_MOST_EVENTS}"))
    return errors


def _sums(items: Mapping[str, int], total: int) -> list[Explanation]:
    words = []
    for code, (_, most) in form().groups.items():
        points = sum(items[item.code] for item in form().items if item.group == code)
        words.append({"code": "group", "group": code, "score": str(points), "most": str(most)})
    return [*words, {"code": "score", "score": str(total), "most": str(form().most)}]


def _grade_of(total: int, words: list[Explanation]) -> str:
    lows = form().lows
    above = [low for _, low in lows if low > total]
    grade, low = lows[len(above)]
    high = above[-1] - 1 if above else form().most
    figures = {"score": str(total), "grade": grade, "low": str(low), "high": str(high)}
    words.append({"code": "grade_of_score", **figures})
    return grade


def _adjusted(grade: str, adjustments: Mapping[str, Any], rules: Rules, words: list[Explanation]) -> str:
    if adjustments.get("coma"):
        grade = "total" if rules.coma_is_total else _worst(grade, "severe")
        words.append({"code": "coma", "grade": grade})
        return grade
    disorder = adjustments.get("dementia") or adjustments.get("mental_disorder")
    events = adjustments.get("risk_events", 0)
    if disorder:
        grade = _worse(grade)
        words.append(
            {"code": "dementia" if adjustments.get("dementia") else "mental_disorder", "grade": grade}
        )
    if events >= RISK_EVENTS:
        counted = not disorder or rules.raising_rules_add_up
        grade = _worse(grade) if counted else grade
        code = "risk_events" if counted else "risk_events_counted_once"
        words.append({"code": code, "count": str(events), "days": str(RISK_DAYS), "grade": grade})
    return grade


def _worse(grade: str) -> str:
    return ORDER[min(ORDER.index(grade) + 1, len(ORDER) - 1)]


def _worst(one: str, other: str) -> str:
    return max(one, other, key=ORDER.index)


def _error(field: str, code: str, message: str) -> dict[str, object]:
    return {"field": field, "code": code, "message": message}
