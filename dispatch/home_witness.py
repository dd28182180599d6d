"""What the home's own devices say about a visit: door, motion, bed, the hub's ear. Pure: readings are given.

Traces speak for a visit. Silence speaks against one only where somebody would have been heard: by a device
that was alive, while the gateway listened, of a visit that was not shorter than the device may be silent.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from dispatch.witnesses import ABSENT, AGREES, CONTRADICTS, MARGIN, Finding, finding

BASELINE = timedelta(hours=2)
"""How far back readings are wanted, to know what a sensor said before the visit."""
ALIVE = timedelta(hours=25)
"""A battery sensor that spoke within so long is taken to be working (DOMAIN §4)."""
NOTICED = timedelta(minutes=5)
"""A shorter visit may pass unnoticed: silence does not contradict it."""
LONG = timedelta(minutes=30)
"""In a visit of this length the entrance's door must have been opened, and opened again to leave."""
TRACES = {"open": "door_moved", "occupied": "motion", "in_bed": "bed_changed"}
"""The metrics in which a visitor leaves a trace, and the code of that trace."""
SEES_VISITORS = frozenset({"open", "occupied"})
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Sensor:
    """A device of the home that measures one of TRACES.

    `interval` is the longest that it is silent while it works; without one it speaks only of changes.
    """

    device_id: UUID
    metric: str
    last_seen_at: datetime | None
    interval: timedelta = timedelta()
    is_entrance: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """One measured value; other metrics than TRACES only say that the device was alive."""

    device_id: UUID
    metric: str
    at: datetime
    value: bool


@dataclass(frozen=True, slots=True)
class Home:
    """The home's sensors, what they said, when nobody listened; `until` is how far they have been heard."""

    sensors: Sequence[Sensor] = ()
    readings: Sequence[Reading] = ()
    deaf: Sequence[Span] = ()
    until: datetime | None = None


NOTHING = Home()


def devices(service: str, start: datetime, end: datetime, home: Home) -> Finding:
    """Look for the traces that a visitor leaves; a bath with the bed occupied throughout is contradicted."""
    alive = [one for one in home.sensors if _is_alive(one, start, end, home.readings)]
    if not alive:
        why = {"code": "devices_silent", "sensors": len(home.sensors)} if home.sensors else {}
        return {**finding("devices", ABSENT, "no_devices"), **why}
    heard = _is_heard(start, end, home)
    if heard == "heard":
        against = _bed(service, start, end, alive, home) or _door(start, end, alive, home)
        if against:
            return against
    moves = {m: changes(home.readings, m, start - MARGIN, end + MARGIN) for m in TRACES}
    seen = {TRACES[metric]: count for metric, count in moves.items() if count}
    if seen:
        return finding("devices", AGREES, next(iter(seen)), traces=seen)
    return _silence(alive, heard)


def arrived(at: datetime, readings: Sequence[Reading]) -> bool:
    """Say whether the home's door moved around a check-in: the strict witness that lowering alarms needs.

    Motion and bed do not count here: the elder makes them, with or without a visitor.
    """
    return changes(readings, "open", at - MARGIN, at + MARGIN) > 0


def changes(readings: Iterable[Reading], metric: str, since: datetime, until: datetime) -> int:
    """Count how often a metric changed within [since, until]; without a value before, true counts as one."""
    return sum(_changes_of(one, since, until) for one in _by_device(readings, metric).values())


def _silence(alive: Sequence[Sensor], heard: str) -> Finding:
    """Say what it means that nobody was noticed."""
    if not any(one.metric in SEES_VISITORS for one in alive):
        return finding("devices", ABSENT, "no_change", sensors=len(alive))
    if heard != "heard":
        return finding("devices", ABSENT, heard, sensors=len(alive))
    return finding("devices", CONTRADICTS, "no_trace", sensors=len(alive))


def _is_heard(start: datetime, end: datetime, home: Home) -> str:
    """Say whether silence means something: the visit was long enough, and somebody listened all the time."""
    if end - start < NOTICED:
        return "too_short"
    is_deaf = any(begun < end + MARGIN and ended > start - MARGIN for begun, ended in home.deaf)
    return "not_listening" if is_deaf else "heard"


def _is_alive(sensor: Sensor, start: datetime, end: datetime, readings: Iterable[Reading]) -> bool:
    since = start - (sensor.interval or ALIVE)
    if sensor.last_seen_at is None or sensor.last_seen_at < since:
        return False
    if not sensor.interval or sensor.last_seen_at <= end + MARGIN:
        return True
    return any(one.device_id == sensor.device_id and since <= one.at <= end + MARGIN for one in readings)


def _bed(service: str, start: datetime, end: datetime, alive: Iterable[Sensor], home: Home) -> Finding | None:
    """Say whether a bath was given although every bed that would have said so stayed occupied."""
    if service != "bath":
        return None
    beds = {one.device_id for one in alive if one.metric == "in_bed" and end - start >= one.interval}
    said = [
        s for d, s in _by_device((r for r in home.readings if r.at <= end), "in_bed").items() if d in beds
    ]
    if not said or not all(_stayed_true(bed, start) for bed in said):
        return None
    minutes = round((end - start).total_seconds() / 60)
    return finding("devices", CONTRADICTS, "bed_occupied", minutes=minutes, strong=True)


def _door(start: datetime, end: datetime, alive: Iterable[Sensor], home: Home) -> Finding | None:
    """Say whether nobody can have come, or gone: every entrance is known to have stayed shut."""
    doors = {one.device_id for one in alive if one.metric == "open" and one.is_entrance}
    if not doors or end - start < LONG:
        return None
    said = _by_device(home.readings, "open")
    if all(_stayed_shut(said.get(door, []), start - MARGIN, end + MARGIN) for door in doors):
        return finding("devices", CONTRADICTS, "door_shut", minutes=round((end - start).total_seconds() / 60))
    is_known = home.until is not None and home.until >= end + MARGIN
    if is_known and all(_stayed_shut(said.get(door, []), end - MARGIN, end + MARGIN) for door in doors):
        last = max(one.at for door in doors for one in said[door] if one.at < end - MARGIN)
        before = round((end - last).total_seconds() / 60)
        return finding("devices", CONTRADICTS, "nobody_left", minutes=before)
    return None


def _stayed_shut(readings: Iterable[Reading], since: datetime, until: datetime) -> bool:
    said = list(readings)
    before = [one.value for one in said if one.at < since][-1:]
    return before == [False] and not any(one.value for one in said if since <= one.at <= until)


def _changes_of(readings: Iterable[Reading], since: datetime, until: datetime) -> int:
    count, last = 0, False
    for reading in readings:
        if since <= reading.at <= until and reading.value != last:
            count += 1
        last = reading.value
    return count


def _stayed_true(readings: list[Reading], start: datetime) -> bool:
    before = [r.value for r in readings if r.at < start][-1:]
    return before == [True] and all(r.value for r in readings if r.at >= start)


def _by_device(readings: Iterable[Reading], metric: str) -> dict[UUID, list[Reading]]:
    mine = sorted((r for r in readings if r.metric == metric), key=lambda r: (r.device_id, r.at))
    return {device: list(said) for device, said in groupby(mine, key=lambda r: r.device_id)}
