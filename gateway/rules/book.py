"""The rules in force for one person, compiled from the defaults and what a district or a person changes."""

import math
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, Protocol, cast
from zoneinfo import ZoneInfo

from core.clock import ZONE
from core.errors import Invalid
from devices import thing_models
from gateway.rules import bed, flags, limits, still
from gateway.rules.memory import Instance, Raised, Seen

SILENT = "silent"
MOTION_EXIT = "bed_exit/motion"
_OF_A_HOME = frozenset({MOTION_EXIT, "no_motion", "long_bathroom"})
"""Rules that judge a home's devices together."""
_SEVERITIES = range(1, 6)
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_KINDS: dict[str, Any] = {
    "bed_exit": bed.MatExit,
    "no_motion": still.NoMotion,
    "long_bathroom": still.LongBathroom,
    "lead_off": limits.LeadOff,
    "low_battery": limits.LowBattery,
}


class Rule(Protocol):
    """What every rule can do."""

    @property
    def metrics(self) -> tuple[str, ...]:
        """What it listens to."""

    def key(self, seen: Seen) -> str | None:
        """Name the instance that a message is about, or None."""

    def hear(self, one: Instance, seen: Seen, key: str) -> Iterator[Raised]:
        """Take what was said."""

    def pass_(self, one: Instance, key: str, at: Any) -> Iterator[Raised]:  # noqa: ANN401 - a datetime
        """Let time pass."""


@cache
def defaults() -> Mapping[str, dict[str, Any]]:
    """Return the rules of a district that changes nothing."""
    return tomllib.loads(Path(__file__).with_name("defaults.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule as one metric finds it, with what lets most messages pass at a glance.

    Within [low, high] there is nothing to begin; an edge rule looks only when its boolean changes.
    """

    rule: Rule
    name: str
    fixed_key: str | None
    low: float
    high: float
    is_edge: bool
    is_motion_only: bool


@dataclass(frozen=True)
class Book:
    """Compiled rules."""

    by_metric: Mapping[str, tuple[Entry, ...]]
    by_name: Mapping[str, Rule]
    silent_factor: float | None

    def rule_of(self, key: str) -> Rule | None:
        """Return the rule that an instance belongs to, or None when it is switched off."""
        return self.by_name.get(key) or self.by_name.get(key.partition("/")[0])


def check(rule: str, params: Mapping[str, Any]) -> None:
    """Raise Invalid naming the parameter when an override does not fit its rule."""
    known = defaults().get(rule)
    if known is None:
        raise Invalid(f"no rule {rule}", [{"field": "rule", "code": "unknown"}])
    for name, value in params.items():
        if not (
            _is_severity(value) if name == "severity" else name in known and _is_like(value, known[name])
        ):
            raise Invalid(
                f"rule {rule}: {name} does not fit", [{"field": f"params.{name}", "code": "invalid"}]
            )


def _is_severity(value: object) -> bool:
    return type(value) is int and value in _SEVERITIES


def _is_like(value: object, default: object) -> bool:
    """Say whether a value is a list of rooms, a clock or a number, as the default is."""
    if isinstance(default, list):
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    if isinstance(default, str):
        return isinstance(value, str) and _CLOCK.fullmatch(value) is not None
    return type(value) in {int, float} and math.isfinite(cast("float", value))


def compile_(overrides: Iterable[tuple[str, bool, Mapping[str, Any]]] = (), zone: ZoneInfo = ZONE) -> Book:
    """Compile the defaults with overrides (rule, enabled, params), the more particular later."""
    rules = {name: dict(params) for name, params in defaults().items()}
    off: set[str] = set()
    for name, enabled, params in overrides:
        if name in rules:
            rules[name].update(params)
            (off.discard if enabled else off.add)(name)
    named = {
        key: rule
        for name, params in rules.items()
        if name not in off
        for key, rule in _build(name, params, zone)
    }
    by_metric: dict[str, tuple[Entry, ...]] = {}
    for name, rule in named.items():
        for metric in rule.metrics:
            by_metric[metric] = (*by_metric.get(metric, ()), _entry(name, metric, rule))
    factor = None if SILENT in off else float(rules[SILENT]["factor"])
    return Book(by_metric, named, factor)


def _entry(name: str, metric: str, rule: Rule) -> Entry:
    fixed = name if name in _OF_A_HOME else None
    low, high = math.inf, -math.inf
    if isinstance(rule, limits.Limit):
        low, high = rule.low, rule.high
    elif isinstance(rule, limits.LowBattery):
        low, high = math.nextafter(rule.clear, math.inf), math.inf
    elif isinstance(rule, flags.Flag):
        low, high = 0, 0
    elif isinstance(rule, flags.Held):
        low, high = int(not rule.is_bad), int(not rule.is_bad)
    elif isinstance(rule, limits.LeadOff):
        low, high = math.nextafter(0, 1), math.inf
    return Entry(rule, name, fixed, low, high, metric == "in_bed", name == MOTION_EXIT)


def _build(name: str, params: dict[str, Any], zone: ZoneInfo) -> Iterator[tuple[str, Rule]]:
    if name in _KINDS:
        yield name, _make(_KINDS[name], params, zone)
    if name == "bed_exit":
        yield MOTION_EXIT, _make(bed.MotionExit, params, zone)
    elif name == "flags":
        for metric in thing_models.metrics().values():
            if metric.alarm:
                yield metric.name, flags.Flag(metric.name, metric.alarm, **params)
    elif name in {"heart_rate", "respiration_rate", "temperature"}:
        yield name, limits.Limit(metric=name, type=name, **params)
    elif name in {"door_open", "power_lost", "link_lost"}:
        yield name, _held(name, params, zone)


_HELD = {"door_open": ("open", True), "power_lost": ("mains", False), "link_lost": ("online", False)}


def _held(name: str, params: dict[str, Any], zone: ZoneInfo) -> flags.Held:
    metric, is_bad = _HELD[name]
    rooms = params.get("rooms")
    return flags.Held(
        name=name,
        metric=metric,
        type=name,
        is_bad=is_bad,
        minutes=params["minutes"],
        night_minutes=params.get("night_minutes", params["minutes"]),
        night_start=params.get("night_start", "22:00"),
        night_end=params.get("night_end", "06:00"),
        rooms=None if rooms is None else frozenset(rooms),
        zone=zone,
        severity=params.get("severity"),
    )


def _make(kind: Any, params: dict[str, Any], zone: ZoneInfo) -> Rule:  # noqa: ANN401 - one of the rule classes
    names = {field.name for field in fields(kind)}
    given = {name: value for name, value in params.items() if name in names}
    rule: Rule = kind(**given, **({"zone": zone} if "zone" in names else {}))
    return rule
