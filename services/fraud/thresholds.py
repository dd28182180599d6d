"""The figures of the checks: services/data/fraud.toml, with what a district says otherwise. Pure."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from core.errors import Invalid

_FILE = Path(__file__).parent.parent / "data" / "fraud.toml"
Thresholds = Mapping[str, Mapping[str, Any]]


@cache
def defaults() -> Thresholds:
    """Return the figures of the file."""
    return tomllib.loads(_FILE.read_text("utf-8"))


def merged(own: Mapping[str, Any]) -> Thresholds:
    """Return the defaults with a district's own figures; raise Invalid on an unknown or impossible one."""
    found: list[dict[str, str]] = []
    made = {table: dict(figures) for table, figures in defaults().items()}
    for table, figures in own.items():
        if table not in made or not isinstance(figures, Mapping):
            found.append(_error(table, "unknown", f"one of {', '.join(made)}"))
            continue
        for name, value in figures.items():
            wrong = _wrong(made[table].get(name), value)
            if wrong:
                found.append(_error(f"{table}.{name}", *wrong))
            else:
                made[table][name] = value
    if found:
        words = "; ".join(f"{one['field']}: {one['message']}" for one in found)
        raise Invalid(f"figures of the fraud checks: {words}", found)
    return made


def parse(text: str) -> Thresholds:
    """Read a file of a district's own figures; raise Invalid."""
    try:
        return merged(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        words = f"not TOML: {error}"
        raise Invalid(words, [_error("", "toml", words)]) from error


def _wrong(known: object, value: object) -> tuple[str, str] | None:
    if known is None:
        return "unknown", "no such figure"
    if isinstance(known, list):
        fits = isinstance(value, list) and all(isinstance(one, str) for one in value)
        return None if fits else ("type", "a list of codes")
    if isinstance(known, Mapping):
        fits = (
            isinstance(value, Mapping) and set(value) == set(known) and all(map(_is_figure, value.values()))
        )
        return None if fits else ("type", f"a table of {', '.join(known)}")
    return None if _is_figure(value) else ("type", "a number, zero or more")


def _is_figure(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < float("inf")


def _error(field: str, code: str, message: str) -> dict[str, str]:
    return {"field": field, "code": code, "message": message}
