"""Honest days: who goes where and when, what the phone tells of it, and what is left as proof."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.fraud.generator.world import Caregiver, Home, Person, Place, World, metres, moved

MINUTES = {"meal": 30, "bath": 60, "clean": 90, "walk": 45, "care": 60, "health": 30, "call_on": 20}
PRICES = {"meal": 15, "bath": 80, "clean": 60, "walk": 30, "care": 50, "health": 40, "call_on": 20}
Span = tuple[float, float]


@dataclass
class Mark:
    """What the phone says; minutes of the month by the true clock, and when it arrived."""

    at: float
    received: float
    place: Place | None = None
    accuracy: float | None = None
    code: str | None = None
    code_kind: str | None = None
    is_mock: bool = False
    skew_s: float = 0.0


@dataclass
class Visit:
    """A visit as billed, and `there`: when somebody really was in the home (None: nobody came)."""

    id: str
    person: Person
    caregiver: Caregiver
    service: str
    planned: float
    minutes: int
    start: Mark
    end: Mark
    there: Span | None
    photos: list[dict[str, Any]] = field(default_factory=list)
    confirmations: list[dict[str, Any]] = field(default_factory=list)
    signatures: list[dict[str, Any]] = field(default_factory=list)
    in_bed: bool = False
    """Of a bath: the elder stays in bed all the while."""
    is_quiet: bool = False
    """Nobody happened to go out or come in during this visit."""
    kinds: list[str] = field(default_factory=list)


def month(world: World, days: int, rng: Random) -> list[Visit]:
    """Return every honest visit of the month."""
    made: list[Visit] = []
    for caregiver in world.caregivers:
        for day in range(days):
            made += _day(caregiver, day, len(made), rng)
    return made


def _day(caregiver: Caregiver, day: int, count: int, rng: Random) -> list[Visit]:
    wanted = [p for p in caregiver.persons if day % 7 in p.weekdays and _is_home(p, day)]
    rng.shuffle(wanted)
    clock, place, made = day * 1440 + 480 + rng.uniform(-10, 20), caregiver.base, list[Visit]()
    for number, person in enumerate(wanted[:6]):
        clock += metres(place, person.home.true) * 1.3 / 1000 / caregiver.speed_kmh * 60 + rng.uniform(1, 8)
        if clock > day * 1440 + 1140:
            break
        visit = _visit(f"{caregiver.id}-{count}-{day}-{number}", person, caregiver, clock, rng)
        if made and rng.random() < 0.02:
            _forgotten(made[-1], visit, rng)
        made.append(visit)
        clock, place = (visit.there or (0, clock))[1], person.home.true
    return made


def _is_home(person: Person, day: int) -> bool:
    """Say whether a visit is made: registers count days from 1, and the day of death may still see one."""
    date = day + 1
    if person.died_on is not None and date > person.died_on:
        return False
    return person.away is None or not person.away[0] < date < person.away[1]


def _visit(identity: str, person: Person, caregiver: Caregiver, clock: float, rng: Random) -> Visit:
    service = rng.choice(person.services)
    minutes = MINUTES[service]
    part = min(1.6, max(0.6, rng.gauss(1.0, 0.1)))
    if rng.random() < 0.05:  # short, but fine: less to do, or the elder sends them home
        part = rng.uniform(0.55, 0.75)
    arrived, left = clock, clock + minutes * part
    start = mark(caregiver, arrived + rng.uniform(-2, 3), person.home.true, rng)
    end = mark(caregiver, max(start.at + 5, left + rng.uniform(-2, 2)), person.home.true, rng)
    planned = arrived + rng.gauss(0, 9) - (rng.uniform(15, 50) if rng.random() < 0.06 else 0)
    visit = Visit(identity, person, caregiver, service, planned, minutes, start, end, (arrived, left))
    visit.in_bed = person.is_bedridden
    scan(visit, person.home, rng)
    papers(visit, rng)
    return visit


def _forgotten(visit: Visit, following: Visit, rng: Random) -> None:
    """Let the check-out be made late: on the way, or at the next door."""
    late = following.start.at + rng.uniform(-12, 4)
    if late > visit.end.at:
        where = moved(following.person.home.true, rng.uniform(5, 60), rng)
        visit.end = mark(visit.caregiver, late, where, rng)


def mark(caregiver: Caregiver, at: float, true: Place, rng: Random) -> Mark:
    """Return what an honest phone says at a place: exact, weak, wrong now and then, or without a place."""
    made = Mark(at, received(caregiver, at, rng), skew_s=caregiver.skew_s)
    draw = rng.random()
    if draw < 0.05:
        return made
    if draw < 0.11:
        made.accuracy = rng.uniform(200, 1800)
        made.place = moved(true, rng.uniform(0, made.accuracy), rng)
    elif draw < 0.125:  # an echo between high houses: wrong, and sure of itself
        made.accuracy, made.place = rng.uniform(10, 40), moved(true, rng.uniform(200, 450), rng)
    else:
        made.accuracy = rng.lognormvariate(2.6, 0.5)
        made.place = moved(true, abs(rng.gauss(0, made.accuracy / 2)), rng)
    return made


def received(caregiver: Caregiver, at: float, rng: Random) -> float:
    """Return when the platform got it: at once, or when the outage ended."""
    ends = [end for begin, end in caregiver.outages if begin <= at < end]
    return max(ends) + rng.uniform(0, 3) if ends else at + rng.uniform(0.01, 0.1)


def scan(visit: Visit, home: Home, rng: Random) -> None:
    """Scan the code that hangs in the home, mostly."""
    if home.has_hub and rng.random() < 0.8:
        visit.start.code, visit.start.code_kind = "valid", "rotating"
    elif home.has_print and rng.random() < 0.7:
        visit.start.code, visit.start.code_kind = "valid", "printed"
    if visit.start.code and rng.random() < 0.01:
        visit.start.code = "expired"


def papers(visit: Visit, rng: Random) -> None:
    """Take a photo, have it signed, be asked about afterwards: each sometimes."""
    if rng.random() < visit.caregiver.photo_share:
        visit.photos.append(photo(visit, rng))
    if rng.random() < 0.12:
        visit.confirmations.append({"who": rng.choice(("elder", "family")), "agrees": rng.random() > 0.002})
    if rng.random() < 0.25:
        visit.signatures.append({"who": "elder", "is_intact": True})


def photo(visit: Visit, rng: Random) -> dict[str, Any]:
    """Return a photo; one in twelve shows the same empty wall as others of this home."""
    picture = rng.getrandbits(64)
    if rng.random() < 0.08:
        picture = visit.person.home.wall ^ (1 << rng.randrange(64)) ^ (1 << rng.randrange(64))
    taken = rng.uniform(visit.start.at, visit.end.at)
    return {"sha256": f"{rng.getrandbits(256):064x}", "phash": f"{picture:016x}", "taken": taken}
