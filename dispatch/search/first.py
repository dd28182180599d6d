# Records have no static types:
# mypy: disable-error-code="no-any-return"
"""Compiled: a first plan, everybody's cheapest place in the order of time."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from dispatch.search.compiled import (
    Table,
    able_at,
    carer_at,
    compiled,
    job_at,
    liking_at,
    rules,
    state,
    task_at,
    travel_at,
    unit_at,
    window_at,
)
from dispatch.search.layout import NONE, SINGLE
from dispatch.search.prices import spread, total
from dispatch.search.routes import before, link, may
from dispatch.search.trial import begin, rollback, touch_job


@compiled
def first_plan(day: Table, order: NDArray[np.int64]) -> None:
    """Put jobs in the cheapest way into the routes, in the order given, but for those that only cost more."""
    for k in range(len(order)):
        j = order[k]
        if job_at(day, j)["possible"] == 0:
            continue
        begin(day)
        state(day)["bound"] = math.inf
        was = total(day)
        touch_job(day, j)
        job = job_at(day, j)
        job["served"] = 1
        state(day)["drops"] -= job["drop"]
        state(day)["unserved"] -= 1
        done = True
        for u in range(job["unit"], job["unit"] + job["units"]):
            if not cheapest(day, u):
                done = False
                break
        if not done or total(day) > was:
            rollback(day)


@compiled
def cheapest(day: Table, u: int) -> bool:
    """Give each task of a unit the carer who costs least at its key, one after the other."""
    key = unit_at(day, u)["key"]
    for side in range(1 if unit_at(day, u)["kind"] == SINGLE else 2):
        t = unit_at(day, u)["first"] if side == 0 else unit_at(day, u)["second"]
        best, who = math.inf, NONE
        for k in range(task_at(day, t)["able"]):
            c = able_at(day, t, k)
            if not may(day, t, c):
                continue
            cost = guess(day, t, c, before(day, c, key))
            if cost < best:
                best, who = cost, c
        if who < 0:
            return False
        link(day, t, who, before(day, who, key))
        if unit_at(day, u)["kind"] == SINGLE or side == 1:
            spread(day)
    return True


@compiled
def guess(day: Table, t: int, c: int, p: int) -> float:
    """Guess what it costs to put a task at the end of what a carer does up to p: way, lateness, liking."""
    r = rules(day)
    a = task_at(day, p)["node"] if p >= 0 else carer_at(day, c)["start"]
    way = travel_at(day, carer_at(day, c)["matrix"], a, task_at(day, t)["node"])
    ready = (
        task_at(day, p)["early"] + task_at(day, p)["duration"] if p >= 0 else carer_at(day, c)["opens"]
    ) + way
    u = task_at(day, t)["unit"]
    start = max(ready, window_at(day, u, 0, 0))
    late = max(0.0, start + task_at(day, t)["cut"] - window_at(day, u, unit_at(day, u)["windows"] - 1, 1))
    back = (
        start
        + task_at(day, t)["duration"]
        + travel_at(day, carer_at(day, c)["matrix"], task_at(day, t)["node"], carer_at(day, c)["end"])
    )
    over = max(0.0, back - carer_at(day, c)["closes"])
    wait = start - ready if p >= 0 else 0.0
    return (
        r["travel"] * way
        + unit_at(day, u)["weight"] * late
        + liking_at(day, t, c)
        + r["overtime"] * over
        + (r["waiting"] + 0.01 * r["travel"]) * wait
    )
