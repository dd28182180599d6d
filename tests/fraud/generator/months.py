"""A labelled month as the rows of docs/manual/audit.md: seeded, honest noise, and each kind of fraud."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from tests.fraud.generator import devices, frauds, visits, world
from tests.fraud.generator.visits import Mark, Visit

Row = dict[str, Any]
FIRST = datetime(2026, 10, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
DAYS = 31


def month(
    seed: int, *, caregivers: int = 40, per_kind: int = 25, crooks: float = 0.4
) -> tuple[list[Row], dict[str, list[str]]]:
    """Return (rows, labels by visit): `per_kind` frauds of each kind, done by a share of the caregivers."""
    rng = Random(seed)  # noqa: S311 - a seeded month
    town = world.make(rng, caregivers, DAYS)
    made = frauds.Month(town, DAYS, visits.month(town, DAYS, rng), rng)
    doing = set(rng.sample([c.id for c in town.caregivers], max(1, round(caregivers * crooks))))
    for name, spoil in frauds.KINDS.items():
        left = per_kind if name != "billed_away" or any(p.away or p.died_on for p in town.persons) else 0
        for visit in made.clean():
            if left and visit.caregiver.id in doing and not visit.kinds and visit.there:
                left -= spoil(made, visit)
    labels = {visit.id: visit.kinds for visit in made.visits if visit.kinds}
    rows = [*_registers(town), *(_visit(one) for one in made.visits), *_readings(made)]
    rng.shuffle(rows)
    return rows, labels


def _registers(town: world.World) -> Iterator[Row]:
    yield {"type": "month", "month": f"{FIRST:%Y-%m}", "geofence_m": 150}
    for name in sorted({c.provider for c in town.caregivers}):
        yield {"type": "provider", "id": name}
    for one in town.caregivers:
        yield {"type": "caregiver", "id": one.id, "provider_id": one.provider, "vehicle": "ebike"}
    for home in town.homes:
        yield {"type": "home", "id": home.id, "lat": home.place[0], "lon": home.place[1]}
        for metric in sorted(home.sensors):
            flat = {"last_seen_at": _time(-3 * 1440)} if home.is_flat else {}
            yield {
                "type": "device",
                "id": f"{home.id}-{metric}",
                "home_id": home.id,
                "metric": metric,
                **flat,
            }
    for person in town.persons:
        died = {"died_on": _date(person.died_on)} if person.died_on is not None else {}
        yield {
            "type": "person",
            "id": person.id,
            "home_id": person.home.id,
            "grade": person.grade,
            **died,
        }
        if person.away:
            first, last, kind = person.away
            span = {"starts_on": _date(first), "ends_on": _date(last)}
            yield {"type": "absence", "person_id": person.id, "kind": kind, **span}
    for since, until in town.deaf:
        yield {"type": "deaf", "since": _time(since), "until": _time(until)}


def _visit(one: Visit) -> Row:
    photos = [
        {"sha256": p["sha256"], "phash": p["phash"], "taken_at": _time(p["taken"], one.caregiver.skew_s)}
        for p in one.photos
    ]
    return {
        "type": "visit",
        "id": one.id,
        "person_id": one.person.id,
        "caregiver_id": one.caregiver.id,
        "service": one.service,
        "planned_start": _time(one.planned),
        "planned_minutes": one.minutes,
        "check_in": _mark(one.start),
        "check_out": _mark(one.end),
        "photos": photos,
        "confirmations": one.confirmations,
        "signatures": one.signatures,
        "amount": f"{visits.PRICES[one.service]}.00",
    }


def _mark(one: Mark) -> Row:
    made: Row = {"at": _time(one.at, one.skew_s), "received_at": _time(one.received)}
    if one.place:
        made |= {"lat": round(one.place[0], 7), "lon": round(one.place[1], 7)}
        made["accuracy_m"] = round(one.accuracy or 0, 1)
    if one.code:
        made |= {"code": one.code, "code_kind": one.code_kind}
    if one.is_mock:
        made["mock"] = True
    return made


def _readings(made: frauds.Month) -> Iterator[Row]:
    """Yield what was said from two hours before each visit until a quarter of an hour after it."""
    by_home: dict[str, list[Visit]] = defaultdict(list)
    for visit in made.visits:
        by_home[visit.person.home.id].append(visit)
    for home in made.world.homes:
        spans = [(v.start.at - devices.BEFORE, v.end.at + devices.AFTER) for v in by_home[home.id]]
        said = devices.of_home(home, by_home[home.id], made.days, made.rng)
        for at, metric, value in said:
            is_deaf = any(begin <= at < end for begin, end in made.world.deaf)
            if at == 0 or (not is_deaf and any(begin <= at <= end for begin, end in spans)):
                device = f"{home.id}-{metric}"
                yield {"type": "reading", "device_id": device, "at": _time(at), "value": value}


def _time(minutes: float, skew_s: float = 0.0) -> str:
    return (FIRST + timedelta(minutes=minutes, seconds=skew_s)).isoformat(timespec="seconds")


def _date(day: int) -> str:
    """Return a day of the month, counted from 1."""
    return (FIRST + timedelta(days=day - 1)).date().isoformat()
