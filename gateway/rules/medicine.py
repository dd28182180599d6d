"""The medicine box was not opened at a time when it should have been."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from gateway.rules import night
from gateway.rules.memory import Instance, Raised, Seen, reading

BOX = "medicine"
"""The room of a door sensor that sits on a medicine box or cupboard."""
_TAKEN = ("medicine_taken", "lid_open")


@dataclass(frozen=True)
class MissedMedicine:
    """Each of `times` the box must be opened between `before_minutes` before it and `minutes` after it."""

    times: tuple[str, ...]
    before_minutes: float
    minutes: float
    zone: ZoneInfo
    severity: int | None = None

    name = "missed_medicine"
    metrics = (*_TAKEN, "open")

    def key(self, seen: Seen) -> str | None:
        """One instance a box; a door is one when its room says so."""
        is_box = any(metric in seen.values for metric in _TAKEN) or seen.device.room == BOX
        return f"{self.name}/{seen.device.id}" if is_box and self.times else None

    def hear(self, one: Instance, seen: Seen, key: str) -> Iterator[Raised]:  # noqa: ARG002 - one signature for all rules
        """Take one report of the box."""
        metric = next((name for name in self.metrics if seen.values.get(name)), None)
        one.device = seen.device.id
        if metric is not None:
            one.last = seen.at
            one.evidence = [reading(seen, metric)]
        if one.due is None:
            one.wait(seen, self._next(seen.at))
        yield from ()

    def _next(self, at: datetime) -> datetime:
        """Return the next instant at which a dose is overdue."""
        after = timedelta(minutes=self.minutes)
        return min(night.next_clock(at - after, clock, self.zone) + after for clock in self.times)

    def pass_(self, one: Instance, key: str, at: datetime) -> Iterator[Raised]:
        """Look whether the dose that is due at `at` was taken, and wait for the next."""
        one.due = self._next(at) if self.times else None
        start = at - timedelta(minutes=self.minutes + self.before_minutes)
        if one.last is None or not start <= one.last <= at:
            yield Raised(self.name, "missed_medicine", one.device, key, at, at, one.evidence, self.severity)
