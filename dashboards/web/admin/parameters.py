"""The parameters of a rule as fields of a form, and back; pure."""

from collections.abc import Mapping
from typing import Any

from dashboards.vocabulary.devices import ROOMS
from gateway.rules.checks import COMMON

SEVERITY, QUIET, COOLDOWN = COMMON
_PREFIX = "params."
_EMPTY: Mapping[str, Any] = {SEVERITY: None, QUIET: []}


def unit(name: str) -> str:
    """Return the unit that a parameter's name ends in."""
    for ending, found in (("_s", "s"), ("minutes", "min"), ("hours", "h"), ("days", "d"), ("percent", "%")):
        if name.endswith(ending):
            return found
    return ""


def spoken(name: str, value: float) -> tuple[float, str]:
    """Return a figure as one says it: 86,400 seconds are 24 hours."""
    for size, larger in ((3600, "h"), (60, "min")):
        if unit(name) == "s" and value >= size and value % size == 0:
            return value / size, larger
    return value, unit(name)


def fields(params: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return a rule's parameters {name, kind, value, unit}, with those that every rule takes."""
    shown = {**_EMPTY, **params}
    return [
        {
            "name": name,
            "kind": _kind(name, value),
            "value": _text(value),
            "unit": unit(name),
            "rooms": rooms(_text(value)) if name == "rooms" else (),
        }
        for name, value in sorted(shown.items(), key=lambda one: one[0] in _EMPTY)
    ]


def _kind(name: str, value: object) -> str:
    if name == SEVERITY:
        return "severity"
    if name == "rooms":
        return "rooms"
    if isinstance(value, list):
        return "list"
    return "clock" if isinstance(value, str) else "number"


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return "" if value is None else str(value)


def changed(given: Mapping[str, str], before: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form changes of a rule's parameters; what cannot be read stays text, to be refused."""
    shown = {**_EMPTY, **before}
    found: dict[str, Any] = {}
    for name, old in shown.items():
        text = given.get(_PREFIX + name)
        if name == "rooms" and text is None and f"{_PREFIX}rooms.asked" in given:
            text = ""
        if text is None:
            continue
        new = _read(name, text, old)
        if new != old:
            found[name] = new
    return found


def _read(name: str, text: str, old: object) -> Any:  # noqa: ANN401 - as many kinds as parameters
    text = text.strip()
    if isinstance(old, list):
        return [one.strip() for one in text.replace("\N{FULLWIDTH COMMA}", ",").split(",") if one.strip()]
    if name == SEVERITY:
        return int(text) if text.isdecimal() else text or old
    if isinstance(old, str):
        return text
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if number.is_integer() and "." not in text else number


def rooms(value: str) -> tuple[str, ...]:
    """Return the rooms that may be ticked: ours, and those that are in the rule already."""
    known = dict.fromkeys(ROOMS)
    return tuple({**known, **dict.fromkeys(one for one in value.split(", ") if one)})
