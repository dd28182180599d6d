"""A month from outside, one JSON object a line (docs/manual/audit.md), read into records. Pure."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from services.fraud import fields, weighing
from services.fraud.fields import Row, Wrong
from services.fraud.records import Absence, Mark, Month, Person, Photo, Visit
from services.fraud.weighing import Device, Said

_METRICS = ("open", "occupied", "in_bed")
_SAYS = ("agrees", "absent", "contradicts")
_TYPES = frozenset(
    {"month", "home", "person", "absence", "provider", "caregiver", "device", "reading", "deaf", "visit"}
)


@dataclass(slots=True)
class Read:
    """A month that was read: the records, what was rejected, and how many lines of each type there were."""

    month: Month
    rejected: list[dict[str, Any]]
    counts: Counter[str]


@dataclass(slots=True)
class _Book:
    """What the lines said, by type; visits wait until everything else is known."""

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    first: date | None = None
    geofence_m: float = 150.0
    places: dict[str, tuple[float, float]] = field(default_factory=dict)
    persons: dict[str, Row] = field(default_factory=dict)
    absences: dict[str, list[Absence]] = field(default_factory=lambda: defaultdict(list))
    providers: dict[str, str] = field(default_factory=dict)
    vehicles: dict[str, str] = field(default_factory=dict)
    homes: weighing.Homes = field(default_factory=weighing.Homes)
    seen: set[tuple[str, str]] = field(default_factory=set)


def read(lines: Iterable[str]) -> Read:
    """Read a month; a line that cannot be read is rejected with its number, the others are used."""
    book, rejected, counts = _Book(), list[dict[str, Any]](), Counter[str]()
    parsed = list(_parsed(lines, rejected, counts))
    for wanted in ("month", "", "visit"):  # the zone is needed for every time, the registers for the visits
        if wanted == "visit":
            book.homes.settle()
            visits: list[Visit] = []
        for number, row in parsed:
            kind = row["type"]
            if (kind if kind in {"month", "visit"} else "") != wanted:
                continue
            try:
                _once(book, row)
                if kind == "visit":
                    visits.append(_visit(book, row))
                else:
                    _TAKE[kind](book, row)
            except Wrong as wrong:
                rejected.append({"line": number, "reason": wrong.reason, "field": wrong.field})
    return Read(_month(book, visits), sorted(rejected, key=lambda one: int(one["line"])), counts)


def _parsed(
    lines: Iterable[str], rejected: list[dict[str, Any]], counts: Counter[str]
) -> Iterable[tuple[int, Row]]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, dict) or not isinstance(row.get("type"), str):
            rejected.append({"line": number, "reason": "not_an_object_with_a_type", "field": "type"})
            counts["rejected"] += 1
            continue
        counts[row["type"] if row["type"] in _TYPES else "ignored"] += 1
        if row["type"] in _TYPES:
            yield number, row


def _once(book: _Book, row: Row) -> None:
    if row["type"] in {"absence", "reading", "deaf", "month"}:
        return
    key = (row["type"], fields.needed(row, "id"))
    if key in book.seen:
        raise Wrong("id", "twice")
    book.seen.add(key)


def _take_month(book: _Book, row: Row) -> None:
    name = fields.needed(row, "month")
    try:
        book.first = date.fromisoformat(f"{name}-01")
        book.zone = ZoneInfo(fields.text(row, "zone") or "Asia/Shanghai")
    except (ValueError, ZoneInfoNotFoundError, OSError) as error:
        raise Wrong("month", "month_or_zone_expected") from error
    book.geofence_m = fields.number(row, "geofence_m", 1, 100_000) or 150.0


def _take_home(book: _Book, row: Row) -> None:
    place = fields.place(row)
    if place:
        book.places[fields.needed(row, "id")] = place


def _take_person(book: _Book, row: Row) -> None:
    fields.day(row, "died_on")
    fields.text(row, "home_id")
    fields.text(row, "grade")
    place = fields.place(row)
    if place:
        book.places[_home_of(row)] = place
    book.persons[fields.needed(row, "id")] = row


def _home_of(row: Row) -> str:
    return fields.text(row, "home_id") or f"person {fields.needed(row, 'id')}"


def _take_absence(book: _Book, row: Row) -> None:
    first = fields.day(row, "starts_on")
    if first is None:
        raise Wrong("starts_on", "missing")
    last = fields.day(row, "ends_on")
    if last is not None and last < first:
        raise Wrong("ends_on", "before_start")
    book.absences[fields.needed(row, "person_id")].append(Absence(fields.needed(row, "kind"), first, last))


def _take_caregiver(book: _Book, row: Row) -> None:
    identity = fields.needed(row, "id")
    provider, vehicle = fields.text(row, "provider_id"), fields.text(row, "vehicle")
    if provider:
        book.providers[identity] = provider
    if vehicle:
        book.vehicles[identity] = vehicle


def _take_device(book: _Book, row: Row) -> None:
    metric = fields.needed(row, "metric")
    if metric not in _METRICS:
        raise Wrong("metric", "unknown")
    interval = timedelta(seconds=fields.number(row, "interval_s", 0, 10_000_000) or 0)
    is_entrance = fields.yes(row, "is_entrance", default=True)
    seen = fields.moment(row, "last_seen_at", book.zone)
    one = Device(fields.needed(row, "id"), metric, is_entrance, interval, seen)
    book.homes.devices[fields.needed(row, "home_id")].append(one)


def _take_reading(book: _Book, row: Row) -> None:
    at = fields.moment(row, "at", book.zone)
    if at is None or row.get("value") is None:
        raise Wrong("at" if at is None else "value", "missing")
    value = fields.yes(row, "value", default=False)
    book.homes.readings[fields.needed(row, "device_id")].append((at, value))


def _take_deaf(book: _Book, row: Row) -> None:
    since, until = fields.moment(row, "since", book.zone), fields.moment(row, "until", book.zone)
    if since is None or until is None:
        raise Wrong("since" if since is None else "until", "missing")
    book.homes.deaf.append((since, until))


_TAKE: Mapping[str, Callable[[_Book, Row], None]] = {
    "month": _take_month,
    "home": _take_home,
    "person": _take_person,
    "absence": _take_absence,
    "provider": lambda _, row: (fields.needed(row, "id"), None)[1],
    "caregiver": _take_caregiver,
    "device": _take_device,
    "reading": _take_reading,
    "deaf": _take_deaf,
}


def _mark(row: Row, name: str, zone: ZoneInfo) -> Mark:
    mark = fields.inner(row, name)
    if mark is None:
        raise Wrong(name, "missing")
    at = fields.moment(mark, "at", zone)
    if at is None:
        raise Wrong(f"{name}.at", "missing")
    lat, lon = fields.place(mark) or (None, None)
    return Mark(
        at,
        fields.moment(mark, "received_at", zone) or at,
        lat,
        lon,
        accuracy_m=fields.number(mark, "accuracy_m", 0, 1e7),
        is_mock=fields.yes(mark, "mock", default=False),
        code=fields.text(mark, "code"),
        code_kind=fields.text(mark, "code_kind"),
    )


def _visit(book: _Book, row: Row) -> Visit:
    start, end = _mark(row, "check_in", book.zone), _mark(row, "check_out", book.zone)
    if end.at < start.at:
        raise Wrong("check_out.at", "before_check_in")
    person_id, caregiver = fields.needed(row, "person_id"), fields.needed(row, "caregiver_id")
    person = book.persons.get(person_id, {"id": person_id})
    is_emergency = fields.yes(row, "is_emergency", default=False)
    visit = Visit(
        id=fields.needed(row, "id"),
        person=person_id,
        caregiver=caregiver,
        provider=fields.text(row, "provider_id") or book.providers.get(caregiver, "provider"),
        service=fields.needed(row, "service"),
        start=start,
        end=end,
        home=_home_of(person),
        place=fields.place(row) or book.places.get(_home_of(person)),
        planned=None if is_emergency else fields.number(row, "planned_minutes", 0, 10_000),
        companion=fields.text(row, "companion_id"),
        photos=[_photo(one, book.zone) for one in fields.rows(row, "photos")],
        is_corrected=(fields.inner(row, "correction") or {}).get("approved") is True,
        amount=fields.money(row, "amount"),
        grade=fields.text(person, "grade"),
    )
    return _weighed(book, row, visit, _said(row, book.zone, is_emergency=is_emergency))


def _photo(row: Row, zone: ZoneInfo) -> Photo:
    return Photo(fields.text(row, "sha256"), fields.bits(row, "phash"), fields.moment(row, "taken_at", zone))


def _said(row: Row, zone: ZoneInfo, *, is_emergency: bool) -> Said:
    people, signed = fields.rows(row, "confirmations"), fields.rows(row, "signatures")
    return Said(
        [(fields.text(one, "who") or "elder", fields.yes(one, "agrees", default=True)) for one in people],
        [(fields.text(one, "who") or "elder", fields.yes(one, "is_intact", default=True)) for one in signed],
        fields.yes(row, "has_record", default=True),
        is_emergency,
        fields.moment(row, "planned_start", zone),
    )


def _weighed(book: _Book, row: Row, visit: Visit, said: Said) -> Visit:
    given = fields.inner(row, "proof")
    if given is not None:
        heard = {str(one.get("witness")): one for one in fields.rows(given, "witnesses")}
        elements = fields.inner(given, "elements") or {}
        return replace(visit, elements=elements, witnesses=heard, verdict=fields.text(given, "verdict"))
    devices = fields.inner(row, "devices")
    if devices is not None and devices.get("says") not in _SAYS:
        raise Wrong("devices.says", "unknown")
    made = weighing.weigh(visit, said, book.homes, devices, book.geofence_m, book.zone)
    heard = {str(one["witness"]): one for one in made.witnesses}
    return replace(visit, elements=made.elements, witnesses=heard, verdict=made.verdict)


def _month(book: _Book, visits: Sequence[Visit]) -> Month:
    first = book.first or _usual(visits, book.zone)
    persons = {
        name: Person(fields.day(row, "died_on"), tuple(book.absences.get(name, ())))
        for name, row in book.persons.items()
    }
    persons |= {n: Person(None, tuple(away)) for n, away in book.absences.items() if n not in persons}
    return Month(first, visits, persons, book.vehicles, str(book.zone), book.geofence_m)


def _usual(visits: Sequence[Visit], zone: ZoneInfo) -> date:
    """Return the month in which most visits begin."""
    months = Counter(datetime.strftime(v.start.at.astimezone(zone), "%Y-%m-01") for v in visits)
    return date.fromisoformat(months.most_common(1)[0][0]) if months else date(1970, 1, 1)
