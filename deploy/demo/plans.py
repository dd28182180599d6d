"""Planned visits of the demo, today's and tomorrow's; on the first start also the visits of the last days."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from uuid import UUID

from core import accounts
from core.accounts import Person
from core.clock import at_local, local_date
from core.db import Row
from deploy.demo.place import Place
from deploy.demo.world import Slot
from devices import care_beds
from dispatch import service_items, visits

HISTORY = 3
"""Days before today that get a past: made up like everything here, and marked by the district's `is_demo`."""
_WINDOW = timedelta(minutes=60)
_ASTRAY = 11
"""Every so many-th past visit was checked in from over a kilometre away, so that there is a doubted one."""
_FAR = 0.013


@dataclass(frozen=True)
class Stop:
    """A visit to be planned."""

    bed: Row
    slot: Slot
    caregiver: Person
    starts_at: datetime

    @property
    def minutes(self) -> int:
        """How long it usually takes."""
        return service_items.get(self.slot.service).minutes


async def extend(place: Place, names: dict[str, UUID], history: int) -> None:
    """Plan the days that have no plan yet; `history` days before today are planned and done."""
    beds = sorted(await care_beds.list_(place.conn, limit=200), key=lambda bed: str(bed["label"]))
    people = await _people(place, names)
    done = count(1)
    for ahead in range(-history, 2):
        day = local_date(place.now) + timedelta(days=ahead)
        if await _is_planned(place, day):
            continue
        for stop in _stops(place, beds, people, day):
            if stop.starts_at + _WINDOW > place.now:
                await _plan(place, stop, place.now)
            elif history:
                await _perform(place, stop, next(done))


async def _is_planned(place: Place, day: date) -> bool:
    rows = await visits.list_(place.conn, day=day, limit=200)
    return any(row["case_id"] is None and row["origin"] is None for row in rows)


def _stops(place: Place, beds: list[Row], people: list[Person], day: date) -> list[Stop]:
    slots = place.world.slots
    first = day.toordinal() * len(slots)
    return [
        Stop(beds[(first + nth) % len(beds)], slot, people[slot.caregiver], at_local(day, slot.at))
        for nth, slot in enumerate(slots)
    ]


async def _people(place: Place, names: dict[str, UUID]) -> list[Person]:
    """Return the caregivers as if they were logged in, in the order of the data."""
    rows = await accounts.list_(place.conn, limit=200)
    by_caregiver = {row["caregiver_id"]: row for row in rows if row["caregiver_id"]}
    return [place.person(by_caregiver[names[one.name]], "caregiver") for one in place.world.caregivers]


async def _plan(place: Place, stop: Stop, now: datetime) -> UUID:
    visit = await visits.want(
        place.conn,
        district=place.district,
        elder_id=stop.bed["elder_id"],
        care_bed_id=stop.bed["id"],
        service=stop.slot.service,
        window_start=stop.starts_at,
        window_end=stop.starts_at + _WINDOW,
        now=now,
    )
    assert stop.caregiver.caregiver_id is not None  # noqa: S101 - made from a caregiver's account
    await visits.offer(place.conn, visit, stop.caregiver.caregiver_id, None, now)
    await visits.accept(place.conn, visit, stop.caregiver, now)
    return visit


async def _perform(place: Place, stop: Stop, nth: int) -> None:
    began = stop.starts_at + timedelta(minutes=nth % 9)
    ended = began + timedelta(minutes=stop.minutes + nth % 5 - 2)
    visit = await _plan(place, stop, stop.starts_at - timedelta(hours=12))
    lat = stop.bed["lat"] + (_FAR if nth % _ASTRAY == 0 else 0.0002)
    where = {"lat": lat, "lon": stop.bed["lon"], "accuracy_m": 12.0 + nth % 7}
    by, keys = stop.caregiver, place.keys
    await visits.check_in(place.conn, keys, visit, by, began, at=began, **where)
    record = {"done": [stop.slot.service], "note": ""}
    await visits.check_out(place.conn, keys, visit, by, ended, at=ended, record=record, **where)
