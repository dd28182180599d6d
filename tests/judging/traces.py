"""What the devices of a home saw: its own life, and whoever really came."""

import random
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from tests.judging.days import Job
from tests.judging.places import Home, Sensor

Change = tuple[datetime, bool]


def readings(dice: random.Random, jobs: Iterable[Job], still: set[int]) -> Iterator[dict[str, Any]]:
    """Give the readings about each visit; `still`: visits (by id()) about which the door stayed shut."""
    said: set[tuple[str, str]] = set()
    truths: dict[str, list[Job]] = {}
    listed = list(jobs)
    for job in listed:
        truths.setdefault(job.elder.home.number, []).append(job)
    for home, window in _windows(listed):
        for sensor in home.sensors:
            if sensor.lives:
                for moment, value in _changes(dice, sensor, truths[home.number], window, still):
                    key = (sensor.number, moment.isoformat())
                    if key not in said:
                        said.add(key)
                        yield {"type": "reading", "device_id": key[0], "at": key[1], "value": value}


def _windows(jobs: list[Job]) -> list[tuple[Home, tuple[datetime, datetime]]]:
    """Join what is near: a home's window from two hours before a visit to a quarter of an hour after it."""
    joined: list[tuple[Home, tuple[datetime, datetime]]] = []
    for job in sorted(jobs, key=lambda one: (one.elder.home.number, one.paper["check_in"]["at"])):
        begins = datetime.fromisoformat(job.paper["check_in"]["at"]) - timedelta(hours=2)
        ends = datetime.fromisoformat(job.paper["check_out"]["at"]) + timedelta(minutes=15)
        if joined and joined[-1][0] is job.elder.home and begins <= joined[-1][1][1]:
            joined[-1] = (job.elder.home, (joined[-1][1][0], max(ends, joined[-1][1][1])))
        else:
            joined.append((job.elder.home, (begins, ends)))
    return joined


def _changes(
    dice: random.Random, sensor: Sensor, jobs: list[Job], window: tuple[datetime, datetime], still: set[int]
) -> list[Change]:
    here = [one for one in jobs if _meets(one, window)]
    if sensor.metric == "open":
        changes = list(_door(dice, here, window, still))
    elif sensor.metric == "in_bed":
        changes = list(_bed(dice, here, window))
    else:
        changes = list(_motion(dice, here, window))
    inside = [(moment.replace(microsecond=0), value) for moment, value in changes]
    return sorted(one for one in inside if window[0] <= one[0] <= window[1])


def _meets(job: Job, window: tuple[datetime, datetime]) -> bool:
    begins, ends = job.came or (job.planned, job.planned + timedelta(minutes=job.minutes))
    return begins <= window[1] and ends >= window[0]


def _door(
    dice: random.Random, jobs: list[Job], window: tuple[datetime, datetime], still: set[int]
) -> Iterator[Change]:
    quiet = [_paper(job, 15) for job in jobs if id(job) in still]
    swings = [moment for job in jobs if job.came for moment in _passages(dice, job)]
    if dice.random() < 0.4:
        own = window[0] + (window[1] - window[0]) * dice.random()
        swings += [] if any(a <= own <= b for a, b in quiet) else [own]
    for moment in swings:
        yield moment, True
        yield moment + timedelta(seconds=dice.uniform(4, 40)), False


def _passages(dice: random.Random, job: Job) -> Iterator[datetime]:
    if job.came:
        yield job.came[0] - timedelta(seconds=dice.uniform(5, 90))
        yield job.came[1] + timedelta(seconds=dice.uniform(-20, 60))


def _paper(job: Job, minutes: int) -> tuple[datetime, datetime]:
    margin = timedelta(minutes=minutes)
    begins, ends = (datetime.fromisoformat(job.paper[one]["at"]) for one in ("check_in", "check_out"))
    return begins - margin, ends + margin


def _bed(dice: random.Random, jobs: list[Job], window: tuple[datetime, datetime]) -> Iterator[Change]:
    """Repeat every ten minutes whether somebody lies there; a bath is never had in bed."""
    moment = window[0] + timedelta(seconds=dice.uniform(0, 600))
    lies = dice.random() < 0.3
    while moment <= window[1]:
        value = lies
        for job in jobs:
            value = _told(job, moment, default=value)
        yield moment, value
        moment += timedelta(minutes=10)


def _told(job: Job, moment: datetime, *, default: bool) -> bool:
    begins, ends = _paper(job, 12)
    if job.alters_bed and begins <= moment <= ends:
        return True
    if job.came and job.came[0] - timedelta(minutes=1) <= moment <= job.came[1]:
        return False
    return default


def _motion(dice: random.Random, jobs: list[Job], window: tuple[datetime, datetime]) -> Iterator[Change]:
    """Somebody at work is seen every few minutes, an elder alone now and then, nobody who lies in bed."""
    moment, value = window[0] + timedelta(minutes=dice.uniform(1, 20)), True
    while moment <= window[1]:
        busy = any(job.came and job.came[0] <= moment <= job.came[1] for job in jobs)
        hushed = any(job.alters_bed and _within(moment, _paper(job, 12)) for job in jobs)
        if not hushed:
            yield moment, value
            value = not value
        moment += timedelta(minutes=dice.uniform(1, 5) if busy else dice.uniform(9, 45))


def _within(moment: datetime, span: tuple[datetime, datetime]) -> bool:
    return span[0] <= moment <= span[1]
