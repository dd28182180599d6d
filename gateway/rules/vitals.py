"""Heart and breath over time: a drift away from what is usual for this person, and breath that stops."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.rules.limits import is_cool, is_nobody
from gateway.rules.memory import Instance, Prompt, Raised, Seen, reading

SAMPLE_S = 600.0
"""One value in so long is enough for what takes hours, and the memory is written that much less."""
FRESH_S = 300.0
"""Normal breath is noted so often."""


@dataclass(frozen=True)
class Trend(Prompt):
    """The mean of some hours lies too far from the mean of many days."""

    name: str
    metric: str
    percent: float
    hours: float
    days: float
    hold_hours: float
    cooldown_s: float
    severity: int | None = None

    @property
    def metrics(self) -> tuple[str, ...]:
        """What it listens to."""
        return (self.metric,)

    def key(self, seen: Seen) -> str | None:
        """One instance a device."""
        return f"{self.name}/{seen.device.id}"

    def is_calm(self, seen: Seen) -> bool:
        """Say whether the value says nothing about a person."""
        return not seen.values[self.metric] or is_nobody(seen)

    def hear(self, one: Instance, seen: Seen, key: str) -> Iterator[Raised]:
        """Take a sample; `count` of them have made what is usual."""
        if self.is_calm(seen):
            return
        gap_s = (seen.at - one.last).total_seconds() if one.last else SAMPLE_S
        if gap_s < SAMPLE_S:
            return
        one.last = seen.at
        value = float(seen.values[self.metric])
        if one.usual is None or one.recent is None:
            one.usual = one.recent = value
        one.recent += _share(self.hours) * (value - one.recent)
        if one.since is None:
            one.usual += max(_share(self.days * 24), 1 / (one.count + 1)) * (value - one.usual)
            one.count += 1
        yield from self._compare(one, seen, key)

    def _compare(self, one: Instance, seen: Seen, key: str) -> Iterator[Raised]:
        assert one.usual is not None  # noqa: S101 - a sample was taken
        assert one.recent is not None  # noqa: S101 - a sample was taken
        needed = self.days * 24 * 3600 / SAMPLE_S / 3
        if one.count < needed or abs(one.recent - one.usual) <= one.usual * self.percent / 100:
            one.since = None
            return
        one.since = one.since or seen.at
        if seen.at - one.since >= timedelta(hours=self.hold_hours) and is_cool(one, seen.at, self.cooldown_s):
            one.raised = seen.at
            found = [
                reading(seen, self.metric),
                reading(seen, "recent", round(one.recent, 1)),
                reading(seen, "usual", round(one.usual, 1)),
            ]
            type_ = self.metric
            yield Raised(self.name, type_, seen.device.id, key, seen.at, seen.at, found, self.severity)
            one.usual, one.since = one.recent, None


def _share(hours: float) -> float:
    return min(1.0, SAMPLE_S / (hours * 3600))


@dataclass(frozen=True)
class NoBreath(Prompt):
    """Breath stops of somebody who is there and breathed a moment ago; a normal heart says loose lead."""

    low: float
    normal: float
    fresh_s: float
    hold_s: float
    times: int
    heart_low: float
    heart_high: float
    cooldown_s: float
    severity: int | None = None

    name = "no_breath"
    metrics = ("respiration_rate",)

    def key(self, seen: Seen) -> str | None:
        """One instance a device."""
        return f"{self.name}/{seen.device.id}"

    def hear(self, one: Instance, seen: Seen, key: str) -> Iterator[Raised]:
        """Take one value."""
        value = seen.values["respiration_rate"]
        if value > self.low:
            if one.since is not None:
                one.clear()
            is_due = one.last is None or (seen.at - one.last).total_seconds() >= FRESH_S
            if value >= self.normal and is_due:
                one.last = seen.at
            return
        if not self._is_there(seen) or not self._breathed(one, seen.at):
            one.clear()
            return
        one.since = one.since or seen.at
        one.count += 1
        one.evidence = [*one.evidence[-4:], reading(seen, "respiration_rate")]
        is_over = one.count >= self.times and seen.at - one.since >= timedelta(seconds=self.hold_s)
        if is_over and one.raised != one.since and is_cool(one, seen.at, self.cooldown_s):
            one.raised = one.since
            yield Raised(
                self.name, "apnoea", seen.device.id, key, one.since, seen.at, one.evidence, self.severity
            )

    def _breathed(self, one: Instance, at: datetime) -> bool:
        return one.last is not None and (one.since or at) - one.last <= timedelta(seconds=self.fresh_s)

    def _is_there(self, seen: Seen) -> bool:
        """Say whether somebody is there whose heart does not say that the sensor is loose."""
        heart = seen.values.get("heart_rate")
        if is_nobody(seen) or seen.values.get("lead_off"):
            return False
        if heart and self.heart_low <= heart <= self.heart_high:
            return False
        return bool(heart or seen.values.get("in_bed") or seen.values.get("occupied"))
