"""When an alarm is over, as the home's own devices say it; pure: states are given, the table is data."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from devices import thing_models

State = Mapping[str, Any]
"""Live state of a device: {last_seen_at, is_online, silent_since, values {name: [value, at]}}."""
MAINS = "mains"


@dataclass(frozen=True)
class Ending:
    """What the table says of one alarm type."""

    metric: str | None
    value: bool | None
    above: float
    heard: bool
    anywhere: bool
    close_after: timedelta | None
    cut: str | None
    mains_only: bool
    severity: Mapping[str, int]


@dataclass(frozen=True)
class Raised:
    """One alarm type of a case, and when it was observed last."""

    type: str
    observed_at: datetime


def _read(row: dict[str, Any]) -> Ending:
    ends = row.get("ends", {})
    minutes = row.get("close_minutes")
    return Ending(
        ends.get("metric"),
        ends.get("is"),
        float(ends.get("above", 0)),
        ends.get("heard", False),
        ends.get("anywhere", False),
        None if minutes is None else timedelta(minutes=minutes),
        row.get("cut"),
        row.get("mains_only", False),
        row.get("severity", {}),
    )


TABLE: Mapping[str, Ending] = {
    name: _read(row)
    for name, row in tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")).items()
}
UNKNOWN = _read({})
CUTS = tuple(sorted(name for name, one in TABLE.items() if one.cut))
"""The alarm types with which a home loses power or network."""
MAINS_ONLY = tuple(sorted(name for name, one in TABLE.items() if one.mains_only))
"""Those of them that count only from a device on mains."""
MAINS_MODELS = tuple(sorted(code for code, model in thing_models.all_().items() if model.power == MAINS))


def of(alarm_type: str) -> Ending:
    """Return what the table says of a type; nothing, if it is not there."""
    return TABLE.get(alarm_type, UNKNOWN)


def severity(alarm_type: str, thing_model: str, otherwise: int) -> int:
    """Return the place of a device's fault in the technical queue."""
    return of(alarm_type).severity.get(thing_model, otherwise)


def is_cut(alarm_type: str, thing_model: str) -> bool:
    """Say whether an alarm tells that a home lost power or network, not only one small device."""
    found = of(alarm_type)
    return found.cut is not None and (not found.mains_only or thing_model in MAINS_MODELS)


def says(raised: Raised, own: State | None, others: Iterable[State] = ()) -> bool | None:
    """Say whether what was raised is over (True), goes on (False), or is not known (None)."""
    ending = of(raised.type)
    if ending.heard:
        return _is_heard(raised.observed_at, own)
    if ending.metric is None:
        return None
    told = [_value(ending, raised.observed_at, one) for one in (own, *(others if ending.anywhere else ()))]
    if True in told:
        return True
    return False if False in told else None


def all_over(raised: Sequence[Raised], own: State | None, *, is_gone: bool) -> bool:
    """Say whether all of a case that a device can tell of is over; of a device that is gone, it is."""
    if is_gone:
        return True
    told = [says(one, own) for one in raised if of(one.type).heard or of(one.type).metric]
    return bool(told) and all(told)


def close_after(raised: Sequence[Raised], *, is_gone: bool) -> timedelta | None:
    """Return how long after its end a technical case is closed; None: a person does it."""
    waits = [timedelta() if is_gone else of(one.type).close_after for one in raised]
    known = [wait for wait in waits if wait is not None]
    return max(known, default=None) if len(known) == len(waits) else None


def _is_heard(since: datetime, state: State | None) -> bool | None:
    if state is None or state["last_seen_at"] is None:
        return None
    return state["is_online"] and state["silent_since"] is None and state["last_seen_at"] >= since


def _value(ending: Ending, since: datetime, state: State | None) -> bool | None:
    """Judge one device's value: one from before the alarm does not end it."""
    found = state["values"].get(ending.metric) if state else None
    if not found:
        return None
    value, at = found
    is_over = value is ending.value if ending.value is not None else value > ending.above
    if not is_over:
        return False
    return True if datetime.fromisoformat(at) >= since else None
