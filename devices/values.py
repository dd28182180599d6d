"""Check what a device measured against its thing model; pure, and on the path of every message."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from devices.messages import LONGEST_NAME, MOST_VALUES, Rejected
from devices.thing_models import Metric

UNKNOWN, OUT_OF_RANGE = "unknown_name", "out_of_range"
_encode = msgspec.json.encode
Reading = tuple[int, float]
Extra = tuple[str, str, str]
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_DEEPEST = 32
"""Nesting beyond this can be stored, and then be read by nobody."""


def check(
    values: Mapping[str, Any], metrics: Mapping[str, Metric]
) -> tuple[list[Reading], list[Extra], dict[str, float]]:
    """Sort values into readings (metric id, number), extras (name, JSON, why) and what the rules may judge.

    An unknown name and an impossible number are kept as extras; a wrong type raises Rejected.
    """
    readings: list[Reading] = []
    extras: list[Extra] = []
    good: dict[str, float] = {}
    if len(values) > MOST_VALUES:
        raise Rejected("too_many_values", "values")
    for name, value in values.items():
        metric = metrics.get(name)
        kind = type(value)
        if metric is None:
            extras.append(_extra(name, value, UNKNOWN))
        elif value is None:
            continue
        elif metric.is_bool is not (kind is bool) or kind not in _NUMBERS:
            raise Rejected("wrong_type", f"values.{name}")
        elif metric.low <= value <= metric.high:
            number = float(value)
            readings.append((metric.id, number))
            good[name] = value
        else:
            extras.append(_extra(name, value, OUT_OF_RANGE))
    return readings, extras, good


_NUMBERS = frozenset({bool, int, float})


def _extra(name: str, value: object, why: str) -> Extra:
    if not name or len(name) > LONGEST_NAME or "\0" in name:
        raise Rejected("bad_name", "values")
    if _is_deep(value):
        raise Rejected("too_large", f"values.{name}")
    text = as_json(value)
    if text is None:
        raise Rejected("bad_text", f"values.{name}")
    return name, text, why


def as_json(value: object) -> str | None:
    """Return a value as JSON that the database can hold, None if it cannot."""
    text = _encode(value).decode()
    return None if _NUL.search(text) else text


def _is_deep(value: object, left: int = _DEEPEST) -> bool:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return left == 0 or any(_is_deep(one, left - 1) for one in inside)
