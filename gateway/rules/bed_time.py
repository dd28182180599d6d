"""Bed times by day: nobody in bed for too long, or somebody who never gets up."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from gateway.rules import night
from gateway.rules.memory import Instance, Raised, Seen, reading
from gateway.rules.still import ENTRANCE

_MORNING = range(4 * 60, 14 * 60)
"""Minutes of the local day in which somebody who leaves the bed has got up."""
_WEIGHT = 0.2
"""Of one morning in what is usual."""


@dataclass(frozen=True)
class BedAbsence:
    """Nobody has been in bed for many hours, and nobody is away."""

    hours: float
    away_s: float
    severity: int | None = None

    name = "bed_absence"
    metrics = ("in_bed", "occupied", "open")

    def key(self, seen: Seen) -> str | None:  # noqa: ARG002 - one signature for all rules
        """One instance a home."""
        return self.name

    def is_calm(self, seen: Seen) -> bool:
        """Say whether there is nothing to remember: a home without a mat has no bed to be absent from."""
        return "in_bed" not in seen.values

    def hear(self, one: Instance, seen: Seen, key: str) -> Iterator[Raised]:  # noqa: ARG002 - one signature for all rules
        """Take one report of the mat, or what says whether anybody is at home."""
        if "in_bed" in seen.values:
            if seen.values["in_bed"]:
                one.is_on = True
                one.clear()
            elif one.is_on:
                one.is_on, one.since, one.device = False, seen.at, seen.device.id
                one.evidence = [reading(seen, "in_bed")]
                one.wait(seen, seen.at + timedelta(hours=self.hours))
        elif "open" in seen.values and seen.device.room in ENTRANCE:
            one.back = seen.at if one.since else None
        elif one.since and one.back and seen.at - one.back > timedelta(seconds=self.away_s):
            self._return(one, seen)
        yield from ()

    def _return(self, one: Instance, seen: Seen) -> None:
        """Somebody moves after the door was used: at home, and may go to bed first."""
        assert one.since is not None  # noqa: S101 - the caller looked
        one.back = None
        if one.due is None and one.raised != one.since:
            one.wait(
                seen, max(one.since, seen.at - timedelta(hours=self.hours / 2)) + timedelta(hours=self.hours)
            )

    def pass_(self, one: Instance, key: str, at: datetime) -> Iterator[Raised]:
        """Let time pass to `at`, when the instance is due."""
        one.due = None
        if one.since is not None and one.back is None and one.raised != one.since:
            one.raised = one.since
            yield Raised(self.name, "not_in_bed", one.device, key, one.since, at, one.evidence, self.severity)


@dataclass(frozen=True)
class StillInBed:
    """Still in bed at a clock, and later than is usual for this person."""

    clock: str
    late_hours: float
    hours: float
    mornings: float
    settle_s: float
    zone: ZoneInfo
    severity: int | None = None

    name = "still_in_bed"
    metrics = ("in_bed",)

    def key(self, seen: Seen) -> str | None:
        """One instance a mat."""
        return f"{self.name}/{seen.device.id}"

    def is_calm(self, seen: Seen) -> bool:
        """Say whether there is nothing to remember."""
        return not seen.values["in_bed"]

    def hear(self, one: Instance, seen: Seen, key: str) -> Iterator[Raised]:  # noqa: ARG002 - one signature for all rules
        """Take one report of the mat; an absence shorter than `settle_s` is none."""
        is_in = bool(seen.values["in_bed"])
        if is_in is one.is_on:
            return
        one.is_on = is_in
        if not is_in:
            one.other, one.due = seen.at, None
            return
        if one.since is None or one.other is None or seen.at - one.other > timedelta(seconds=self.settle_s):
            self._learn(one)
            one.since, one.device = seen.at, seen.device.id
            one.evidence = [reading(seen, "in_bed")]
        one.wait(seen, self._until(one, seen.at))
        yield from ()

    def _learn(self, one: Instance) -> None:
        """Take the last morning into what is usual."""
        if one.since is None or one.other is None or one.other - one.since < timedelta(hours=self.hours):
            return
        up = night.minutes_of(one.other, self.zone)
        if int(up) in _MORNING:
            one.usual = up if one.usual is None else one.usual + _WEIGHT * (up - one.usual)
            one.count += 1

    def _until(self, one: Instance, at: datetime) -> datetime:
        """Return the first look at which somebody has been in bed for long enough."""
        assert one.since is not None  # noqa: S101 - the caller set it
        limit = night.clock_minutes(self.clock)
        if one.usual is None or one.count < self.mornings:
            limit += self.late_hours * 60
        else:
            limit = max(limit, one.usual + self.late_hours * 60)
        earliest = max(at, one.since + timedelta(hours=self.hours))
        return night.next_minutes(earliest, limit, self.zone)

    def pass_(self, one: Instance, key: str, at: datetime) -> Iterator[Raised]:
        """Let time pass to `at`, when the instance is due."""
        one.due = None
        if one.since is not None and one.raised != one.since:
            one.raised = one.since
            yield Raised(self.name, "no_motion", one.device, key, one.since, at, one.evidence, self.severity)
