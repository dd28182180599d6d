"""How people cheat (DOMAIN 6): each fraud takes a visit as it was, or adds one, and bends its paper."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.judging import papers
from tests.judging.days import Job
from tests.judging.places import County, Elder, kilometres


@dataclass
class Scene:
    """The month's visits, who is tempted, and which visits the door slept through."""

    dice: random.Random
    county: County
    jobs: list[Job]
    tempted: set[str]
    still: set[int] = field(default_factory=set)
    kept: set[int] = field(default_factory=set)
    """Visits (by id()) whose pictures somebody uses again: they stay honest."""

    def honest(self, suits: Callable[[Job], bool]) -> Job | None:
        """Return an honest visit that suits, rather one of somebody who is tempted."""
        clean = [
            one for one in self.jobs if not one.kinds and one.paper and one.came and id(one) not in self.kept
        ]
        self.dice.shuffle(clean)
        if self.dice.random() < 0.75:
            clean.sort(key=lambda one: one.carer.number not in self.tempted)
        return next((one for one in clean if suits(one)), None)

    def alone(self, job: Job) -> bool:
        """Say whether no other visit of the home lies near."""
        home, near = job.elder.home, timedelta(hours=4)
        same = (one for one in self.jobs if one.elder.home is home and one is not job)
        return all(abs(one.planned - job.planned) > near for one in same)

    def last_of_day(self, job: Job) -> bool:
        """Say whether the caregiver goes home after this visit."""
        same = (
            one for one in self.jobs if one.carer is job.carer and one.planned.date() == job.planned.date()
        )
        return all(one.planned <= job.planned for one in same)

    def add(self, job: Job, elder: Elder, begins: datetime, kinds: list[str]) -> Job:
        """Write a visit to somebody that only stands on paper."""
        service, minutes = self.dice.choice(elder.wants)
        made = Job(job.carer, elder, service, max(minutes, 30), begins, None, kinds=kinds)
        papers.write(self.dice, made, len(self.jobs))
        _strip(made)
        self.jobs.append(made)
        return made


def _strip(job: Job) -> None:
    """Nobody who was there speaks for a visit that nobody made."""
    job.came = None
    for witness in ("confirmations", "signatures", "photos"):
        job.paper.pop(witness, None)
    for mark in (job.paper["check_in"], job.paper["check_out"]):
        mark.pop("code", None)
        mark.pop("code_kind", None)
        if "lat" not in mark:
            mark.update(lat=job.elder.home.lat, lon=job.elder.home.lon, accuracy_m=20.0)


def never_made(scene: Scene) -> None:
    """Nobody came: the family says so, or the phone has no place to show and the door knows of nobody."""
    denied = scene.dice.random() < 0.5
    job = scene.honest(lambda one: denied or (one.elder.home.sees("open") and scene.alone(one)))
    if job is None:
        return
    _strip(job)
    job.kinds = ["never_made"]
    if denied:
        job.paper["confirmations"] = [{"who": scene.dice.choice(("elder", "family")), "agrees": False}]
        return
    scene.still.add(id(job))
    for mark in (job.paper["check_in"], job.paper["check_out"]):
        for word in ("lat", "lon", "accuracy_m"):
            mark.pop(word)


def shortened(scene: Scene) -> None:
    """Gone after a third: the check-out says so, or it is made from the road, or the door tells."""
    way = scene.dice.choice(("told", "road", "door"))
    job = scene.honest(
        lambda one: (
            one.minutes >= 45 and (way != "door" or (one.elder.home.sees("open") and scene.alone(one)))
        )
    )
    if job is None or job.came is None:
        return
    leaves = job.came[0] + timedelta(minutes=job.minutes * scene.dice.uniform(0.15, 0.4))
    job.came, job.kinds = (job.came[0], leaves), ["shortened"]
    written = leaves if way == "told" else job.came[0] + timedelta(minutes=job.minutes)
    mark = papers.mark(scene.dice, job.elder.home, written)
    if way == "road":
        mark |= papers.position(scene.dice, job.elder.home, 10.0)
        mark["lat"] += scene.dice.choice((-1, 1)) * scene.dice.uniform(0.009, 0.03)
        mark.pop("code", None)
    if way == "door":
        scene.still.add(id(job))
    job.paper["check_out"] = mark
    job.paper.pop("confirmations", None)


def faked_place(scene: Scene) -> None:
    """The phone lies about its place, or says it and it is another."""
    job = scene.honest(lambda _: True)
    if job is None:
        return
    _strip(job)
    job.kinds = ["faked_place", "never_made"]
    home, way = job.elder.home, scene.dice.choice(("mock", "far", "scan"))
    for mark in (job.paper["check_in"], job.paper["check_out"]):
        if way == "mock":
            mark.update(papers.position(scene.dice, home, 5.0), mock=True)
            continue
        mark.update(papers.position(scene.dice, home, 9.0))
        mark["lat"] += 0.008 + scene.dice.random() * 0.03
        if way == "scan":
            mark.update(code="valid", code_kind="printed")


def same_spot(scene: Scene) -> None:
    """One coordinate, to the last digit, wherever the visit was: a small program on the phone."""
    first = scene.honest(lambda _: True)
    if first is None:
        return
    spot = papers.position(scene.dice, first.elder.home, 3.0)
    for _ in range(5):
        job = scene.honest(lambda one: one.carer is first.carer)
        if job is not None:
            _strip(job)
            job.kinds = ["faked_place", "never_made"]
            job.paper["check_in"] |= spot
            job.paper["check_out"] |= spot


def reused_photo(scene: Scene) -> None:
    """A picture of an earlier visit, as it was or saved once more."""
    job = scene.honest(lambda one: one.planned.day > 4)
    if job is None:
        return
    olds = [
        one
        for one in scene.jobs
        if one.paper.get("photos") and one.planned < job.planned - timedelta(hours=20) and not one.kinds
    ]
    if not olds:
        return
    old = scene.dice.choice([one for one in olds if one.carer is job.carer] or olds)
    scene.kept.add(id(old))
    copy = dict(scene.dice.choice(old.paper["photos"]))
    if scene.dice.random() < 0.5:
        flipped = int(copy["phash"], 16) ^ (1 << scene.dice.randrange(64)) ^ (1 << scene.dice.randrange(64))
        copy = {**papers.picture(scene.dice), "phash": f"{flipped:016x}"}
    job.paper["photos"], job.kinds = [copy], ["reused_photo"]


def back_filled(scene: Scene) -> None:
    """Entered days later, while the same phone was heard every day."""
    job = scene.honest(lambda one: one.planned.day < scene.county.days - 4)
    if job is None:
        return
    if scene.dice.random() < 0.7:
        _strip(job)
    job.kinds = ["back_filled"] if job.came else ["back_filled", "never_made"]
    written = job.planned + timedelta(days=scene.dice.uniform(3, 12))
    for step, mark in enumerate((job.paper["check_in"], job.paper["check_out"])):
        mark["received_at"] = (written + timedelta(seconds=40 * step)).replace(microsecond=0).isoformat()


def billed_away(scene: Scene) -> None:
    """Somebody dead, in hospital or with the children is billed after the day's last visit."""
    job = scene.honest(scene.last_of_day)
    if job is None or job.came is None:
        return
    day = job.planned.date()
    gone = [one for one in scene.county.elders[job.carer.town] if _surely_away(one, day)]
    if gone:
        begins = job.came[1] + timedelta(minutes=scene.dice.uniform(60, 110))
        scene.add(job, scene.dice.choice(gone), begins, ["billed_away", "never_made"])


def _surely_away(elder: Elder, day: object) -> bool:
    """Neither the first nor the last day of an absence."""
    away = elder.away is not None and elder.away[0] < day < elder.away[1]  # type: ignore[operator]
    return away or (elder.died is not None and day > elder.died)  # type: ignore[operator]


def overlapping(scene: Scene) -> None:
    """In two homes at once: the second only on paper."""
    job = scene.honest(lambda one: scene.last_of_day(one) and one.minutes >= 45)
    if job is None or job.came is None:
        return
    begins = job.came[0] + timedelta(minutes=job.minutes * scene.dice.uniform(0.2, 0.5))
    others = [one for one in _free(scene, job) if one.home is not job.elder.home]
    if others:
        scene.add(job, scene.dice.choice(others), begins, ["overlapping", "never_made"])


def impossible_travel(scene: Scene) -> None:
    """Minutes after the last visit in one town already in another."""
    job = scene.honest(scene.last_of_day)
    if job is None or job.came is None:
        return
    begins = max(job.came[1], job.came[0] + timedelta(minutes=job.minutes))
    begins += timedelta(minutes=scene.dice.uniform(2, 6))
    towns = [town for number, town in enumerate(scene.county.elders) if number != job.carer.town]
    there = [one for one in scene.dice.choice(towns) if one.is_there(begins.date())]
    far = [one for one in there if kilometres(one.home, job.elder.home) > 9]
    if far:
        scene.add(job, scene.dice.choice(far), begins, ["impossible_travel", "never_made"])


def _free(scene: Scene, job: Job) -> list[Elder]:
    day = job.planned.date()
    busy = {one.elder.number for one in scene.jobs if one.planned.date() == day}
    town = scene.county.elders[job.carer.town]
    return [one for one in town if one.number not in busy and one.is_there(day)]


def contradicted(scene: Scene) -> None:
    """Phone and paper are perfect; the bed was never left, or the door never moved."""
    bed = scene.dice.random() < 0.4
    seen = "in_bed" if bed else "open"
    job = scene.honest(
        lambda one: one.elder.home.sees(seen) and scene.alone(one) and (one.service == "bath" or not bed)
    )
    if job is None:
        return
    _strip(job)
    for mark in (job.paper["check_in"], job.paper["check_out"]):
        mark.update(papers.position(scene.dice, job.elder.home, 10.0))
    job.kinds = ["contradicted", "never_made"]
    job.alters_bed = "occupied" if bed else ""
    scene.still.add(id(job))


ALL: tuple[tuple[Callable[[Scene], None], int], ...] = (
    (same_spot, 2),
    (never_made, 14),
    (shortened, 16),
    (faked_place, 8),
    (reused_photo, 13),
    (back_filled, 13),
    (billed_away, 14),
    (overlapping, 13),
    (impossible_travel, 13),
    (contradicted, 15),
)
"""Each fraud and how often it is tried in a month."""
