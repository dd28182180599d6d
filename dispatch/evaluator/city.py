"""Prices a plan of a city's day: hard times, the fewest visits left out, then the least travel."""

from collections.abc import Sequence
from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

import msgspec

from core.errors import Failure
from dispatch.evaluator.report import Findings, Report, decode

EARTH_KM, FACTOR, SPEED_KMH, START_SECONDS = 6371.0088, 1.35, 25.0, 120.0
UNSERVED = 10_000.0
"""What a visit that nobody makes costs, in seconds of travel."""
SLACK = 0.01


class Visit(msgspec.Struct):
    """A visit of the day."""

    id: int | str
    lon: float
    lat: float
    kind: str
    dur: float
    tw: tuple[float, float]
    gender: str | None = None
    staff: int = 1


class Care(msgspec.Struct):
    """A caregiver of the day."""

    id: int | str
    skills: list[str]
    office: int
    shift: tuple[float, float]
    gender: str | None = None


class City(msgspec.Struct):
    """The day's file."""

    offices: list[tuple[float, float]]
    visits: list[Visit]
    care: list[Care]


class Stop(msgspec.Struct):
    """A visit of the plan: start and end of the service."""

    visit: int | str
    start: float
    end: float


class Route(msgspec.Struct):
    """A caregiver's day in the plan."""

    care: int | str
    visits: list[Stop] = []


class Plan(msgspec.Struct):
    """The plan's file."""

    routes: list[Route]


class Given(NamedTuple):
    """Who came, and when."""

    care: str
    start: float


def evaluate(instance: bytes, solution: bytes) -> Report:
    """Price a plan."""
    file, plan = decode(City, instance, "day"), decode(Plan, solution, "plan")
    found = Findings()
    visits = {str(one.id): one for one in file.visits}
    given: dict[str, list[Given]] = {name: [] for name in visits}
    travel, seen = 0.0, set[str]()
    for route in plan.routes:
        who = next((one for one in file.care if str(one.id) == str(route.care)), None)
        if who is None or str(route.care) in seen:
            found.breaks("unknown_caregiver" if who is None else "caregiver_twice", str(route.care))
            continue
        seen.add(str(route.care))
        stops = _known(route, visits, found)
        travel += _route(file, who, stops, visits, found)
        for stop in stops:
            given[str(stop.visit)].append(Given(str(who.id), stop.start))
    served = sum(_visit(one, given[str(one.id)], found) for one in file.visits)
    unserved = len(file.visits) - served
    figures = {"served": float(served), "unserved": float(unserved), "travel_h": travel / 3600}
    cost = {"travel": travel, "unserved": UNSERVED * unserved}
    return Report(cost, figures, tuple(found.violations), tuple(found.lenient))


def seconds(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Return how long a leg takes between two (longitude, latitude)."""
    north, east = radians(there[1] - here[1]) / 2, radians(there[0] - here[0]) / 2
    chord = sin(north) ** 2 + cos(radians(here[1])) * cos(radians(there[1])) * sin(east) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(chord))) * FACTOR / SPEED_KMH * 3600 + START_SECONDS


def _known(route: Route, visits: dict[str, Visit], found: Findings) -> list[Stop]:
    for stop in route.visits:
        if str(stop.visit) not in visits:
            found.breaks("unknown_visit", str(stop.visit))
    return sorted(
        (one for one in route.visits if str(one.visit) in visits), key=lambda one: (one.start, one.end)
    )


def _route(file: City, who: Care, stops: Sequence[Stop], visits: dict[str, Visit], found: Findings) -> float:
    """Look at one caregiver's day and return how long they are under way."""
    if not 0 <= who.office < len(file.offices):
        raise Failure(f"day: caregiver {who.id} has office {who.office}, and there are {len(file.offices)}")
    office = file.offices[who.office]
    here, free, total = office, who.shift[0], 0.0
    for stop in stops:
        visit, where = visits[str(stop.visit)], f"{who.id} at {stop.visit}"
        there = (visit.lon, visit.lat)
        leg = seconds(here, there)
        _may(who, visit, where, found)
        if stop.start < free + leg - SLACK:
            found.breaks("travel", where, free + leg - stop.start)
        if not visit.tw[0] - SLACK <= stop.start <= visit.tw[1] + SLACK:
            found.breaks("window", where, stop.start)
        if abs(stop.end - stop.start - visit.dur) > SLACK:
            found.breaks("duration", where, stop.end - stop.start - visit.dur)
        here, free, total = there, stop.end, total + leg
    if not stops:
        return 0.0
    leg = seconds(here, office)
    if free + leg > who.shift[1] + SLACK:
        found.breaks("shift_end", str(who.id), free + leg - who.shift[1])
    return total + leg


def _may(who: Care, visit: Visit, where: str, found: Findings) -> None:
    if visit.kind not in who.skills:
        found.breaks("skill", where)
    if visit.gender not in {None, who.gender}:
        found.breaks("gender", where)


def _visit(visit: Visit, given: list[Given], found: Findings) -> bool:
    """Look at one visit; return whether it is made."""
    if not given:
        return False
    if len({one.care for one in given}) != visit.staff or len(given) != visit.staff:
        found.breaks("staff", f"{visit.id}: {len(given)} of {visit.staff}")
    starts = [one.start for one in given]
    if max(starts) - min(starts) > SLACK:
        found.breaks("simultaneous", str(visit.id), max(starts) - min(starts))
    return True
