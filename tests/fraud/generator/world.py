"""A small town: homes, who lives there, what hangs on their walls, who serves them.

Written from DOMAIN §5 and §6 before the checks. Nothing here imports what it is going to judge.
"""

import math
from dataclasses import dataclass, field
from random import Random

LAT, LON = 37.88, 118.53
METRE = 1 / 111_320
"""Degrees of latitude in a metre."""
GRADES = ("intact", "mild", "moderate", "severe", "total")
Place = tuple[float, float]


@dataclass
class Home:
    """Where one or two persons live; `true` is where it stands, `place` where the register says."""

    id: str
    place: Place
    true: Place
    sensors: frozenset[str] = frozenset()
    has_hub: bool = False
    has_print: bool = False
    miss: float = 0.02
    """How often the door's sensor misses an opening."""
    is_flat: bool = False
    """The batteries died before the month began."""
    wall: int = 0
    """The picture of the empty wall that many photos of this home look like."""


@dataclass
class Person:
    """Who is cared for."""

    id: str
    home: Home
    grade: str
    services: tuple[str, ...]
    weekdays: tuple[int, ...]
    is_bedridden: bool = False
    died_on: int | None = None
    away: tuple[int, int, str] | None = None
    """First and last day (of the month) and why."""


@dataclass
class Caregiver:
    """Who goes, with the phone's habits."""

    id: str
    provider: str
    base: Place
    persons: list[Person] = field(default_factory=list)
    skew_s: float = 0.0
    outages: list[tuple[float, float]] = field(default_factory=list)
    """Spans (minutes of the month) without network."""
    speed_kmh: float = 15.0
    photo_share: float = 0.6
    spoof: Place = (LAT, LON)


@dataclass
class World:
    """The town in one month."""

    homes: list[Home]
    persons: list[Person]
    caregivers: list[Caregiver]
    deaf: list[tuple[float, float]]
    office: Place


def metres(a: Place, b: Place) -> float:
    """Return how far two places lie apart, on a flat map."""
    east = (b[1] - a[1]) * math.cos(math.radians(a[0]))
    return math.hypot(b[0] - a[0], east) / METRE


def moved(place: Place, away_m: float, rng: Random) -> Place:
    """Return a place so many metres away in some direction."""
    turn = rng.uniform(0, 2 * math.pi)
    north, east = math.cos(turn) * away_m * METRE, math.sin(turn) * away_m * METRE
    return place[0] + north, place[1] + east / math.cos(math.radians(place[0]))


def make(rng: Random, caregivers: int, days: int) -> World:
    """Make a town in which each caregiver has eight persons of their own."""
    office = moved((LAT, LON), 500, rng)
    made = World([], [], [], _deaf(rng, days), office)
    for number in range(caregivers):
        one = _caregiver(rng, number, days)
        made.caregivers.append(one)
        while len(one.persons) < 8:
            home = _home(rng, len(made.homes), one.base)
            made.homes.append(home)
            for _ in range(2 if rng.random() < 0.1 else 1):
                one.persons.append(_person(rng, len(made.persons), home, days))
                made.persons.append(one.persons[-1])
    return made


def _deaf(rng: Random, days: int) -> list[tuple[float, float]]:
    starts = [rng.uniform(0, days * 1440) for _ in range(rng.randrange(3))]
    return [(start, start + rng.uniform(20, 180)) for start in starts]


def _caregiver(rng: Random, number: int, days: int) -> Caregiver:
    base = moved((LAT, LON), rng.uniform(500, 9000), rng)
    one = Caregiver(f"c{number}", f"s{number % 5}", base)
    one.skew_s = rng.choice((0, 0, 0, 0, 0, 0, rng.uniform(-400, 400)))
    for _ in range(rng.choice((0, 0, 1, 2, 3))):
        start = rng.uniform(0, days * 1440)
        one.outages.append((start, start + rng.choice((60, 150, 400, 700, 1900))))
    one.speed_kmh = rng.uniform(11, 28)
    one.photo_share = rng.uniform(0.3, 0.9)
    one.spoof = moved(base, 40, rng)
    return one


def _home(rng: Random, number: int, near: Place) -> Home:
    true = moved(near, rng.uniform(100, 3500), rng)
    wrong = rng.random() < 0.03  # the register's address is another block
    place = moved(true, rng.uniform(250, 700), rng) if wrong else moved(true, rng.uniform(0, 30), rng)
    home = Home(f"h{number}", place, true, wall=rng.getrandbits(64))
    if rng.random() < 0.65:
        home.sensors = frozenset(name for name in ("open", "occupied", "in_bed") if rng.random() < 0.8)
        home.has_hub = rng.random() < 0.4
        home.is_flat = rng.random() < 0.06
        home.miss = rng.choice((0.0, 0.01, 0.01, 0.02, 0.03, 0.05, 0.3))
    home.has_print = not home.has_hub and rng.random() < 0.4
    return home


def _person(rng: Random, number: int, home: Home, days: int) -> Person:
    grade = rng.choices(GRADES, (10, 25, 30, 25, 10))[0]
    choice = ["meal", "clean", "care", "health", "call_on", "walk"] + ["bath"] * 3
    services = tuple(rng.sample(choice, 3))
    weekdays = tuple(sorted(rng.sample(range(7), rng.choice((3, 4, 5)))))
    one = Person(f"p{number}", home, grade, services, weekdays)
    one.is_bedridden = grade == "total" and rng.random() < 0.5
    if rng.random() < 0.03:
        one.died_on = rng.randrange(3, days)
    elif rng.random() < 0.08:
        first = rng.randrange(1, days - 4)
        one.away = (first, min(days, first + rng.randrange(2, 12)), rng.choice(("hospital", "holiday")))
    return one
