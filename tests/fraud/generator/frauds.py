"""The nine kinds of DOMAIN §6, each done to a month: an honest visit is spoilt, or one is invented.

A kind is done where it leaves a trace: silence tells something only where a door is listened to.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tests.fraud.generator import visits as honest
from tests.fraud.generator.visits import MINUTES, Mark, Visit
from tests.fraud.generator.world import Home, Person, World, metres, moved

LISTENS = 0.1
"""A door's sensor that misses more than this is no witness."""


@dataclass
class Month:
    """The month so far."""

    world: World
    days: int
    visits: list[Visit]
    rng: Random

    def clean(self) -> list[Visit]:
        """Return the visits that nobody has spoilt yet, in random order."""
        left = [v for v in self.visits if not v.kinds and v.there]
        return self.rng.sample(left, len(left))

    def heard(self, visit: Visit) -> bool:
        """Say whether the home's door would tell of a visitor."""
        home = visit.person.home
        is_deaf = any(a < visit.end.at + 20 and b > visit.start.at - 20 for a, b in self.world.deaf)
        return "open" in home.sensors and not home.is_flat and home.miss < LISTENS and not is_deaf


def nobody(visit: Visit, *kinds: str) -> None:
    """Let nobody have come."""
    visit.there, visit.kinds = None, list(kinds)
    visit.start.code = visit.end.code = visit.start.code_kind = None
    visit.is_quiet = True
    visit.confirmations = []


def unplaced(mark: Mark, home: Home, rng: Random) -> None:
    """Let the phone say no place, or none that is worth anything."""
    mark.place = mark.accuracy = None
    if rng.random() < 0.4:
        mark.accuracy = rng.uniform(700, 2500)
        mark.place = moved(home.true, rng.uniform(400, 2500), rng)


def exact(mark: Mark, home: Home, rng: Random) -> None:
    """Let the phone say the home, as an honest one would on a good day."""
    mark.accuracy = rng.lognormvariate(2.6, 0.4)
    mark.place = moved(home.true, abs(rng.gauss(0, mark.accuracy / 2)), rng)


def never_made(month: Month, visit: Visit) -> bool:
    """Make the record up: no place; the door stays shut, or the elder denies."""
    denies = month.rng.random() < 0.3
    if not denies and not (month.heard(visit) and visit.minutes >= 30):
        return False
    nobody(visit, "never_made")
    for mark in (visit.start, visit.end):
        unplaced(mark, visit.person.home, month.rng)
    if denies:
        visit.confirmations = [{"who": month.rng.choice(("elder", "family")), "agrees": False}]
    return True


def shortened(month: Month, visit: Visit) -> bool:
    """Stay a quarter of the time: say so, or check out from elsewhere, or later without a place."""
    rng = month.rng
    assert visit.there is not None
    arrived, way = visit.there[0], rng.random()
    stays = visit.minutes * rng.uniform(0.12, 0.4)
    if way < 0.4:
        visit.end = honest.mark(visit.caregiver, arrived + stays, visit.person.home.true, rng)
    elif visit.minutes < 45 or (way >= 0.75 and not month.heard(visit)):
        return False
    else:
        visit.end = honest.mark(
            visit.caregiver, visit.start.at + visit.minutes * rng.uniform(0.9, 1.05), (0, 0), rng
        )
        visit.end.place = visit.end.accuracy = None
        if way < 0.75:
            visit.end.accuracy = rng.uniform(5, 30)
            visit.end.place = moved(visit.person.home.true, rng.uniform(1500, 6000), rng)
        visit.is_quiet = True
    visit.there, visit.kinds = (arrived, arrived + stays), ["shortened"]
    visit.confirmations, visit.photos = [], visit.photos if way < 0.4 else []
    return True


def faked_place(month: Month, visit: Visit) -> bool:
    """Say the home from elsewhere: simulated, typed in once for all, or the true place far away."""
    rng, home, way = month.rng, visit.person.home, month.rng.random()
    has_print = home.has_print and visit.start.code is not None
    nobody(visit, "faked_place", "never_made")
    for mark in (visit.start, visit.end):
        if way < 0.3:
            exact(mark, home, rng)
            mark.is_mock = True
        elif way < 0.65:
            mark.place, mark.accuracy = home.place, 5.0
        else:
            far = month.world.office if metres(month.world.office, home.true) > 1200 else None
            mark.accuracy = rng.uniform(5, 30)
            mark.place = moved(far or moved(home.true, rng.uniform(1500, 9000), rng), rng.uniform(2, 25), rng)
    if way >= 0.65 and has_print:
        visit.start.code, visit.start.code_kind = "valid", "printed"
    return True


def reused_photo(month: Month, visit: Visit) -> bool:
    """Show the photo of an earlier visit, as it was or saved anew."""
    rng = month.rng
    before = [
        v
        for v in month.visits
        if v.caregiver is visit.caregiver and v.photos and v.end.at < visit.start.at - 600 and not v.kinds
    ]
    if not before:
        return False
    old = rng.choice(before)
    picture = dict(old.photos[0])
    if rng.random() < 0.3 and old.person.home is not visit.person.home:
        picture["sha256"] = f"{rng.getrandbits(256):064x}"
        picture["phash"] = f"{int(picture['phash'], 16) ^ (1 << rng.randrange(64)):016x}"
    if rng.random() < 0.6:
        picture["taken"] = rng.uniform(visit.start.at, visit.end.at)
    visit.photos, visit.kinds = [picture], ["reused_photo"]
    return True


def back_filled(month: Month, visit: Visit) -> bool:
    """Enter it days later, with others; every second one was never made."""
    rng = month.rng
    late = max(visit.end.at + rng.uniform(2, 14) * 1440, visit.end.at + 2000)
    visit.kinds = ["back_filled"]
    if rng.random() < 0.5:
        nobody(visit, "back_filled", "never_made")
    visit.start.code = visit.end.code = visit.start.code_kind = None
    visit.confirmations = []
    for number, mark in enumerate((visit.start, visit.end)):
        mark.received = late + number * 0.05
        mark.place = mark.accuracy = None
    return True


def contradicted(month: Month, visit: Visit) -> bool:
    """Stand at the gate with a good phone; or come, and leave the elder in bed instead of bathing them."""
    rng, home = month.rng, visit.person.home
    is_bath = visit.service == "bath" and "in_bed" in home.sensors and not home.is_flat
    if is_bath and not visit.person.is_bedridden and rng.random() < 0.7:
        visit.in_bed, visit.kinds = True, ["contradicted"]
        visit.confirmations = []
    elif month.heard(visit) and visit.minutes >= 30:
        nobody(visit, "contradicted", "never_made")
    else:
        return False
    for mark in (visit.start, visit.end):
        exact(mark, home, rng)
    return True


def invent(month: Month, person: Person, like: Visit, start: float, *kinds: str) -> Visit:
    """Add a visit that nobody made, to somebody, by the caregiver of another visit."""
    rng, service = month.rng, month.rng.choice(person.services)
    minutes = MINUTES[service]
    marks = [honest.mark(like.caregiver, at, person.home.true, rng) for at in (start, start + minutes)]
    identity = f"{like.id}-x{len(month.visits)}"
    made = Visit(identity, person, like.caregiver, service, start, minutes, marks[0], marks[1], None)
    nobody(made, *kinds)
    made.is_quiet = False
    for mark in marks:
        if rng.random() < 0.4:
            mark.place = mark.accuracy = None
    if rng.random() < 0.3:
        made.photos.append(honest.photo(made, rng))
    month.visits.append(made)
    return made


def overlapping(month: Month, visit: Visit) -> bool:
    """Invent a second visit of the same caregiver at the same time."""
    rng = month.rng
    others = [p for p in visit.caregiver.persons if p.home is not visit.person.home and not p.away]
    others = [p for p in others if p.died_on is None and not _same_day(month, p, visit)]
    if not others or visit.minutes < 30 or visit.end.at - visit.start.at > visit.minutes * 1.2:
        return False
    invent(month, rng.choice(others), visit, visit.start.at + rng.uniform(0, 12), "overlapping", "never_made")
    return True


def impossible_travel(month: Month, visit: Visit) -> bool:
    """Invent a visit far away, minutes after the last one of the day."""
    later = [
        v for v in month.visits if v.caregiver is visit.caregiver and 0 < v.start.at - visit.start.at < 900
    ]
    if later or visit.there is None or visit.end.at - visit.there[1] > 4 or visit.minutes < 30:
        return False
    far = [
        p
        for p in month.world.persons
        if not p.away
        and p.died_on is None
        and metres(p.home.true, visit.person.home.true) > 6000
        and not _same_day(month, p, visit)
    ]
    if not far:
        return False
    start = visit.end.at + month.rng.uniform(1, 5)
    invent(month, month.rng.choice(far), visit, start, "impossible_travel", "never_made")
    return True


def billed_away(month: Month, visit: Visit) -> bool:
    """Go on billing for somebody who has died, or is in hospital, or with their children."""
    rng = month.rng
    gone = [p for p in visit.caregiver.persons if p.away or p.died_on]
    gone = gone or [p for p in month.world.persons if p.away or p.died_on]
    person = rng.choice(gone)
    first, last = _gone(person, month.days)
    free = [day for day in range(first, last) if not _visited(month, person, day)]
    like = next((v for v in month.visits if v.person is person), None)
    if not free or like is None:
        return False
    start = rng.choice(free) * 1440 + 1150 + rng.uniform(0, 30)  # after the day's other visits
    if any(v.caregiver is like.caregiver and abs(v.start.at - start) < 150 for v in month.visits):
        return False
    invent(month, person, like, start, "billed_away", "never_made")
    return True


def _gone(person: Person, days: int) -> tuple[int, int]:
    """Return the days (counted from 0) on which nobody can have been served."""
    if person.died_on is not None:
        return person.died_on, days
    assert person.away is not None
    return person.away[0], person.away[1] - 1


def _visited(month: Month, person: Person, day: int) -> bool:
    return any(v.person is person and v.start.at // 1440 == day for v in month.visits)


def _same_day(month: Month, person: Person, visit: Visit) -> bool:
    return _visited(month, person, int(visit.start.at // 1440))


KINDS: dict[str, Callable[[Month, Visit], bool]] = {
    "overlapping": overlapping,
    "impossible_travel": impossible_travel,
    "billed_away": billed_away,
    "reused_photo": reused_photo,
    "back_filled": back_filled,
    "shortened": shortened,
    "faked_place": faked_place,
    "never_made": never_made,
    "contradicted": contradicted,
}
