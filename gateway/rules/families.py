"""Which classes a rule's parameters make, and what lets most values pass them at a glance."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from devices import thing_models
from gateway.rules import bed, bed_time, flags, limits, medicine, outing, still, stuck, vitals
from gateway.rules.memory import Instance, Raised, Seen

MOTION_EXIT = "bed_exit/motion"
FLAGS = "flags"
_OF_A_HOME = frozenset(
    {MOTION_EXIT, "no_motion", "long_bathroom", "bed_absence", "left_at_night", "wandering"}
)
"""Rules that judge a home's devices together."""
_KINDS: Mapping[str, Any] = {
    "bed_exit": bed.MatExit,
    "bed_absence": bed_time.BedAbsence,
    "still_in_bed": bed_time.StillInBed,
    "no_motion": still.NoMotion,
    "long_bathroom": still.LongBathroom,
    "door_night": outing.DoorNight,
    "left_at_night": outing.LeftAtNight,
    "wandering": outing.Wandering,
    "no_breath": vitals.NoBreath,
    "lead_off": limits.LeadOff,
    "low_battery": limits.LowBattery,
}
_LIMITS = frozenset({"heart_rate", "respiration_rate", "temperature"})
_TRENDS = {"heart_rate_trend": "heart_rate", "respiration_rate_trend": "respiration_rate"}
_MEASURED = _LIMITS | _TRENDS.keys()
_HELD = {"door_open": ("open", True), "power_lost": ("mains", False), "link_lost": ("online", False)}


class Rule(Protocol):
    """What every rule can do."""

    @property
    def name(self) -> str:
        """Its name in tables and pages."""

    @property
    def metrics(self) -> tuple[str, ...]:
        """What it listens to."""

    def key(self, seen: Seen) -> str | None:
        """Name the instance that a message is about, or None."""

    def hear(self, one: Instance, seen: Seen, key: str) -> Iterator[Raised]:
        """Take what was said."""

    def pass_(self, one: Instance, key: str, at: datetime) -> Iterator[Raised]:
        """Let time pass."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule as one metric finds it, with what lets most messages pass at a glance.

    Within [low, high] there is nothing to begin; an edge rule looks only when its boolean changes; a rule
    that takes a sample every so often passes the values between two, unless they lie below `sane_low`.
    """

    rule: Rule
    name: str
    fixed_key: str | None
    low: float
    high: float
    is_edge: bool
    is_motion_only: bool
    every_s: float = 0.0
    sane_low: float = -math.inf


def entry_of(name: str, metric: str, rule: Rule) -> Entry:
    """Return a rule as a metric finds it."""
    low, high = _calm(rule)
    every_s, sane_low = 0.0, -math.inf
    if isinstance(rule, vitals.Trend | stuck.Frozen):
        every_s = vitals.SAMPLE_S
    elif isinstance(rule, vitals.NoBreath):
        every_s, sane_low = vitals.FRESH_S, math.nextafter(rule.low, math.inf)
    is_edge = metric == "in_bed" and not isinstance(rule, outing.LeftAtNight)
    fixed = name if name in _OF_A_HOME else None
    return Entry(rule, name, fixed, low, high, is_edge, name == MOTION_EXIT, every_s, sane_low)


def _calm(rule: Rule) -> tuple[float, float]:
    """Return the range in which nothing begins; an empty one when every value matters."""
    low, high = math.inf, -math.inf
    if isinstance(rule, limits.Limit):
        low, high = rule.low, rule.high
    elif isinstance(rule, limits.LowBattery):
        low, high = math.nextafter(rule.clear, math.inf), math.inf
    elif isinstance(rule, flags.Flag):
        low, high = 0, 0
    elif isinstance(rule, flags.Held):
        low, high = int(not rule.is_bad), int(not rule.is_bad)
    return low, high


def flag_metrics() -> list[str]:
    """Name the values whose true is an alarm: each is a rule that takes what `flags` takes."""
    return [metric.name for metric in thing_models.metrics().values() if metric.alarm]


def build(name: str, params: dict[str, Any], zone: ZoneInfo) -> Iterator[tuple[str, Rule]]:
    """Yield the rules that one name stands for."""
    if name in _KINDS:
        yield name, _make(_KINDS[name], params, zone)
        if name == "bed_exit":
            yield MOTION_EXIT, _make(bed.MotionExit, params, zone)
    elif name in _MEASURED:
        yield name, _measured(name, params, zone)
    elif name in _HELD:
        yield name, _held(name, params, zone)
    elif name == "missed_medicine":
        yield name, _make(medicine.MissedMedicine, {**params, "times": tuple(params["times"])}, zone)
    elif name == "stuck":
        yield from _stuck(params, zone)
    elif (metric := thing_models.metrics().get(name)) is not None and metric.alarm:
        yield name, _make(flags.Flag, {**params, "metric": name, "type": metric.alarm}, zone)


def _measured(name: str, params: dict[str, Any], zone: ZoneInfo) -> Rule:
    """Return the rule of a value against its limits, or of its drift."""
    if name in _LIMITS:
        return _make(limits.Limit, {**params, "metric": name, "type": name}, zone)
    return _make(vitals.Trend, {**params, "name": name, "metric": _TRENDS[name]}, zone)


def _stuck(params: dict[str, Any], zone: ZoneInfo) -> Iterator[tuple[str, Rule]]:
    for metric in ("occupied", "in_bed"):
        given = {**params, "metric": metric, "hours": params[f"{metric}_hours"]}
        yield f"stuck_{metric}", _make(stuck.StuckOn, given, zone)
    for metric in ("heart_rate", "respiration_rate"):
        given = {**params, "metric": metric, "hours": params["same_hours"]}
        yield f"stuck_{metric}", _make(stuck.Frozen, given, zone)


def _held(name: str, params: dict[str, Any], zone: ZoneInfo) -> Rule:
    metric, is_bad = _HELD[name]
    rooms = params.get("rooms")
    whole = {
        "night_minutes": params["minutes"],
        "night_start": "22:00",
        "night_end": "06:00",
        **params,
        "name": name,
        "metric": metric,
        "type": name,
        "is_bad": is_bad,
        "rooms": None if rooms is None else frozenset(rooms),
    }
    return _make(flags.Held, whole, zone)


def _make(kind: Any, params: Mapping[str, Any], zone: ZoneInfo) -> Rule:  # noqa: ANN401 - one of the rule classes
    names = {field.name for field in fields(kind)}
    given = {name: value for name, value in params.items() if name in names}
    rule: Rule = kind(**given, **({"zone": zone} if "zone" in names else {}))
    return rule
