"""True is an alarm: smoke, gas, water, a fall at once; an open door, lost power or link when it lasts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from gateway.rules import night
from gateway.rules.memory import Instance, Raised, Seen, reading


@dataclass(frozen=True)
class Flag:
    """A boolean whose true is an alarm; it may flap."""

    metric: str
    type: str
    cooldown_s: float
    severity: int | None = None

    @property
    def name(self) -> str:
        """The rule's name is the metric's."""
        return self.metric

    @property
    def metrics(self) -> tuple[str, ...]:
        """What it listens to."""
        return (self.metric,)

    def key(self, seen: Seen) -> str | None:
        """One instance a device."""
        return f"{self.metric}/{seen.device.id}"

    def is_calm(self, seen: Seen) -> bool:
        """Say whether there is nothing to remember."""
        return not seen.values[self.metric]

    def hear(self, one: Instance, seen: Seen, key: str) -> Iterator[Raised]:
        """Take one value; what comes back within the cooldown is raised at its end, if it stays."""
        if not seen.values[self.metric]:
            one.is_on = False
            one.clear()
        elif not one.is_on:
            one.is_on, one.device = True, seen.device.id
            one.evidence = [reading(seen, name) for name in (self.metric, "battery") if name in seen.values]
            over = one.raised + timedelta(seconds=self.cooldown_s) if one.raised else seen.at
            if seen.at >= over:
                yield from self._raise(one, key, seen.at)
            else:
                one.wait(seen, over)

    def pass_(self, one: Instance, key: str, at: datetime) -> Iterator[Raised]:
        """Raise what is still on now that the cooldown is over."""
        one.due = None
        yield from self._raise(one, key, at)

    def _raise(self, one: Instance, key: str, at: datetime) -> Iterator[Raised]:
        one.raised = at
        yield Raised(self.name, self.type, one.device, key, at, at, one.evidence, self.severity)


@dataclass(frozen=True)
class Held:
    """A boolean that must not stay `bad` for longer than some minutes, fewer at night."""

    name: str
    metric: str
    type: str
    is_bad: bool
    minutes: float
    night_minutes: float
    night_start: str
    night_end: str
    rooms: frozenset[str] | None
    zone: ZoneInfo
    severity: int | None = None

    @property
    def metrics(self) -> tuple[str, ...]:
        """What it listens to."""
        return (self.metric,)

    def key(self, seen: Seen) -> str | None:
        """One instance a device, in the rooms that matter."""
        if self.rooms is not None and seen.device.room is not None and seen.device.room not in self.rooms:
            return None
        return f"{self.name}/{seen.device.id}"

    def is_calm(self, seen: Seen) -> bool:
        """Say whether there is nothing to remember."""
        return bool(seen.values[self.metric]) is not self.is_bad

    def hear(self, one: Instance, seen: Seen, key: str) -> Iterator[Raised]:  # noqa: ARG002 - one signature for all rules
        """Take one value."""
        if self.is_calm(seen):
            if one.since is not None:
                one.clear()
        elif one.since is None:
            is_night = night.is_between(seen.at, self.night_start, self.night_end, self.zone)
            one.since, one.device = seen.at, seen.device.id
            one.evidence = [reading(seen, self.metric)]
            minutes = self.night_minutes if is_night else self.minutes
            one.wait(seen, seen.at + timedelta(minutes=minutes))
        yield from ()

    def pass_(self, one: Instance, key: str, at: datetime) -> Iterator[Raised]:
        """Let time pass to `at`, when the instance is due."""
        one.due = None
        if one.since is not None and one.raised != one.since:
            one.raised = one.since
            yield Raised(self.name, self.type, one.device, key, one.since, at, one.evidence, self.severity)
