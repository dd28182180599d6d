"""What the rules remember between messages; kept as JSON in ingest.watch, never in a worker."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec

from devices.thing_models import ThingModel

Evidence = list[dict[str, Any]]


class Instance(msgspec.Struct, omit_defaults=True):
    """One rule's memory of one thing: a mat, a door, the motion of a home."""

    device: str = ""
    due: datetime | None = None
    lag_s: float = 0.0
    since: datetime | None = None
    back: datetime | None = None
    last: datetime | None = None
    other: datetime | None = None
    raised: datetime | None = None
    is_on: bool | None = None
    count: int = 0
    evidence: Evidence = []
    usual: float | None = None
    recent: float | None = None
    told: datetime | None = None
    held: "Raised | None" = None
    held_until: datetime | None = None

    def wait(self, seen: "Seen", until: datetime | None) -> None:
        """Have a look at `until` (the device's clock) unless something is said before."""
        self.due = until
        self.lag_s = seen.lag_s

    def clear(self) -> None:
        """Forget the condition that was watched."""
        self.since = self.due = self.back = None
        self.count = 0
        self.evidence = []

    def next_look(self) -> datetime | None:
        """Return when (on the device's clock) time alone may raise something."""
        both = [at for at in (self.due, self.held_until) if at is not None]
        return min(both, default=None)


class Watch(msgspec.Struct):
    """All instances of one subject (a care bed, or a device at none)."""

    instances: dict[str, Instance] = {}
    mat_spoke: bool = False

    def due_at(self) -> datetime | None:
        """Return the wall-clock time at which time alone may raise something."""
        first: datetime | None = None
        for one in self.instances.values():
            at = one.due if one.held_until is None else one.next_look()
            if at is not None:
                look = at + timedelta(seconds=one.lag_s)
                first = look if first is None or look < first else first
        return first


@dataclass(frozen=True, slots=True)
class Device:
    """What a rule must know of the device that speaks."""

    id: str
    model: ThingModel
    room: str | None


@dataclass(frozen=True, slots=True)
class Seen:
    """What one message said, on the device's clock."""

    device: Device
    at: datetime
    lag_s: float
    values: dict[str, float]


@dataclass(frozen=True, slots=True)
class Raised:
    """An alarm that a rule raises; `episode` makes it one, however often it is judged."""

    rule: str
    type: str
    device: str
    key: str
    episode: datetime
    at: datetime
    evidence: Evidence
    severity: int | None = None

    @property
    def message_id(self) -> str:
        """The id under which it is stored once."""
        return f"{self.rule}:{self.key}:{self.episode.isoformat()}"


class Prompt:
    """A rule that judges when something is said and at no other time."""

    def pass_(self, one: Instance, key: str, at: datetime) -> Iterator[Raised]:  # noqa: ARG002 - one signature for all rules
        """Time alone changes nothing."""
        one.due = None
        yield from ()


def reading(seen: Seen, metric: str, value: float | None = None) -> dict[str, Any]:
    """Return one reading as evidence."""
    return {
        "metric": metric,
        "value": seen.values.get(metric) if value is None else value,
        "observed_at": seen.at.isoformat(),
        "device_id": seen.device.id,
        "room": seen.device.room,
    }
