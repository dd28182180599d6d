"""At night: the home's door is opened, somebody leaves and does not come back, somebody walks about."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from gateway.rules import night
from gateway.rules.memory import Instance, Prompt, Raised, Seen, reading
from gateway.rules.still import COARSE, ENTRANCE


@dataclass(frozen=True)
class DoorNight(Prompt):
    """The home's own door is opened at night: told at once, for those who must not go out alone."""

    night_start: str
    night_end: str
    cooldown_s: float
    zone: ZoneInfo
    severity: int | None = None

    name = "door_night"
    metrics = ("open",)

    def key(self, seen: Seen) -> str | None:
        """One instance a door, of those that lead outside."""
        return f"{self.name}/{seen.device.id}" if seen.device.room in ENTRANCE else None

    def hear(self, one: Instance, seen: Seen, key: str) -> Iterator[Raised]:
        """Take one opened door."""
        was_open, one.is_on = one.is_on, bool(seen.values["open"])
        if was_open or not one.is_on:
            return
        is_night = night.is_between(seen.at, self.night_start, self.night_end, self.zone)
        if is_night and (one.raised is None or seen.at - one.raised >= timedelta(seconds=self.cooldown_s)):
            one.raised = seen.at
            found = [reading(seen, "open")]
            yield Raised(self.name, "wandering", seen.device.id, key, seen.at, seen.at, found, self.severity)


@dataclass(frozen=True)
class LeftAtNight:
    """The home's door is used at night and nobody moves inside after it."""

    minutes: float
    away_s: float
    night_start: str
    night_end: str
    zone: ZoneInfo
    severity: int | None = None

    name = "left_at_night"
    metrics = ("open", "occupied", "in_bed")

    def key(self, seen: Seen) -> str | None:  # noqa: ARG002 - one signature for all rules
        """One instance a home."""
        return self.name

    def hear(self, one: Instance, seen: Seen, key: str) -> Iterator[Raised]:  # noqa: ARG002 - one signature for all rules
        """Take a door or a sign of life; `last` is the last sign before the door."""
        if "open" in seen.values and seen.device.room in ENTRANCE:
            self._door(one, seen)
        elif any(seen.values.get(metric) for metric in self.metrics):
            if one.since is not None and one.back is not None and seen.at - one.back > timedelta(0):
                one.clear()
            if one.last is None or seen.at - one.last >= COARSE:
                one.last = seen.at
        yield from ()

    def _door(self, one: Instance, seen: Seen) -> None:
        """Begin, or go on waiting, when somebody was up just before: who comes home was not there."""
        was_there = one.last is not None and seen.at - one.last <= timedelta(seconds=self.away_s)
        if one.since is None and not (
            was_there and night.is_between(seen.at, self.night_start, self.night_end, self.zone)
        ):
            return
        if one.since is None:
            one.since, one.device = seen.at, seen.device.id
        one.back = seen.at
        one.evidence = [*one.evidence[-3:], reading(seen, "open")]
        one.wait(seen, seen.at + timedelta(minutes=self.minutes))

    def pass_(self, one: Instance, key: str, at: datetime) -> Iterator[Raised]:
        """Let time pass to `at`, when the instance is due."""
        one.due = None
        if one.since is not None and one.raised != one.since:
            one.raised = one.since
            yield Raised(self.name, "wandering", one.device, key, one.since, at, one.evidence, self.severity)


@dataclass(frozen=True)
class Wandering(Prompt):
    """From room to room to room in the night, without rest."""

    changes: float
    minutes: float
    night_start: str
    night_end: str
    cooldown_s: float
    zone: ZoneInfo
    severity: int | None = None

    name = "wandering"
    metrics = ("occupied", "open")

    def key(self, seen: Seen) -> str | None:
        """One instance a home; a sensor without a room says nothing about walking."""
        return self.name if seen.device.room else None

    def is_calm(self, seen: Seen) -> bool:
        """Say whether there is nothing to remember."""
        return not night.is_between(seen.at, self.night_start, self.night_end, self.zone)

    def hear(self, one: Instance, seen: Seen, key: str) -> Iterator[Raised]:
        """Take one sign of life; what is kept is the changes of room of the last `minutes`."""
        metric = next((name for name in self.metrics if seen.values.get(name)), None)
        is_same = bool(one.evidence) and one.evidence[-1]["room"] == seen.device.room
        if metric is None or is_same or self.is_calm(seen):
            return
        since = (seen.at - timedelta(minutes=self.minutes)).isoformat()
        kept = [row for row in one.evidence if row["observed_at"] > since]
        one.evidence = [*kept, reading(seen, metric)]
        one.last, one.count = seen.at, len(one.evidence)
        is_cool = one.raised is None or seen.at - one.raised >= timedelta(seconds=self.cooldown_s)
        if one.count > self.changes and is_cool:
            one.raised = seen.at
            yield Raised(
                self.name, "wandering", seen.device.id, key, seen.at, seen.at, one.evidence, self.severity
            )
