"""What devices can say: metrics, alarm types and thing models, all read from `data/*.toml`."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from core.errors import NotFound

_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Metric:
    """One value over time; `id` is the short key of its readings."""

    name: str
    id: int
    is_bool: bool
    unit: str
    low: float
    high: float
    alarm: str | None
    is_activity: bool


@dataclass(frozen=True, slots=True)
class AlarmType:
    """One kind of alarm (DOMAIN §4); `class_` is care or technical."""

    name: str
    scaip: tuple[str, ...]
    status: str
    class_: str
    severity: int
    is_lowered_by_visit: bool


@dataclass(frozen=True, slots=True)
class ThingModel:
    """A product: what it measures, what it may raise, and how long it may be silent."""

    code: str
    metrics: Mapping[str, Metric]
    alarms: tuple[str, ...]
    silent_after_s: int
    power: str
    battery_low: float | None = None
    """Below this many percent its battery is to be changed."""
    silent_severity: int | None = None
    """How grave its silence is, where that is more than the alarm type says."""
    press: str | None = None
    """What an unnamed press of it means: a button for help, not a light switch."""
    commands: tuple[str, ...] = ()
    """What it understands: set_interval (seconds), ring, reboot, two_way_voice."""

    @property
    def is_mains(self) -> bool:
        """Say whether it lives from the socket."""
        return self.power == "mains"


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def metrics() -> Mapping[str, Metric]:
    """Return every metric by name."""
    return {name: _metric(name, row) for name, row in _read(_DATA / "metrics.toml").items()}


def _metric(name: str, row: dict[str, Any]) -> Metric:
    return Metric(
        name,
        row["id"],
        row["type"] == "bool",
        row.get("unit", ""),
        float(row.get("min", 0)),
        float(row.get("max", 1)),
        row.get("alarm"),
        row.get("activity", False),
    )


@cache
def alarm_types() -> Mapping[str, AlarmType]:
    """Return every alarm type by name."""
    return {
        name: AlarmType(
            name, tuple(row["scaip"]), row["status"], row["class"], row["severity"], row["lowered_by_visit"]
        )
        for name, row in _read(_DATA / "alarm_types.toml").items()
    }


@cache
def all_() -> Mapping[str, ThingModel]:
    """Return every thing model by code."""
    return {path.stem: _model(path) for path in sorted((_DATA / "thing_models").glob("*.toml"))}


def _model(path: Path) -> ThingModel:
    row = _read(path)
    return ThingModel(
        path.stem,
        {name: metrics()[name] for name in row["metrics"]},
        tuple(row["alarms"]),
        row["silent_after_s"],
        row["power"],
        row.get("battery_low"),
        row.get("silent_severity"),
        row.get("press"),
        tuple(row.get("commands", ())),
    )


def get(code: str) -> ThingModel:
    """Return a thing model, or raise NotFound naming those that exist."""
    found = all_().get(code)
    if found is None:
        raise NotFound(f"no thing model {code}; there are {', '.join(all_())}")
    return found


@cache
def _kinds() -> dict[str, Any]:
    return _read(_DATA / "kinds.toml")


def guess(names: Iterable[str], kind: str | None = None) -> str | None:
    """Guess the model of a stranger: by its maker's word for its kind, else by what it says."""
    found: str | None = _kinds()["by_word"].get(kind)
    said = set(names)
    return found or next((model for name, model in _kinds()["by_metric"] if name in said), None)


HUB = "hub_v1"
"""The model of hubs, which alone may speak for other devices."""
