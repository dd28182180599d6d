"""Events put into copies of real logs: a door held open, no return to bed, silence, a stuck sensor."""

import bisect
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from core.clock import ZONE
from devices.recordings import Event, Kit

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_TRIES = 400


@dataclass(frozen=True)
class Home:
    """One log with its kit."""

    name: str
    events: Sequence[Event]
    kit: Kit

    def devices(self, model: str, *rooms: str) -> list[str]:
        """Name the devices of a model (and rooms, if given)."""
        return [
            name
            for name, one in self.kit.items()
            if one["thing_model"] == model and (not rooms or one["room"] in rooms)
        ]

    def moment(self, dice: random.Random, first: time, last: time) -> datetime:
        """Return a random instant of the second half between two local clocks, which may pass midnight."""
        start, end = self.events[0][0], self.events[-1][0]
        day = (start + (end - start) * dice.uniform(0.5, 0.9)).astimezone(ZONE).date()
        opens, closes = datetime.combine(day, first, ZONE), datetime.combine(day, last, ZONE)
        closes += _DAY if closes <= opens else timedelta(0)
        return opens + (closes - opens) * dice.random()

    def between(self, since: datetime, until: datetime) -> list[Event]:
        """Return what was said in a time."""
        return list(self.events[self.nth(since) : self.nth(until)])

    def nth(self, at: datetime) -> int:
        """Return how many events came before."""
        return bisect.bisect_left(self.events, at, key=lambda one: one[0])


@dataclass(frozen=True)
class Injected:
    """A copy of a log with one event in it, and who should notice it by when."""

    events: list[Event]
    at: datetime
    until: datetime
    rules: frozenset[str]
    device: str | None = None


def _moves(events: Sequence[Event]) -> list[Event]:
    return [one for one in events if one[2].get("occupied") or one[2].get("in_bed")]


def _without(home: Home, since: datetime, until: datetime, *names: str) -> list[Event]:
    """Return the log without what these devices (or all) said in a time."""
    return [one for one in home.events if not (since <= one[0] < until and (not names or one[1] in names))]


def _sorted(events: list[Event]) -> list[Event]:
    return sorted(events, key=lambda one: one[0])


def door_held_open(home: Home, dice: random.Random) -> Injected | None:
    """The home's door is opened and not closed for 75 minutes."""
    doors = home.devices("door_v1", "entrance", "hall")
    if not doors:
        return None
    door, at = dice.choice(doors), home.moment(dice, time(7), time(23))
    until = at + 75 * _MINUTE
    more = [(at, door, {"open": True}), (until, door, {"open": False})]
    kept = _without(home, at, until, door)
    return Injected(_sorted([*kept, *more]), at, until, frozenset({"door_open"}), door)


def no_return_to_bed(home: Home, dice: random.Random) -> Injected | None:
    """Somebody asleep gets up at night, walks, and is not back within 90 minutes."""
    others = home.devices("motion_v1", "bathroom", "kitchen", "living_room")
    mats = [*home.devices("mat_v1"), *home.devices("care_bed_v1")]
    beds = mats or home.devices("motion_v1", "bedroom")
    if not others or not beds:
        return None
    for _ in range(_TRIES):
        at = home.moment(dice, time(23, 30), time(4, 15))
        if _is_asleep(home, at, mats, beds):
            until = at + 90 * _MINUTE
            walk = [(at + nth * 4 * _MINUTE, dice.choice(others)) for nth in range(3)]
            more: list[Event] = [(when, name, {"occupied": True}) for when, name in walk]
            more += [(when + 20 * timedelta(seconds=1), name, {"occupied": False}) for when, name in walk]
            more += [(at, mat, {"in_bed": False}) for mat in mats]
            kept = _without(home, at, until, *beds)
            return Injected(_sorted([*kept, *more]), at, at + 60 * _MINUTE, frozenset({"bed_exit"}))
    return None


def _is_asleep(home: Home, at: datetime, mats: list[str], beds: list[str]) -> bool:
    """Say whether somebody lies in bed: the mat says so, or nothing moved but the bedroom for 40 minutes."""
    said = home.between(at - _DAY, at)
    if mats:
        of_mat = [one for one in said if one[1] in mats]
        return bool(of_mat) and bool(of_mat[-1][2]["in_bed"]) and at - of_mat[-1][0] > 30 * _MINUTE
    moves = _moves(said[-500:])
    away = [one for one in moves if one[1] not in beds]
    is_still = bool(away) and at - away[-1][0] > 40 * _MINUTE
    return is_still and moves[-1][1] in beds and at - moves[-1][0] < 4 * _HOUR


def silence_at_home(home: Home, dice: random.Random) -> Injected | None:
    """Somebody who was moving at home moves no more for a day and a half."""
    doors = home.devices("door_v1", "entrance", "hall")
    for _ in range(_TRIES):
        at = home.moment(dice, time(8), time(19))
        moves = _moves(home.between(at - 10 * _MINUTE, at))
        used = [one for one in home.between(at - 30 * _MINUTE, at) if one[1] in doors]
        if len(moves) > 1 and not used and "in_bed" not in moves[-1][2]:
            until = at + 36 * _HOUR
            kept = _without(home, at, until)
            return Injected(kept, at, until, frozenset({"no_motion"}))
    return None


def dead_sensor(home: Home, dice: random.Random) -> Injected | None:
    """A sensor that spoke many times a day says nothing more."""
    at = home.moment(dice, time(8), time(20)) - 2 * _DAY
    before = home.between(at - 5 * _DAY, at)
    busy = [name for name in home.kit if sum(one[1] == name for one in before) >= 100]
    if not busy or home.events[-1][0] - at < 4 * _DAY:
        return None
    name = dice.choice(busy)
    until = at + 4 * _DAY
    return Injected(_without(home, at, until, name), at, until, frozenset({"silent", "stuck"}), name)


def stuck_sensor(home: Home, dice: random.Random) -> Injected | None:
    """A motion sensor turns on and never off again for 20 hours."""
    at = home.moment(dice, time(8), time(20))
    motions = home.devices("motion_v1")
    if not motions:
        return None
    name, until = dice.choice(motions), at + 20 * _HOUR
    kept = _without(home, at, until, name)
    return Injected(_sorted([*kept, (at, name, {"occupied": True})]), at, until, frozenset({"stuck"}), name)


KINDS: dict[str, Callable[[Home, random.Random], Injected | None]] = {
    "a door held open": door_held_open,
    "no return to bed": no_return_to_bed,
    "silence at home": silence_at_home,
    "a dead sensor": dead_sensor,
    "a stuck sensor": stuck_sensor,
}
