"""Why somebody is eligible, enrolled, compliant, payable, or not, in the reader's words."""

from collections.abc import Iterable, Mapping
from datetime import date

from babel.dates import format_date

from dashboards import vocabulary, words

_DAYS = ("ended_on", "died_on", "since", "on", "valid_from", "valid_to")
_VALUES = ("has", "wanted", "was", "by")


def told(language: str, reason: Mapping[str, str], names: Mapping[str, str]) -> str:
    """Say one reason; `names`: {code: name} of the district's schemes."""
    figures = {name: _figure(language, name, value, reason, names) for name, value in reason.items()}
    if "why" in reason:
        figures["done"] = words.word(language, "enrolment_reasons", reason["why"])
    message = vocabulary.TABLES["standings"].get(reason["code"], "")
    figures.pop("code", None)
    return words.say(language, message, **figures) if message else reason["code"].replace("_", " ")


def sentence(language: str, reasons: Iterable[Mapping[str, str]], names: Mapping[str, str]) -> str:
    """Say several reasons in one line."""
    return ("\N{FULLWIDTH SEMICOLON}" if language == "zh_CN" else "; ").join(
        told(language, one, names) for one in reasons
    )


def _figure(language: str, name: str, value: str, reason: Mapping[str, str], names: Mapping[str, str]) -> str:
    if name in _VALUES:
        scale = reason.get("scale")
        parts = [_value(language, one, scale, names) for one in value.split(",") if one]
        return ("\N{IDEOGRAPHIC COMMA}" if language == "zh_CN" else ", ").join(parts) or "\N{EN DASH}"
    if name in _DAYS:
        try:
            return format_date(date.fromisoformat(value), "medium", locale=language)
        except ValueError:
            return value
    if name == "absence":
        return words.word(language, "absences", value)
    return words.word(language, "scales", value) if name == "scale" else value


def _value(language: str, code: str, scale: str | None, names: Mapping[str, str]) -> str:
    if scale == "gbt_42195":
        return words.word(language, "grades", code)
    if scale:
        return words.word(language, "scale_grades", f"{scale}:{code}")
    return names.get(code) or words.word(language, "fact_values", code)
