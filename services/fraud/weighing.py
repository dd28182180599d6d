"""Months from outside come without a proof: each visit is weighed once, by dispatch's own function. Pure."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5
from zoneinfo import ZoneInfo

from dispatch import home_witness, proof, witnesses
from dispatch.home_witness import Home, Reading, Sensor
from dispatch.witnesses import MARGIN, Confirmation, Signature
from services.fraud.records import Mark, Visit

_BEFORE = timedelta(hours=2)
_GRACE = timedelta(minutes=15)
_WINDOW = timedelta(hours=2)
_NOWHERE = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Device:
    """A device of a home as the file names it."""

    id: str
    metric: str
    is_entrance: bool
    interval: timedelta
    last_seen_at: datetime | None


@dataclass(slots=True)
class Said:
    """What was said of a visit besides its marks."""

    confirmations: Sequence[tuple[str, bool]] = ()
    signatures: Sequence[tuple[str, bool]] = ()
    has_record: bool = True
    is_emergency: bool = False
    planned_start: datetime | None = None


@dataclass(slots=True)
class Homes:
    """Devices and readings by home, and when nobody listened."""

    devices: dict[str, list[Device]] = field(default_factory=lambda: defaultdict(list))
    readings: dict[str, list[tuple[datetime, bool]]] = field(default_factory=lambda: defaultdict(list))
    """By device, in order of time after `settle`."""
    deaf: list[tuple[datetime, datetime]] = field(default_factory=list)

    def settle(self) -> None:
        """Put every device's readings into order."""
        for said in self.readings.values():
            said.sort()

    def around(self, home: str, start: datetime, end: datetime) -> Home:
        """Return what a home's devices said around a visit, and what they had said last before."""
        sensors: list[Sensor] = []
        said: list[Reading] = []
        for one in self.devices.get(home, ()):
            identity = uuid5(NAMESPACE_OID, one.id)
            mine = self.readings.get(one.id, [])
            seen = one.last_seen_at or (mine[-1][0] if mine else None)
            sensors.append(Sensor(identity, one.metric, seen, one.interval, one.is_entrance))
            first = bisect_left(mine, (start - _BEFORE, False))
            last = bisect_left(mine, (end + MARGIN + timedelta(seconds=1), False))
            near = mine[max(first - 1, 0) : last]
            said += [Reading(identity, one.metric, at, value) for at, value in near]
        return Home(sensors, said, self.deaf, end + MARGIN)


def weigh(
    visit: Visit, said: Said, homes: Homes, given: Mapping[str, Any] | None, geofence_m: float, zone: ZoneInfo
) -> proof.Proof:
    """Return the proof of a visit; `given` is what the devices say, where the file weighs that itself."""
    start, end = _mark(visit.start), _mark(visit.end)
    planned = said.planned_start or visit.start.at
    lat, lon = visit.place or _NOWHERE
    if visit.place is None:  # nobody knows where the home stands: no phone can be in the wrong place
        start, end = _unplaced(start), _unplaced(end)
    facts = proof.Facts(
        service=visit.service,
        is_known=True,
        is_recorded=said.has_record,
        is_emergency=said.is_emergency or visit.planned is None,
        recipient="present",
        window_start=planned - _WINDOW,
        window_end=planned + _WINDOW,
        planned_on=_day(planned, zone),
        served_on=_day(visit.start.at, zone),
        minutes=round(visit.planned or visit.minutes) or 1,
        lat=lat,
        lon=lon,
        caregiver="qualified",
        overlaps=0,
        check_in=start,
        check_out=end,
        geofence_m=geofence_m,
        grace=_GRACE,
        home=home_witness.NOTHING if given else homes.around(visit.home, visit.start.at, visit.end.at),
        confirmations=[Confirmation(who, agrees) for who, agrees in said.confirmations],
        visit_id=_id(visit.id),
        photos=[witnesses.Photo(p.taken_at or visit.start.at) for p in visit.photos],
        signatures=[Signature(who, is_intact) for who, is_intact in said.signatures],
    )
    made = proof.decide(facts)
    if not given:
        return made
    heard = [dict(given, witness="devices") if one["witness"] == "devices" else one for one in made.witnesses]
    is_whole = all(one["ok"] for one in made.elements.values())
    return proof.Proof(proof.weigh(is_whole, heard), made.elements, heard)


def _mark(mark: Mark) -> witnesses.Mark:
    return witnesses.Mark(
        mark.at, mark.received_at, mark.lat, mark.lon, mark.accuracy_m, mark.code, mark.code_kind
    )


def _unplaced(mark: witnesses.Mark) -> witnesses.Mark:
    return witnesses.Mark(mark.at, mark.received_at, code=mark.code, code_kind=mark.code_kind)


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(UTC).astimezone(zone).date()


def _id(text: str) -> UUID:
    return uuid5(NAMESPACE_OID, text)
