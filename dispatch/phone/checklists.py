"""What a caregiver may tick: of each service, of the person's condition, of what has changed. Pure."""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_DATA = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
GENERAL: tuple[str, ...] = tuple(_DATA["general"])
TASKS: dict[str, tuple[str, ...]] = {code: tuple(tasks) for code, tasks in _DATA["services"].items()}
WHOLE = frozenset(_DATA["only"]["services"])
CONDITIONS: tuple[str, ...] = tuple(_DATA["conditions"]["answers"])
CHANGES: tuple[str, ...] = tuple(_DATA["changes"]["codes"])
DECLINES: tuple[str, ...] = tuple(_DATA["declines"]["codes"])


def tasks_of(service: str) -> tuple[str, ...]:
    """Return what may be ticked for a service, each once."""
    own = TASKS.get(service, ())
    return own if service in WHOLE else (*own, *(task for task in GENERAL if task not in own))


def record(service: str, done: Iterable[str], condition: str, note: str) -> dict[str, Any]:
    """Return the record of a visit; ticks that do not belong to the service are dropped."""
    ticked = set(done)
    made: dict[str, Any] = {"done": [task for task in tasks_of(service) if task in ticked]}
    if condition in CONDITIONS:
        made["condition"] = condition
    if note.strip():
        made["note"] = note.strip()
    return made
