"""Out of bed at night and not back: from a mat, or from motion in the rooms where there is no mat."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from gateway.rules import night
from gateway.rules.memory import Instance, Raised, Seen, reading

BEDROOM = "bedroom"
_ONE_NIGHT = timedelta(hours=12)


@dataclass(frozen=True)
class BedExit:
    """What both ways share."""

    minutes: float
    night_start: str
    night_end: str
    settle_s: float
    in_bed_minutes: float
    asleep_minutes: float
    zone: ZoneInfo
    severity: int | None = None

    name = "bed_exit"

    def is_night(self, at: datetime) -> bool:
        """Say whether a local clock is in the night."""
        return night.is_between(at, self.night_start, self.night_end, self.zone)

    def leave(self, one: Instance, seen: Seen, metric: str) -> None:
        """Remember that the bed was left."""
        one.since, one.back, one.device = seen.at, None, seen.device.id
        one.evidence = [*one.evidence[-1:], reading(seen, metric)]
        one.wait(seen, seen.at + timedelta(minutes=self.minutes))

    def alarm(self, one: Instance, key: str, at: datetime) -> Iterator[Raised]:
        """Raise once for this exit, if it is still night."""
        assert one.since is not None  # noqa: S101 - an exit is being watched
        if self.is_night(at) and one.raised != one.since:
            one.raised = one.since
            yield Raised(self.name, "bed_exit", one.device, key, one.since, at, one.evidence, self.severity)


class MatExit(BedExit):
    """A mat says in or out; it chatters, so a return counts when it lasts."""

    metrics = ("in_bed",)

    def key(self, seen: Seen) -> str | None:
        """One instance a mat."""
        return f"bed_exit/{seen.device.id}"

    def hear(self, one: Instance, seen: Seen, key: str) -> Iterator[Raised]:  # noqa: ARG002 - one signature for all rules
        """Take one report of the mat."""
        is_in = bool(seen.values["in_bed"])
        if one.is_on is is_in:
            return
        if is_in:
            one.back, one.is_on = seen.at, True
            one.evidence = [*one.evidence[-1:], reading(seen, "in_bed")]
            if one.since is not None:
                one.wait(seen, seen.at + timedelta(seconds=self.settle_s))
        else:
            self._out(one, seen)
        yield from ()

    def _out(self, one: Instance, seen: Seen) -> None:
        stay = seen.at - one.back if one.back is not None else timedelta(0)
        one.is_on = False
        if one.since is not None and stay < timedelta(seconds=self.settle_s):
            one.back = None
            one.wait(seen, max(one.since + timedelta(minutes=self.minutes), seen.at))
        elif self._slept(one, seen, stay):
            one.last = seen.at
            self.leave(one, seen, "in_bed")
        else:
            one.clear()

    def _slept(self, one: Instance, seen: Seen, stay: timedelta) -> bool:
        """Say whether somebody gets up who lay down for the night; after that, every short return counts."""
        is_same_night = one.last is not None and seen.at - one.last <= _ONE_NIGHT
        needed = timedelta(seconds=self.settle_s) if is_same_night else timedelta(minutes=self.in_bed_minutes)
        return stay >= needed and self.is_night(seen.at)

    def pass_(self, one: Instance, key: str, at: datetime) -> Iterator[Raised]:
        """Let time pass to `at`, when the instance is due."""
        one.due = None
        if one.is_on:
            one.since = None
        else:
            yield from self.alarm(one, key, at)


class MotionExit(BedExit):
    """No mat: stillness after the bedroom is sleep; motion elsewhere is out of bed; the bedroom is back."""

    metrics = ("occupied", "open")

    def key(self, seen: Seen) -> str | None:  # noqa: ARG002 - one signature for all rules
        """One instance a home."""
        return "bed_exit/motion"

    def hear(self, one: Instance, seen: Seen, key: str) -> Iterator[Raised]:  # noqa: ARG002 - one signature for all rules
        """Take one motion, or one opened door."""
        metric = next((name for name in self.metrics if seen.values.get(name)), None)
        if metric is None:
            return
        if seen.device.room == BEDROOM:
            one.last, one.since = seen.at, None
            one.wait(seen, None)
            one.evidence = [reading(seen, metric)]
        elif one.since is None or one.raised == one.since:
            if self._slept(one, seen):
                self.leave(one, seen, metric)
            one.other = seen.at
        else:
            one.other = seen.at
        yield from ()

    def _slept(self, one: Instance, seen: Seen) -> bool:
        if one.last is None or not self.is_night(seen.at):
            return False
        still = timedelta(minutes=self.asleep_minutes)
        if one.other is None:
            return seen.at - one.last >= still
        return one.last > one.other and seen.at - one.other >= still

    def pass_(self, one: Instance, key: str, at: datetime) -> Iterator[Raised]:
        """Let time pass to `at`, when the instance is due."""
        one.due = None
        yield from self.alarm(one, key, at)
