"""One value against its limits: at once, or when it holds; and again only after a while."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.rules.memory import Instance, Prompt, Raised, Seen, reading

_KEPT = 5
_ELSEWHERE = frozenset({"worn", "steps", "device_temperature"})
"""What a device measures whose temperature is a wrist's or its own."""
_THERE = ("in_bed", "worn", "occupied")


@dataclass(frozen=True)
class Limit(Prompt):
    """A number below `low` or above `high`, `times` in a row and for `hold_s`."""

    metric: str
    type: str
    low: float
    high: float
    hold_s: float
    times: int
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
        """One instance a device; a watch or a hub does not measure the air of a room."""
        is_room = self.metric != "temperature" or not _ELSEWHERE & seen.device.model.metrics.keys()
        return f"{self.metric}/{seen.device.id}" if is_room else None

    def is_calm(self, seen: Seen) -> bool:
        """Say whether the value is within the limits, or says nothing about a person."""
        value = seen.values[self.metric]
        return self.low <= value <= self.high or self._is_loose(seen) or is_nobody(seen)

    def _is_loose(self, seen: Seen) -> bool:
        if self.metric != "temperature" and seen.values.get("lead_off"):
            return True
        return self.metric == "respiration_rate" and not seen.values[self.metric] and bool(
            seen.values.get("heart_rate")
        )  # fmt: skip

    def hear(self, one: Instance, seen: Seen, key: str) -> Iterator[Raised]:
        """Take one value."""
        if self.is_calm(seen):
            if one.since is not None:
                one.clear()
            return
        one.since = one.since or seen.at
        one.count += 1
        one.evidence = [*one.evidence[1 - _KEPT :], reading(seen, self.metric)]
        is_over = one.count >= self.times and seen.at - one.since >= timedelta(seconds=self.hold_s)
        if is_over and is_cool(one, seen.at, self.cooldown_s):
            episode, one.raised = _episode(one.since, one.raised, seen.at), seen.at
            yield Raised(
                self.name, self.type, seen.device.id, key, episode, seen.at, one.evidence, self.severity
            )


@dataclass(frozen=True)
class LeadOff(Prompt):
    """No breath beside a heart that beats, or no signal at all of somebody in bed: the sensor is loose.

    Nobody is paged for it; breath that stops a moment after it was normal is `no_breath`.
    """

    hold_s: float
    cooldown_s: float
    severity: int | None = None

    name = "lead_off"
    metrics = ("respiration_rate", "lead_off")

    def key(self, seen: Seen) -> str | None:
        """One instance a device."""
        return f"lead_off/{seen.device.id}"

    def is_calm(self, seen: Seen) -> bool:
        """Say whether the sensor is well."""
        if seen.values.get("lead_off"):
            return False
        breath, heart = seen.values.get("respiration_rate"), seen.values.get("heart_rate")
        is_lost = breath == 0 and (bool(heart) or (heart == 0 and bool(seen.values.get("in_bed"))))
        return not is_lost or is_nobody(seen)

    def hear(self, one: Instance, seen: Seen, key: str) -> Iterator[Raised]:
        """Take one value."""
        if self.is_calm(seen):
            if one.since is not None:
                one.clear()
            return
        if one.since is None:
            one.since = seen.at
            said = ("lead_off", "respiration_rate", "heart_rate", "in_bed")
            one.evidence = [reading(seen, name) for name in said if name in seen.values]
        if seen.at - one.since >= timedelta(seconds=self.hold_s) and is_cool(one, seen.at, self.cooldown_s):
            episode, one.raised = _episode(one.since, one.raised, seen.at), seen.at
            yield Raised(
                self.name, "fault", seen.device.id, key, episode, seen.at, one.evidence, self.severity
            )


def is_cool(one: Instance, at: datetime, cooldown_s: float) -> bool:
    """Say whether the last alarm lies far enough back."""
    return one.raised is None or at - one.raised >= timedelta(seconds=cooldown_s)


def _episode(since: datetime, raised: datetime | None, at: datetime) -> datetime:
    """Name a condition by its beginning; what lasts beyond the cooldown is an alarm of its own."""
    return since if raised is None or raised < since else at


def is_nobody(seen: Seen) -> bool:
    """Say whether the message itself says that nobody is there to be measured."""
    return any(seen.values.get(name) is False for name in _THERE)


@dataclass(frozen=True)
class LowBattery(Prompt):
    """A battery that runs out, with a little hysteresis."""

    low: float
    clear: float
    cooldown_s: float
    severity: int | None = None

    name = "low_battery"
    metrics = ("battery",)

    def key(self, seen: Seen) -> str | None:
        """One instance a device."""
        return f"low_battery/{seen.device.id}"

    def is_calm(self, seen: Seen) -> bool:
        """Say whether there is nothing to remember."""
        return seen.values["battery"] > self.clear

    def hear(self, one: Instance, seen: Seen, key: str) -> Iterator[Raised]:
        """Take one value."""
        value = seen.values["battery"]
        if value > self.clear:
            one.is_on = False
        elif value <= self.low and not one.is_on and is_cool(one, seen.at, self.cooldown_s):
            one.is_on, one.raised = True, seen.at
            found = [reading(seen, "battery")]
            yield Raised(
                self.name, "low_battery", seen.device.id, key, seen.at, seen.at, found, self.severity
            )
