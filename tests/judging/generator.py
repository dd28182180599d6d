"""Labelled months to judge the fraud checks by: written from DOMAIN 6 and docs/manual/audit.md alone.

`months(seed)` gives (rows, labels) as the manual describes them. First a county lives through a month, then
honest phones write it down, then some people cheat, then the devices tell what they saw.
"""

import random
from datetime import datetime, timedelta
from typing import Any

from tests.judging import days, frauds, papers, places, traces
from tests.judging.days import Job
from tests.judging.places import CHINA, County

Row = dict[str, Any]


def months(seed: int) -> tuple[list[Row], list[Row]]:
    """Return the rows of one month and its labels; the same seed gives the same month."""
    dice = random.Random(f"judge {seed}")  # noqa: S311 - reproducible cases, no secrets
    county = places.make(dice)
    scene = frauds.Scene(dice, county, days.work(dice, county), set())
    scene.tempted = {one.number for one in dice.sample(county.carers, 5)}
    for number, job in enumerate(scene.jobs):
        papers.write(dice, job, number)
    for commit, times in frauds.ALL:
        for _ in range(times):
            commit(scene)
    _without_network(scene)
    deaf = _deaf(scene)
    rows = [*_registers(county), *(job.paper for job in scene.jobs)]
    heard = traces.readings(dice, scene.jobs, scene.still)
    rows += [
        row for row in heard if deaf is None or not deaf[0] <= datetime.fromisoformat(row["at"]) <= deaf[1]
    ]
    if deaf is not None:
        rows.append({"type": "deaf", "since": deaf[0].isoformat(), "until": deaf[1].isoformat()})
    dice.shuffle(rows)
    labels = [{"visit_id": job.paper["id"], "kinds": job.kinds} for job in scene.jobs if job.kinds]
    return rows, labels


def _registers(county: County) -> list[Row]:
    """Give what does not change: homes, people, absences, firms, caregivers, devices."""
    rows: list[Row] = [{"type": "month", "month": county.first.isoformat()[:7], "zone": "Asia/Shanghai"}]
    rows += [{"type": "home", "id": one.number, "lat": one.lat, "lon": one.lon} for one in county.homes]
    rows += [{"type": "provider", "id": firm} for firm in sorted({one.provider for one in county.carers})]
    for carer in county.carers:
        words = {"id": carer.number, "provider_id": carer.provider, "vehicle": carer.vehicle}
        rows.append({"type": "caregiver", **words})
    for elder in (one for town in county.elders for one in town):
        row: Row = {"type": "person", "id": elder.number, "home_id": elder.home.number}
        rows.append(row | ({"died_on": elder.died.isoformat()} if elder.died else {}))
        if elder.away is not None:
            span = {"starts_on": elder.away[0].isoformat(), "ends_on": elder.away[1].isoformat()}
            rows.append({"type": "absence", "person_id": elder.number, "kind": "hospital", **span})
    return rows + _devices(county)


def _devices(county: County) -> list[Row]:
    rows: list[Row] = []
    alive = places.at(county.first + timedelta(days=county.days), 1.0).isoformat()
    silent = places.at(county.first - timedelta(days=3), 11.0).isoformat()
    for home in county.homes:
        for one in home.sensors:
            row: Row = {"type": "device", "id": one.number, "home_id": home.number, "metric": one.metric}
            if one.every is not None:
                row["interval_s"] = one.every
            rows.append(row | {"last_seen_at": alive if one.lives else silent})
    return rows


def _without_network(scene: frauds.Scene) -> None:
    """Two honest caregivers' phones are without network for two days: nothing of them is heard in between."""
    clean = [one for one in scene.county.carers if one.number not in scene.tempted]
    for carer in scene.dice.sample(clean, 2):
        first = scene.county.first + timedelta(days=scene.dice.randrange(scene.county.days - 4))
        back = places.at(first + timedelta(days=2), 7.0)
        for job in scene.jobs:
            is_then = 0 <= (job.planned.date() - first).days < 2
            if job.carer is carer and is_then and not job.kinds:
                _late(scene, job, back)


def _late(scene: frauds.Scene, job: Job, back: datetime) -> None:
    """Let a visit arrive late; where no device can speak for it, the family does."""
    for mark in (job.paper["check_in"], job.paper["check_out"]):
        mark["received_at"] = (back + timedelta(seconds=scene.dice.randrange(300))).isoformat()
    if not job.elder.home.sees("open"):
        job.paper["confirmations"] = [{"who": "family", "agrees": True}]


def _deaf(scene: frauds.Scene) -> tuple[datetime, datetime] | None:
    """Return an hour in which the platform did not listen, and no fraud took place."""
    for _ in range(40):
        day = scene.county.first + timedelta(days=scene.dice.randrange(scene.county.days))
        begins = places.at(day, scene.dice.uniform(8, 16)).astimezone(CHINA).replace(microsecond=0)
        span = (begins, begins + timedelta(minutes=50))
        bent = (job for job in scene.jobs if job.kinds)
        if all(abs(job.planned - begins) > timedelta(hours=5) for job in bent):
            return span
    return None
