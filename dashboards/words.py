"""Codes in words: rows hold codes and numbers, the faces and the API say them in the reader's language."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from babel.dates import format_date, format_time

from core.clock import ZONE
from dashboards import vocabulary
from dashboards.i18n import translations
from dashboards.vocabulary.mark import N_

_DATES = frozenset(
    {
        "on",
        "valid_from",
        "valid_to",
        "planned_on",
        "served_on",
        "first",
        "last",
        "ended_on",
        "counts_to",
        "paid_to",
    }
)
_WHOSE = ("grade", "as_grade", "certificate", "assistance", "category", "residence", "place", "age")
_CLOCKS = {"at": "HH:mm:ss", "until": "HH:mm", "from": "HH:mm", "to": "HH:mm"}
_FIGURE = re.compile(r"%\((\w+)\)s")


def say(language: str, message: str, /, **figures: object) -> str:
    """Translate a message and fill in its `%(name)s` figures; a figure that is missing is shown as `?`."""
    text = translations(language).gettext(message) if message else ""
    return _FIGURE.sub(lambda found: str(figures.get(found[1], "?")), text)


def word(language: str, table: str, code: object) -> str:
    """Say a code of one of the tables of `vocabulary`; an unknown code is shown as it is."""
    return "" if code is None else _word(language, table, str(code))


@lru_cache(maxsize=4096)
def _word(language: str, table: str, code: str) -> str:
    message = vocabulary.TABLES[table].get(code)
    return say(language, message) if message else code.replace("_", " ")


def table(language: str, name: str) -> dict[str, str]:
    """Say every code of a table (for scripts)."""
    return {code: say(language, message) for code, message in vocabulary.TABLES[name].items()}


def sentence(language: str, table: str, line: Mapping[str, Any]) -> str:
    """Say a line `{code, …figures}`; figures that are codes themselves are said too."""
    code = str(line.get("code", ""))
    message = vocabulary.TABLES[table].get(code)
    figures = {name: _figure(language, name, value) for name, value in line.items()}
    if code == "rate_line":
        figures["which"] = _whose(language, line)
    if message:
        return say(language, message, **figures)
    rest = ", ".join(f"{name} {value}" for name, value in figures.items() if name != "code")
    return f"{code.replace('_', ' ')} ({rest})" if rest else code.replace("_", " ")


def sentences(language: str, table: str, lines: Iterable[Mapping[str, Any]]) -> list[str]:
    """Say every line."""
    return [sentence(language, table, line) for line in lines]


def explain(language: str, lines: Iterable[Mapping[str, Any]] | None) -> str:
    """Say why a claim is as high as it is, so that a clerk can read it aloud."""
    joint = "" if language == "zh_CN" else " "
    return joint.join(sentences(language, "explanations", lines or []))


def because(language: str, line: Mapping[str, Any]) -> str:
    """Say why one caregiver was chosen or not; the planner's choice has no arrival, but what it costs."""
    is_planned = line.get("code") == "chosen" and "eta_min" not in line and "extra_min" in line
    return sentence(language, "why", {**line, "code": "planned"} if is_planned else line)


def why(language: str, kept: Mapping[str, Any]) -> dict[str, Any]:
    """Say why everybody who was considered was chosen or not (`says`), beside the codes and numbers."""
    chosen = kept.get("chosen")
    considered = kept.get("considered") or []
    return {
        **kept,
        "chosen": chosen
        and {"code": "chosen", **chosen, "says": because(language, {"code": "chosen", **chosen})},
        "considered": [{**one, "says": because(language, one)} for one in considered],
    }


def problem(language: str, code: str, detail: str, extra: Mapping[str, Any] | None = None) -> str:
    """Say what went wrong; an unknown code falls back on the English detail."""
    if code not in vocabulary.TABLES["problems"]:
        return detail
    return sentence(language, "problems", {**(extra or {}), "code": code})


def _figure(language: str, name: str, value: object) -> str:
    codes = vocabulary.FIGURES.get(name)
    if codes and isinstance(value, str):
        return word(language, codes, value)
    if isinstance(value, str) and name in _DATES | _CLOCKS.keys():
        return _moment(language, name, value)
    if isinstance(value, float):
        return f"{value:.0f}" if abs(value) >= 10 or value == int(value) else f"{value:.1f}"  # noqa: PLR2004
    return str(value)


def _whose(language: str, line: Mapping[str, Any]) -> str:
    """Say for whom a scheme's line is: grade of its scale, certificate, assistance, place, age."""
    said = [
        _whose_word(language, name, str(one), str(line.get("scale", "")))
        for name in _WHOSE
        for one in str(line.get(name, "")).split(",")
        if one
    ]
    return say(language, N_(", ")).join(said) if said else say(language, N_("everybody"))


def _whose_word(language: str, name: str, value: str, scale: str) -> str:
    if name in {"grade", "as_grade", "certificate"}:
        of = "disability_certificate" if name == "certificate" else scale
        return word(language, "scale_grades", f"{of}:{value}")
    if name == "age":
        return say(language, N_("%(age)s years"), age=value)
    return _figure(language, name, value)


def _moment(language: str, name: str, value: str) -> str:
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return value
    if name in _DATES:
        return format_date(at.date(), "medium", locale=language)
    return format_time(at, _CLOCKS[name], ZONE, locale=language)
