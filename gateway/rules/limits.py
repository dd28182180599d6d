"""One value against its limits: at once, or when it holds; and again only after a while."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.rules.memory import Instance, Prompt, Raised, Seen, reading

_KEPT = 5


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
        """One instance a device."""
        return f"{self.metric}/{seen.device.id}"

    def is_calm(self, seen: Seen) -> bool:
        """Say whether the value is within the limits, or says nothing about a person."""
        value = seen.values[self.metric]
        return self.low <= value <= self.high or self._is_loose(seen) or _is_nobody(seen)

    def _is_loose(self, seen: Seen) -> bool:
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
        if is_over and _is_cool(one, seen.at, self.cooldown_s):
            episode, one.raised = _episode(one.since, one.raised, seen.at), seen.at
            yield Raised(
                self.name, self.type, seen.device.id, key, episode, seen.at, one.evidence, self.severity
            )


@dataclass(frozen=True)
class LeadOff(Prompt):
    """No breath beside a heart that beats: the sensor is loose, nobody is paged for it."""

    hold_s: float
    cooldown_s: float
    severity: int | None = None

    name = "lead_off"
    metrics = ("respiration_rate",)

    def key(self, seen: Seen) -> str | None:
        """One instance a device."""
        return f"lead_off/{seen.device.id}"

    def is_calm(self, seen: Seen) -> bool:
        """Say whether the sensor is well."""
        return bool(seen.values["respiration_rate"]) or not seen.values.get("heart_rate") or _is_nobody(seen)

    def hear(self, one: Instance, seen: Seen, key: str) -> Iterator[Raised]:
        """Take one value."""
        if self.is_calm(seen):
            if one.since is not None:
                one.clear()
            return
        if one.since is None:
            one.since = seen.at
            one.evidence = [reading(seen, "respiration_rate"), reading(seen, "heart_rate")]
        if seen.at - one.since >= timedelta(seconds=self.hold_s) and _is_cool(one, seen.at, self.cooldown_s):
            episode, one.raised = _episode(one.since, one.raised, seen.at), seen.at
            yield Raised(
                self.name, "fault", seen.device.id, key, episode, seen.at, one.evidence, self.severity
            )


def _is_cool(one: Instance, at: datetime, cooldown_s: float) -> bool:
    return one.raised is None or at - one.raised >= timedelta(seconds=cooldown_s)


def _episode(since: datetime, raised: datetime | None, at: datetime) -> datetime:
    """Name a condition by its beginning; what lasts beyond the cooldown is an alarm of its own."""
    return since if raised is None or raised < since else at


def _is_nobody(seen: Seen) -> bool:
    return seen.values.get("in_bed") is False or seen.values.get("worn") is False


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
        elif value <= self.low and not one.is_on and _is_cool(one, seen.at, self.cooldown_s):
            one.is_on, one.raised = True, seen.at
            found = [reading(seen, "battery")]
            yield Raised(
                self.name, "low_battery", seen.device.id, key, seen.at, seen.at, found, self.severity
            )
