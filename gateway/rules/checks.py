"""Whether what a district or a person writes into a rule fits it; each mistake names its field."""

import math
import re
from collections.abc import Mapping
from typing import Any, cast

from core.errors import Invalid

_SEVERITIES = range(1, 6)
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_QUIET = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d")
_MOST = 24
_MAY_BE_NEGATIVE = frozenset({"low", "high"})
_LONGEST = 60
COMMON = ("severity", "quiet", "cooldown_s")
"""What every rule takes."""


def check(rule: str, params: Mapping[str, Any], known: Mapping[str, Any] | None) -> None:
    """Raise Invalid naming the parameter that does not fit the defaults of its rule."""
    if known is None:
        raise Invalid(f"no rule {rule}", [{"field": "rule", "code": "unknown"}])
    for name, value in params.items():
        if name not in known and name not in COMMON:
            raise _wrong(rule, name, "unknown")
        if not _fits(name, value, known.get(name)):
            raise _wrong(rule, name, "invalid")
    merged = {**known, **params}
    if "low" in merged and "high" in merged and merged["low"] >= merged["high"]:
        raise _wrong(rule, "low" if "low" in params else "high", "not_below_high")
    if "low" in merged and "clear" in merged and merged["low"] > merged["clear"]:
        raise _wrong(rule, "low" if "low" in params else "clear", "not_below_clear")


def _wrong(rule: str, name: str, code: str) -> Invalid:
    return Invalid(f"rule {rule}: {name} does not fit", [{"field": f"params.{name}", "code": code}])


def _fits(name: str, value: object, default: object) -> bool:
    if name == "severity":
        return type(value) is int and value in _SEVERITIES
    if name == "quiet":
        return _is_list(value, _QUIET)
    if name == "times" and isinstance(default, list):
        return _is_list(value, _CLOCK)
    return _is_like(name, value, default)


def _is_list(value: object, pattern: re.Pattern[str]) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= _MOST
        and all(isinstance(one, str) and pattern.fullmatch(one) is not None for one in value)
    )


def _is_like(name: str, value: object, default: object) -> bool:
    """Say whether a value is a list of rooms, a clock or a number, as the default is."""
    if isinstance(default, list):
        return isinstance(value, list) and all(
            isinstance(one, str) and 0 < len(one) <= _LONGEST for one in value
        )
    if isinstance(default, str):
        return isinstance(value, str) and _CLOCK.fullmatch(value) is not None
    if type(value) not in {int, float} or not math.isfinite(cast("float", value)):
        return False
    return name in _MAY_BE_NEGATIVE or cast("float", value) >= 0
