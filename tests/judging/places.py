"""A county as it is: towns, homes, who lives there, what hangs on the walls, who comes by which vehicle."""

import math
import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))
_TOWNS = ((0.0, 0.0), (11.0, 4.0), (-7.0, 13.0))  # km east and north of the county's seat
_SERVICES = (
    ("meal", 30),
    ("clean", 60),
    ("clean", 90),
    ("bath", 60),
    ("walk", 45),
    ("medical", 120),
    ("call_on", 20),
)


@dataclass
class Sensor:
    """One device on a wall: what it sees, whether it still lives, how often it repeats itself."""

    number: str
    metric: str
    lives: bool
    every: int | None


@dataclass
class Home:
    """A home with its place and devices."""

    number: str
    lat: float
    lon: float
    sensors: list[Sensor] = field(default_factory=list)

    def sees(self, metric: str) -> bool:
        return any(one.lives and one.metric == metric for one in self.sensors)


@dataclass
class Elder:
    """Somebody who is visited; away from a day to a day, or dead since a day."""

    number: str
    home: Home
    wants: list[tuple[str, int]]
    away: tuple[date, date] | None = None
    died: date | None = None

    def is_there(self, day: date) -> bool:
        gone = self.away is not None and self.away[0] <= day <= self.away[1]
        return not gone and not (self.died is not None and day >= self.died)


@dataclass
class Carer:
    """A caregiver with the people of one town; the phone's clock runs a little off."""

    number: str
    provider: str
    town: int
    speed: float
    vehicle: str
    skew: float


@dataclass
class County:
    """The whole of it, and the month that is looked at."""

    first: date
    days: int
    elders: list[list[Elder]]
    homes: list[Home]
    carers: list[Carer]


def make(dice: random.Random) -> County:
    """Make a county for one month."""
    first = date(2026, dice.randrange(1, 13), 1)
    days = ((first + timedelta(days=32)).replace(day=1) - first).days
    homes: list[Home] = []
    elders = [_town(dice, town, homes, first, days) for town in range(len(_TOWNS))]
    carers = [_carer(dice, number) for number in range(15)]
    return County(first, days, elders, homes, carers)


def _carer(dice: random.Random, number: int) -> Carer:
    vehicle, speed = dice.choice((("ebike", 18.0), ("ebike", 20.0), ("motorbike", 30.0)))
    return Carer(
        f"worker-{number}", f"firm-{number % 4}", number % len(_TOWNS), speed, vehicle, dice.gauss(0, 8)
    )


def _town(dice: random.Random, town: int, homes: list[Home], first: date, days: int) -> list[Elder]:
    elders: list[Elder] = []
    for _ in range(38):
        home = _home(dice, town, len(homes))
        homes.append(home)
        for _ in range(2 if dice.random() < 0.12 else 1):
            wants = dice.sample(_SERVICES, dice.choice((1, 2, 2, 3)))
            elder = Elder(f"person-{town}-{len(elders)}", home, wants)
            _fate(dice, elder, first, days)
            elders.append(elder)
    return elders


def _fate(dice: random.Random, elder: Elder, first: date, days: int) -> None:
    chance = dice.random()
    if chance < 0.05:
        elder.died = first + timedelta(days=dice.randrange(3, days - 6))
    elif chance < 0.17:
        begins = first + timedelta(days=dice.randrange(2, days - 11))
        elder.away = (begins, begins + timedelta(days=dice.randrange(4, 10)))


def _home(dice: random.Random, town: int, number: int) -> Home:
    east, north = _TOWNS[town]
    lat = 33.6 + (north + dice.gauss(0, 1.2)) / 111.2
    lon = 116.9 + (east + dice.gauss(0, 1.2)) / (111.2 * math.cos(math.radians(33.6)))
    home = Home(f"home-{number}", round(lat, 6), round(lon, 6))
    for metric, share in (("open", 0.75), ("in_bed", 0.55), ("occupied", 0.5)):
        if dice.random() < share:
            every = 600 if metric == "in_bed" else None
            home.sensors.append(Sensor(f"{metric}-{number}", metric, dice.random() < 0.93, every))
    return home


def kilometres(one: Home, other: Home) -> float:
    """Return the way between two homes as the crow flies."""
    north = (one.lat - other.lat) * 111.2
    east = (one.lon - other.lon) * 111.2 * math.cos(math.radians(one.lat))
    return math.hypot(north, east)


def at(day: date, hours: float) -> datetime:
    """Return the instant so many hours into a day."""
    return datetime(day.year, day.month, day.day, tzinfo=CHINA) + timedelta(hours=hours)
