"""A sensor that says the same for too long is no witness: technical, and the other rules are half blind."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.rules.limits import is_cool, is_nobody
from gateway.rules.memory import Instance, Raised, Seen, reading
from gateway.rules.vitals import SAMPLE_S


@dataclass(frozen=True)
class StuckOn:
    """Motion, a seat or a mat that never lets go."""

    metric: str
    hours: float
    cooldown_s: float
    severity: int | None = None

    name = "stuck"

    @property
    def metrics(self) -> tuple[str, ...]:
        """What it listens to."""
        return (self.metric,)

    def key(self, seen: Seen) -> str | None:
        """One instance a device."""
        return f"stuck_{self.metric}/{seen.device.id}"

    def is_calm(self, seen: Seen) -> bool:
        """Say whether there is nothing to remember."""
        return not seen.values[self.metric]

    def hear(self, one: Instance, seen: Seen, key: str) -> Iterator[Raised]:  # noqa: ARG002 - one signature for all rules
        """Take one value."""
        one.is_on = bool(seen.values[self.metric])
        if not one.is_on:
            one.clear()
        elif one.since is None:
            one.since, one.device = seen.at, seen.device.id
            one.evidence = [reading(seen, self.metric)]
            one.wait(seen, seen.at + timedelta(hours=self.hours))
        yield from ()

    def pass_(self, one: Instance, key: str, at: datetime) -> Iterator[Raised]:
        """Raise what has not let go, if need be when the cooldown is over."""
        assert one.since is not None  # noqa: S101 - what lets go is due no more
        again = one.raised + timedelta(seconds=self.cooldown_s) if one.raised else at
        one.due = again if again > at else None
        if one.due is None:
            one.raised = at
            yield Raised(self.name, "fault", one.device, key, one.since, at, one.evidence, self.severity)


@dataclass(frozen=True)
class Frozen:
    """A heart or breath rate that is the same at every look for hours: no living body does that."""

    metric: str
    hours: float
    cooldown_s: float
    severity: int | None = None

    name = "stuck"

    @property
    def metrics(self) -> tuple[str, ...]:
        """What it listens to."""
        return (self.metric,)

    def key(self, seen: Seen) -> str | None:
        """One instance a device."""
        return f"stuck_{self.metric}/{seen.device.id}"

    def is_calm(self, seen: Seen) -> bool:
        """Say whether nothing is measured."""
        return not seen.values[self.metric] or is_nobody(seen)

    def hear(self, one: Instance, seen: Seen, key: str) -> Iterator[Raised]:
        """Take a sample; `other` is since when it is the same."""
        value = float(seen.values[self.metric])
        if value != one.recent or self.is_calm(seen):
            one.recent, one.other, one.count = value, seen.at, 0
        one.last, one.count = seen.at, one.count + 1
        assert one.other is not None  # noqa: S101 - a first sample is always another value
        is_long = seen.at - one.other >= timedelta(hours=self.hours)
        is_often = one.count > self.hours * 3600 / SAMPLE_S / 2
        if is_long and is_often and is_cool(one, seen.at, self.cooldown_s):
            one.raised = seen.at
            found = [reading(seen, self.metric)]
            yield Raised(self.name, "fault", seen.device.id, key, one.other, seen.at, found, self.severity)

    def pass_(self, one: Instance, key: str, at: datetime) -> Iterator[Raised]:  # noqa: ARG002 - one signature for all rules
        """Time alone changes nothing."""
        one.due = None
        yield from ()
