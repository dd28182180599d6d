"""What the homes' devices say: of who lives there, and of who comes."""

from collections.abc import Iterator
from random import Random

from tests.fraud.generator.visits import Visit
from tests.fraud.generator.world import Home

BEFORE, AFTER = 120.0, 15.0
Said = tuple[float, str, bool]
"""When (minutes of the month), what, and whether it became true."""


def of_home(home: Home, visits: list[Visit], days: int, rng: Random) -> list[Said]:
    """Return what one home's devices said in the month, in order."""
    if home.is_flat:
        return []
    is_bedridden = any(visit.person.is_bedridden for visit in visits)
    said = [*_life(home, days, rng, is_bedridden=is_bedridden)]
    said = [one for one in said if one[1] != "open" or not _is_quiet(one[0], visits)]
    for visit in visits:
        if visit.there is not None:
            said += _visitor(home, visit, rng)
    said = [one for one in said if one[1] in home.sensors]
    spans = [span for visit in visits for span in _bath(visit)]
    said = [one for one in said if one[1] != "in_bed" or not _within(one[0], visits)] + (
        [one for span in spans for one in span] if "in_bed" in home.sensors else []
    )
    return sorted(said)


def _life(home: Home, days: int, rng: Random, *, is_bedridden: bool) -> Iterator[Said]:
    """Yield what the elder does alone: sleep, a nap, going about, going out."""
    yield 0.0, "in_bed", True
    yield 0.0, "open", False
    for day in range(days):
        base = day * 1440
        if not is_bedridden:
            yield base + rng.gauss(390, 20), "in_bed", False
            yield base + rng.gauss(1290, 25), "in_bed", True
        if rng.random() < 0.6 and not is_bedridden:
            nap = base + rng.gauss(770, 25)
            yield nap, "in_bed", True
            yield nap + rng.uniform(30, 100), "in_bed", False
        clock = base + 400.0
        while clock < base + 1280:
            clock += rng.expovariate(1 / 45)
            yield clock, "occupied", True
            yield clock + rng.uniform(0.5, 4), "occupied", False
        for _ in range(rng.choice((0, 0, 1, 2))):
            yield from _door(base + rng.uniform(420, 1150), home, rng)


def _visitor(home: Home, visit: Visit, rng: Random) -> Iterator[Said]:
    assert visit.there is not None
    arrived, left = visit.there
    yield from _door(arrived, home, rng)
    yield from _door(left, home, rng)
    clock = arrived + rng.uniform(0.5, 3)
    while clock < left:
        yield clock, "occupied", True
        yield clock + 1, "occupied", False
        clock += rng.expovariate(1 / 12)


def _door(at: float, home: Home, rng: Random) -> Iterator[Said]:
    if rng.random() >= home.miss:
        yield at, "open", True
        yield at + rng.uniform(0.1, 0.6), "open", False


def _within(at: float, visits: list[Visit]) -> bool:
    """Say whether a movement in bed falls into a visit: there the visit itself says what the bed did."""
    return any(v.start.at - BEFORE < at < v.end.at + AFTER for v in visits if v.service == "bath")


def _is_quiet(at: float, visits: list[Visit]) -> bool:
    return any(v.is_quiet and v.start.at - AFTER < at < v.end.at + AFTER for v in visits)


def _bath(visit: Visit) -> Iterator[list[Said]]:
    """Yield what the bed says around a bath: left and taken again, or kept all the while."""
    if visit.service != "bath":
        return
    before, after = visit.start.at - BEFORE + 1, visit.end.at + AFTER - 1
    if visit.in_bed:
        yield [(before, "in_bed", True), (after, "in_bed", True)]
    elif visit.there is None:
        yield [(before, "in_bed", False)]
    else:
        arrived, left = visit.there
        yield [(before, "in_bed", True), (arrived + 4, "in_bed", False), (left - 3, "in_bed", True)]
