# ruff: noqa: C901, PLR2004 - compiled: flat functions, odds as plain numbers
"""Compiled: changes to what is in the plan at all, and to breaks."""

from __future__ import annotations

import math

from dispatch.search.compiled import (
    Table,
    allowed_at,
    carer_at,
    compiled,
    job_at,
    rules,
    state,
    task_at,
    unit_at,
)
from dispatch.search.layout import NONE, SINGLE
from dispatch.search.moves import gap, neighbour, somebody
from dispatch.search.routes import mate, may, put, take
from dispatch.search.trial import draw, go_ahead, go_back, soil, touch_job


@compiled
def enter(day: Table, u: int) -> bool:
    """Put a unit that is in no route beside a neighbour, or anywhere with somebody able."""
    unit = unit_at(day, u)
    t = unit["first"]
    if unit["kind"] != SINGLE and draw(day) < 0.5:
        t = unit["second"]
    v = neighbour(day, t)
    key = math.nan
    c = NONE
    if v >= 0 and task_at(day, v)["carer"] >= 0:
        c = task_at(day, v)["carer"]
        if not may(day, t, c):
            return False
        key = gap(day, v, draw(day) < 0.6)
    else:
        c = somebody(day, t)
        if c < 0:
            return False
        key = rules(day)["units"] * draw(day)
    if math.isnan(key):
        return False
    d = NONE
    if unit["kind"] != SINGLE:
        d = somebody(day, mate(day, t))
        if d < 0 or d == c:
            return False
    if unit["first"] == t:
        put(day, u, key, c, d)
    else:
        put(day, u, key, d, c)
    return True


@compiled
def insert(day: Table, j: int) -> bool:
    """Bring a job into the plan."""
    job = job_at(day, j)
    for u in range(job["unit"], job["unit"] + job["units"]):
        if not enter(day, u):
            return False
    touch_job(day, j)
    job_at(day, j)["served"] = 1
    state(day)["drops"] -= job["drop"]
    state(day)["unserved"] -= 1
    return True


@compiled
def drop(day: Table, j: int) -> bool:
    """Leave a job out of the plan."""
    job = job_at(day, j)
    for u in range(job["unit"], job["unit"] + job["units"]):
        take(day, u)
    touch_job(day, j)
    job_at(day, j)["served"] = 0
    state(day)["drops"] += job["drop"]
    state(day)["unserved"] += 1
    return True


@compiled
def replace(day: Table, j: int) -> bool:
    """Bring a job into the plan in the place of a neighbour, which leaves it.

    Those that follow there may leave with it, as long as the job is worth more than all of them.
    """
    job = job_at(day, j)
    if job["units"] != 1:
        return False
    u = job["unit"]
    t = unit_at(day, u)["first"]
    v = neighbour(day, t)
    if v < 0 or task_at(day, v)["carer"] < 0:
        return False
    other = unit_at(day, task_at(day, v)["unit"])
    k = other["job"]
    c, key = task_at(day, v)["carer"], other["key"]
    if job_at(day, k)["fixed"] == 1 or not allowed_at(day, t, c):
        return False
    n = task_at(day, v)["next"]
    room = job["drop"] - job_at(day, k)["drop"]
    drop(day, k)
    while n >= 0 and room > 0.0:
        k = unit_at(day, task_at(day, n)["unit"])["job"]
        room -= job_at(day, k)["drop"]
        if room <= 0.0 or job_at(day, k)["fixed"] == 1 or draw(day) < 0.5:
            break
        n = task_at(day, n)["next"]
        drop(day, k)
    d = NONE
    if unit_at(day, u)["kind"] != SINGLE:
        d = somebody(day, unit_at(day, u)["second"])
        if d < 0 or d == c:
            return False
    put(day, u, key, c, d)
    touch_job(day, j)
    job_at(day, j)["served"] = 1
    state(day)["drops"] -= job["drop"]
    state(day)["unserved"] -= 1
    return True


@compiled
def eat(day: Table, t: int) -> bool:
    """Let the carer of a task have the break just before it, or nowhere if it is there already."""
    c = task_at(day, t)["carer"]
    carer = carer_at(day, c)
    if carer["break"] == 0:
        return False
    soil(day, c)
    was = carer["lunch"]
    carer["lunch"] = NONE if was == t else t
    for x in (was, t):
        if x >= 0:
            go_ahead(day, task_at(day, x)["unit"])
            if task_at(day, x)["prev"] >= 0:
                go_back(day, task_at(day, task_at(day, x)["prev"])["unit"])
    return True
