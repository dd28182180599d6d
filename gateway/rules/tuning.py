"""Which change of a threshold would have spared how many alarms, and which real ones it would lose; pure.

A change is suggested only when it spares alarms that people called false, and loses none that they did not.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

_STEPS: Mapping[str, tuple[float, ...]] = {
    "minutes": (1.25, 1.5, 2.0),
    "night_minutes": (1.5, 2.0),
    "hours": (1.25, 1.5),
    "late_hours": (1.5, 2.0),
    "hold_s": (2.0, 5.0),
    "changes": (1.25, 1.5),
    "cooldown_s": (2.0, 4.0),
    "percent": (1.25, 1.5),
}
"""By what a parameter that makes a rule patient is multiplied."""
_LIMITS: Mapping[str, tuple[float, float]] = {
    "heart_rate": (5.0, 10.0),
    "respiration_rate": (2.0, 5.0),
    "temperature": (2.0, 5.0),
}
"""By how much limits are moved: the lower down, the upper up."""
NEAR = timedelta(hours=1)
_LEAST_FALSE = 2
Alarm = Mapping[str, Any]


@dataclass(frozen=True)
class Verdict:
    """What people found when they looked after an alarm of a rule."""

    rule: str
    device: str
    at: datetime
    is_real: bool


@dataclass(frozen=True)
class Effect:
    """A change and what it would have done."""

    rule: str
    params: Mapping[str, Any]
    days: float
    before: int
    after: int
    gone: tuple[str, ...]
    false_gone: int
    real_gone: int

    def as_dict(self) -> dict[str, Any]:
        """Return figures for a person who decides."""
        days = max(self.days, 1e-9)
        return {
            "person_days": round(self.days, 1),
            "before": self.before,
            "after": self.after,
            "before_per_person_day": round(self.before / days, 3),
            "after_per_person_day": round(self.after / days, 3),
            "gone": list(self.gone),
            "false_gone": self.false_gone,
            "real_gone": self.real_gone,
        }


def candidates(rule: str, params: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield changes that make a rule more patient, the smallest first."""
    for name, factors in _STEPS.items():
        if params.get(name):
            yield from ({name: _round(params[name] * factor, params[name])} for factor in factors)
    for step in _LIMITS.get(rule, ()):
        yield {"low": max(0.0, params["low"] - step), "high": params["high"] + step}


def _round(value: float, like: float) -> float:
    return round(value) if isinstance(like, int) else round(value, 2)


def compare(
    rule: str,
    params: Mapping[str, Any],
    days: float,
    before: Sequence[Alarm],
    after: Sequence[Alarm],
    verdicts: Sequence[Verdict],
) -> Effect:
    """Say what a change would have done to the alarms of its rule."""
    old = [one for one in before if one["rule"] == rule]
    new = [one for one in after if one["rule"] == rule]
    gone = [one for one in old if not any(_is_same(one, other) for other in new)]
    judged = [found for one in gone for found in verdicts if _is_of(found, one)]
    return Effect(
        rule,
        params,
        days,
        len(old),
        len(new),
        tuple(one["at"] for one in gone),
        sum(not one.is_real for one in judged),
        sum(one.is_real for one in judged),
    )


def _is_same(one: Alarm, other: Alarm) -> bool:
    """Say whether two replays tell of one thing: the same device, and the same beginning."""
    near = abs(datetime.fromisoformat(one["since"]) - datetime.fromisoformat(other["since"])) <= NEAR
    return bool(one["device"] == other["device"] and near)


def _is_of(verdict: Verdict, alarm: Alarm) -> bool:
    near = abs(datetime.fromisoformat(alarm["at"]) - verdict.at) <= NEAR
    return verdict.rule == alarm["rule"] and verdict.device == alarm["device"] and near


def best(effects: Sequence[Effect]) -> Effect | None:
    """Return the change that spares the most false alarms and no real one; the smaller of two equals."""
    harmless = [one for one in effects if not one.real_gone and one.false_gone >= _LEAST_FALSE]
    return max(harmless, key=lambda one: one.false_gone, default=None)
