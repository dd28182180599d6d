"""Nobody moves: hours of stillness in the waking day, or too long in the bathroom."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from gateway.rules import night
from gateway.rules.memory import Instance, Raised, Seen, reading

ENTRANCE = frozenset({"entrance", "hall"})
BATHROOM = "bathroom"
COARSE = timedelta(seconds=60)


@dataclass(frozen=True)
class NoMotion:
    """Stillness of a whole home; the bed occupied is sleep, the front door last is away."""

    hours: float
    day_start: str
    day_end: str
    in_bed_hours: float
    held_hours: float
    away_s: float
    zone: ZoneInfo
    severity: int | None = None

    name = "no_motion"
    metrics = ("occupied", "open", "in_bed")

    def key(self, seen: Seen) -> str | None:  # noqa: ARG002 - one signature for all rules
        """One instance a home."""
        return "no_motion"

    def hear(self, one: Instance, seen: Seen, key: str) -> Iterator[Raised]:  # noqa: ARG002 - one signature for all rules
        """Take one sign of life."""
        in_bed = seen.values.get("in_bed")
        is_held = bool(seen.values.get("occupied"))
        if in_bed is not None:
            if one.is_on is bool(in_bed):
                return
            one.is_on = bool(in_bed)
        elif "open" in seen.values and seen.device.room in ENTRANCE:
            self._door(one, seen.at)
        elif one.last is not None and one.count == is_held and _is_same(one, seen):
            return
        one.last, one.device, one.count = seen.at, seen.device.id, int(is_held)
        one.evidence = [reading(seen, metric) for metric in self.metrics if metric in seen.values]
        one.wait(seen, self._until(one, seen.at))
        yield from ()

    def _door(self, one: Instance, at: datetime) -> None:
        """Take one use of the home's door: out, unless everybody was out already; `back` is set while out.

        What follows within `away_s` is the same passage: it opens, it closes, somebody holds it.
        """
        passage = timedelta(seconds=self.away_s)
        is_same = one.other is not None and at - one.other <= passage
        was_out = one.back is not None and one.last is not None and one.last - one.back <= passage
        if is_same:
            one.back = at if one.back is not None else None
        else:
            one.back = None if was_out and one.due is None and not one.is_on else at
        one.other = at

    def _until(self, one: Instance, at: datetime) -> datetime | None:
        if one.is_on:
            return at + timedelta(hours=self.in_bed_hours)
        if one.back is not None and at - one.back <= timedelta(seconds=self.away_s):
            return None
        hours = self.held_hours if one.count else self.hours
        return night.after_waking_hours(at, hours, self.day_start, self.day_end, self.zone)

    def pass_(self, one: Instance, key: str, at: datetime) -> Iterator[Raised]:
        """Let time pass to `at`, when the instance is due."""
        one.due = None
        if one.last is not None and one.raised != one.last:
            one.raised = one.last
            yield Raised(self.name, "no_motion", one.device, key, one.last, at, one.evidence, self.severity)


def _is_same(one: Instance, seen: Seen) -> bool:
    """Say whether a sign of life changes nothing: a minute more or less does not matter to hours."""
    assert one.last is not None  # noqa: S101 - the caller looked
    was_away = one.due is None and not one.is_on and one.raised != one.last
    return not was_away and timedelta(0) <= seen.at - one.last < COARSE


@dataclass(frozen=True)
class LongBathroom:
    """Motion in the bathroom, then in no other room for too long."""

    minutes: float
    severity: int | None = None

    name = "long_bathroom"
    metrics = ("occupied", "open", "in_bed")

    def key(self, seen: Seen) -> str | None:  # noqa: ARG002 - one signature for all rules
        """One instance a home."""
        return "long_bathroom"

    def is_calm(self, seen: Seen) -> bool:
        """Say whether there is nothing to remember."""
        return seen.device.room != BATHROOM

    def hear(self, one: Instance, seen: Seen, key: str) -> Iterator[Raised]:  # noqa: ARG002 - one signature for all rules
        """Take one motion."""
        metric = next((name for name in self.metrics if seen.values.get(name)), None)
        if metric is None:
            return
        if seen.device.room != BATHROOM:
            if one.since is not None:
                one.clear()
        elif one.since is None:
            one.since, one.device = seen.at, seen.device.id
            one.evidence = [reading(seen, metric)]
            one.wait(seen, seen.at + timedelta(minutes=self.minutes))
        yield from ()

    def pass_(self, one: Instance, key: str, at: datetime) -> Iterator[Raised]:
        """Let time pass to `at`, when the instance is due."""
        one.due = None
        if one.since is not None and one.raised != one.since:
            one.raised = one.since
            yield Raised(
                self.name, "long_bathroom", one.device, key, one.since, at, one.evidence, self.severity
            )
