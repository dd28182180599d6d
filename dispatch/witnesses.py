"""What speaks for or against a visit: the phone, the code at the home, the home's own devices, the people.

Each witness agrees, is absent or contradicts, with a code and its figures. Pure: readings are given.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from dispatch.geo import distance_km

AGREES, ABSENT, CONTRADICTS = "agrees", "absent", "contradicts"
MARGIN = timedelta(minutes=10)
"""How long before check-in and after check-out a trace in the home still belongs to the visit."""
BASELINE = timedelta(hours=2)
"""How far back readings are wanted, to know what a sensor said before the visit."""
ALIVE = timedelta(hours=25)
"""A battery sensor that spoke within so long is taken to be working (DOMAIN §4)."""
TRACES = {"open": "door_moved", "occupied": "motion", "in_bed": "bed_changed"}
"""The metrics in which a visitor leaves a trace, and the code of that trace."""
SEES_VISITORS = frozenset({"open", "occupied"})
_METRES = 1000

Finding = dict[str, Any]


@dataclass(frozen=True)
class Mark:
    """A check-in or check-out as the phone told it; `code` is what the scanned code turned out to be."""

    at: datetime
    received_at: datetime
    lat: float | None = None
    lon: float | None = None
    accuracy_m: float | None = None
    code: str | None = None


@dataclass(frozen=True)
class Sensor:
    """A device of the home that measures one of TRACES."""

    device_id: UUID
    metric: str
    last_seen_at: datetime | None


@dataclass(frozen=True)
class Reading:
    """One measured value."""

    device_id: UUID
    metric: str
    at: datetime
    value: bool


@dataclass(frozen=True)
class Confirmation:
    """What the elder or the family said about the visit."""

    who: str
    agrees: bool


def phone(mark: Mark, lat: float, lon: float, geofence_m: float) -> Finding:
    """Compare the phone's position with the home; its own accuracy widens the fence."""
    if mark.lat is None or mark.lon is None:
        return _finding("phone", ABSENT, "no_position")
    accuracy = mark.accuracy_m or 0.0
    metres = round(distance_km(mark.lat, mark.lon, lat, lon) * _METRES, 1)
    limit = round(geofence_m + accuracy, 1)
    figures = {"distance_m": metres, "limit_m": limit, "accuracy_m": accuracy}
    if metres <= limit:
        return _finding("phone", AGREES, "inside", **figures)
    return _finding("phone", CONTRADICTS, "outside", **figures)


def code(marks: Iterable[Mark]) -> Finding:
    """Judge the codes scanned at the home."""
    scanned = [mark.code for mark in marks if mark.code is not None]
    if not scanned:
        return _finding("code", ABSENT, "not_scanned")
    wrong = [one for one in scanned if one != "valid"]
    if wrong:
        return _finding("code", CONTRADICTS, wrong[0])
    return _finding("code", AGREES, "valid", scans=len(scanned))


def devices(
    service: str, start: datetime, end: datetime, sensors: Sequence[Sensor], readings: Sequence[Reading]
) -> Finding:
    """Look for the traces that a visitor leaves; a bath with the bed occupied throughout is contradicted."""
    if not sensors:
        return _finding("devices", ABSENT, "no_devices")
    alive = [s for s in sensors if s.last_seen_at is not None and s.last_seen_at >= start - ALIVE]
    if not alive:
        return _finding("devices", ABSENT, "devices_silent", sensors=len(sensors))
    if service == "bath" and _bed_stayed_occupied(start, end, readings):
        minutes = round((end - start).total_seconds() / 60)
        return _finding("devices", CONTRADICTS, "bed_occupied", minutes=minutes, strong=True)
    moves = {m: changes(readings, m, start - MARGIN, end + MARGIN) for m in TRACES}
    seen = {TRACES[metric]: count for metric, count in moves.items() if count}
    if seen:
        return _finding("devices", AGREES, next(iter(seen)), traces=seen)
    if any(s.metric in SEES_VISITORS for s in alive):
        return _finding("devices", CONTRADICTS, "no_trace", sensors=len(alive))
    return _finding("devices", ABSENT, "no_change", sensors=len(alive))


def people(confirmations: Sequence[Confirmation]) -> Finding:
    """Take what the elder or family said; one who denies outweighs the others."""
    if not confirmations:
        return _finding("elder", ABSENT, "not_asked")
    denied = [one for one in confirmations if not one.agrees]
    if denied:
        return _finding("elder", CONTRADICTS, "denied", by=denied[-1].who, strong=True)
    return _finding("elder", AGREES, "confirmed", by=confirmations[-1].who)


def arrived(at: datetime, readings: Sequence[Reading]) -> bool:
    """Say whether the home's door moved around a check-in: the strict witness that lowering alarms needs.

    Motion and bed do not count here: the elder makes them, with or without a visitor.
    """
    return changes(readings, "open", at - MARGIN, at + MARGIN) > 0


def changes(readings: Sequence[Reading], metric: str, since: datetime, until: datetime) -> int:
    """Count how often a metric changed within [since, until]; without a value before, true counts as one."""
    mine = sorted((r for r in readings if r.metric == metric), key=_by_device)
    return sum(_changes_of(list(one), since, until) for _, one in groupby(mine, key=lambda r: r.device_id))


def _changes_of(readings: list[Reading], since: datetime, until: datetime) -> int:
    count, last = 0, False
    for reading in readings:
        if since <= reading.at <= until and reading.value != last:
            count += 1
        last = reading.value
    return count


def _bed_stayed_occupied(start: datetime, end: datetime, readings: Sequence[Reading]) -> bool:
    """Say whether every bed sensor that spoke said occupied, last before the visit and throughout it."""
    mine = sorted((r for r in readings if r.metric == "in_bed" and r.at <= end), key=_by_device)
    beds = [list(one) for _, one in groupby(mine, key=lambda r: r.device_id)]
    return bool(beds) and all(_stayed_true(bed, start) for bed in beds)


def _stayed_true(readings: list[Reading], start: datetime) -> bool:
    before = [r.value for r in readings if r.at < start][-1:]
    return before == [True] and all(r.value for r in readings if r.at >= start)


def _by_device(reading: Reading) -> tuple[UUID, datetime]:
    return reading.device_id, reading.at


def _finding(witness: str, says: str, why: str, **figures: object) -> Finding:
    return {"witness": witness, "says": says, "code": why, **figures}
