"""How long a device may be silent: what its model says, or longer for one that only tells of changes; pure.

A sensor that reports at intervals (a value that is no movement, as a battery, is its pulse) is silent after
what its model says. One without a pulse may have nothing to tell: a cupboard that nobody opens. It is silent
when it has said nothing for longer than it ever did, by a factor.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from devices.thing_models import ThingModel
from gateway.rules.memory import Raised

SILENT = "silent"
_DAY_S = 86_400.0
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Habit:
    """How a device has spoken: how many gaps between movements, the longest, and whether it has a pulse."""

    gaps: int = 0
    longest_s: float = 0.0
    has_pulse: bool = False

    def said(self, gap_s: float | None, *, is_pulse: bool) -> "Habit":
        """Return the habit with one message more."""
        if gap_s is None:
            return replace(self, has_pulse=self.has_pulse or is_pulse)
        longest_s = max(self.longest_s, gap_s)
        return Habit(self.gaps + 1, longest_s, self.has_pulse or is_pulse)


@dataclass(frozen=True, slots=True)
class Silence:
    """The rule's parameters."""

    factor: float
    gap_factor: float
    few: float
    few_days: float

    def limit_s(self, model_s: float, habit: Habit | None) -> float:
        """Return the seconds after which a device counts as silent."""
        own = model_s * self.factor
        if habit is None or habit.has_pulse:
            return own
        if habit.gaps < self.few:
            return max(own, self.few_days * _DAY_S)
        return max(own, self.gap_factor * habit.longest_s)


def is_of_changes(model: ThingModel) -> bool:
    """Say whether a model's habit matters: it runs on a battery and tells of movement."""
    return not model.is_mains and any(metric.is_activity for metric in model.metrics.values())


def is_over(last_seen: datetime, limit_s: float, now: datetime) -> bool:
    """Say whether a silence has lasted so long."""
    return now - last_seen >= timedelta(seconds=limit_s)


def unheard(spans: Iterable[Span], since: datetime, until: datetime) -> timedelta:
    """Return how much of a time nobody listened, of spans in the order of their beginnings."""
    total = timedelta(0)
    for from_at, to_at in spans:
        begin, end = max(from_at, since), min(to_at, until)
        if end > begin:
            total += end - begin
            since = end  # what two spans share counts once
    return total


def silent(device: str, seen_at: datetime, at: datetime, severity: int | None = None) -> Raised:
    """Return the alarm of a silent device; a button's silence is graver than a thermometer's."""
    evidence = [
        {"metric": "last_seen", "value": None, "observed_at": seen_at.isoformat(), "device_id": device}
    ]
    return Raised(SILENT, SILENT, device, f"{SILENT}/{device}", seen_at, at, evidence, severity)
