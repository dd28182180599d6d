"""Compiled: the changes the search tries, and the annealing that keeps or takes them back."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dispatch.search.compiled import (
    able_at,
    allowed_at,
    carer_at,
    compiled,
    copy,
    figures_at,
    inlined,
    job_at,
    left_at,
    liking_at,
    near_at,
    right_at,
    rules,
    set_figures,
    set_left,
    set_right,
    state,
    task_at,
    travel_at,
    unit_at,
    window_at,
)
from dispatch.search.kernels import (
    before,
    begin,
    draw,
    go_ahead,
    go_back,
    link,
    pick,
    rollback,
    soil,
    spread,
    total,
    touch_job,
    touch_unit,
    unlink,
)
from dispatch.search.layout import NONE, SINGLE

Table = Any

TIGHT = 1e-7
RELOCATE, CHANGE, EXCHANGE, INSERT, DROP, LUNCH, REPLACE, KINDS = 0, 1, 2, 3, 4, 5, 6, 8


@inlined
def may(day: Table, t: int, c: int) -> bool:
    """Say whether a carer may take a task now: allowed, and not busy with the other half of the job."""
    sibling = task_at(day, t)["sibling"]
    return allowed_at(day, t, c) == 1 and (sibling < 0 or task_at(day, sibling)["carer"] != c)


@inlined
def mate(day: Table, t: int) -> int:
    """Return the other task of the same unit, or NONE."""
    unit = unit_at(day, task_at(day, t)["unit"])
    return unit["second"] if unit["first"] == t else unit["first"]


@inlined
def neighbour(day: Table, t: int) -> int:
    """Draw a task near another, the nearest most often."""
    n = task_at(day, t)["near"]
    if n == 0:
        return NONE
    x = draw(day)
    return near_at(day, t, int(n * x * x))


@inlined
def somebody(day: Table, t: int) -> int:
    """Draw a carer who may take a task, or NONE."""
    n = task_at(day, t)["able"]
    if n == 0:
        return NONE
    c = able_at(day, t, pick(day, n))
    sibling = task_at(day, t)["sibling"]
    return c if sibling < 0 or task_at(day, sibling)["carer"] != c else NONE


@inlined
def gap(day: Table, v: int, after: bool) -> float:
    """Draw a key between task v and who follows (or precedes) it on its route; NaN if there is no room."""
    low = high = unit_at(day, task_at(day, v)["unit"])["key"]
    if after:
        n = task_at(day, v)["next"]
        high = unit_at(day, task_at(day, n)["unit"])["key"] if n >= 0 else low + 2.0
    else:
        p = task_at(day, v)["prev"]
        low = unit_at(day, task_at(day, p)["unit"])["key"] if p >= 0 else high - 2.0
    if high - low < TIGHT:
        return math.nan
    return low + (high - low) * (0.02 + 0.96 * draw(day))


@compiled
def put(day: Table, u: int, key: float, c: int, d: int) -> None:
    """Put a unit into the routes of its carers at a key."""
    touch_unit(day, u)
    unit_at(day, u)["key"] = key
    t = unit_at(day, u)["first"]
    link(day, t, c, before(day, c, key))
    if unit_at(day, u)["kind"] != SINGLE:
        link(day, unit_at(day, u)["second"], d, before(day, d, key))


@inlined
def take(day: Table, u: int) -> None:
    """Take a unit out of its routes."""
    unlink(day, unit_at(day, u)["first"])
    if unit_at(day, u)["kind"] != SINGLE:
        unlink(day, unit_at(day, u)["second"])


@compiled
def relocate(day: Table, t: int) -> bool:
    """Move a unit beside a neighbour of one of its tasks."""
    u = task_at(day, t)["unit"]
    v = neighbour(day, t)
    if v < 0 or task_at(day, v)["carer"] < 0 or task_at(day, v)["unit"] == u:
        return False
    c = task_at(day, v)["carer"]
    if not may(day, t, c):
        return False
    m = mate(day, t)
    d = NONE
    if m >= 0:
        d = task_at(day, m)["carer"]
        if draw(day) < 0.2:
            d = somebody(day, m)
            if d < 0 or d == c:
                return False
    take(day, u)
    key = gap(day, v, draw(day) < 0.6)
    if math.isnan(key):
        return False
    if unit_at(day, u)["first"] == t:
        put(day, u, key, c, d)
    else:
        put(day, u, key, d, c)
    return True


@compiled
def change(day: Table, t: int) -> bool:
    """Give a task to another carer at the same place in the order."""
    c = somebody(day, t)
    if c < 0 or c == task_at(day, t)["carer"]:
        return False
    unlink(day, t)
    link(day, t, c, before(day, c, unit_at(day, task_at(day, t)["unit"])["key"]))
    return True


@compiled
def exchange(day: Table, t: int) -> bool:
    """Let two carers exchange what they do between two keys: a visit, some, or all the rest of the day."""
    v = neighbour(day, t)
    if v < 0:
        return False
    c, d = task_at(day, t)["carer"], task_at(day, v)["carer"]
    if d < 0 or c == d:
        return False
    low = unit_at(day, task_at(day, t)["unit"])["key"]
    x = draw(day)
    if x < 0.5:
        other = unit_at(day, task_at(day, v)["unit"])["key"]
        if other < low:
            low = other
    count = rules(day)["tasks"] if draw(day) < 0.35 else 1 + pick(day, 4)
    high = math.inf
    p = before(day, c, low)
    q = before(day, d, low)
    n = 0
    a = task_at(day, p)["next"] if p >= 0 else carer_at(day, c)["first"]
    while a >= 0:
        if n == count:
            high = unit_at(day, task_at(day, a)["unit"])["key"]
            break
        if not allowed_at(day, a, d):
            return False
        m = task_at(day, a)["sibling"]
        if m >= 0 and task_at(day, m)["carer"] == d and unit_at(day, task_at(day, m)["unit"])["key"] < low:
            return False
        set_left(day, n, a)
        n += 1
        a = task_at(day, a)["next"]
    k = 0
    b = task_at(day, q)["next"] if q >= 0 else carer_at(day, d)["first"]
    while b >= 0 and unit_at(day, task_at(day, b)["unit"])["key"] < high:
        if not allowed_at(day, b, c):
            return False
        set_right(day, k, b)
        k += 1
        b = task_at(day, b)["next"]
    if n + k == 0:
        return False
    for i in range(n):
        unlink(day, left_at(day, i))
    for i in range(k):
        unlink(day, right_at(day, i))
    for i in range(n):
        if not may(day, left_at(day, i), d):
            return False
        link(day, left_at(day, i), d, q)
        q = left_at(day, i)
    for i in range(k):
        if not may(day, right_at(day, i), c):
            return False
        link(day, right_at(day, i), c, p)
        p = right_at(day, i)
    return True


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
    """Bring a job into the plan in the place of a neighbour, which leaves it."""
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


@compiled
def attempt(day: Table) -> int:
    """Try one change in place: its kind, or NONE if it came to nothing."""
    r = rules(day)
    s = state(day)
    x = draw(day)
    if s["unserved"] > 0 and x < 0.12:
        j = pick(day, rules(day)["jobs"])
        for _ in range(rules(day)["jobs"]):
            if job_at(day, j)["served"] == 0:
                break
            j = j + 1 if j + 1 < rules(day)["jobs"] else 0
        if job_at(day, j)["possible"] == 0:
            return NONE
        if x < 0.06:
            return INSERT if insert(day, j) else NONE
        return REPLACE if replace(day, j) else NONE
    t = pick(day, rules(day)["tasks"])
    if task_at(day, t)["carer"] < 0:
        return NONE
    if r["breaks"] == 1 and x < 0.17:
        return LUNCH if eat(day, t) else NONE
    u = task_at(day, t)["unit"]
    if unit_at(day, u)["fixed"] == 1:
        return NONE
    if r["optional"] == 1 and x < 0.18:
        return DROP if drop(day, unit_at(day, u)["job"]) else NONE
    if x < 0.6:
        return RELOCATE if relocate(day, t) else NONE
    if x < 0.7:
        return CHANGE if change(day, t) else NONE
    return EXCHANGE if exchange(day, t) else NONE


@compiled
def keep(day: Table, best: Table) -> None:
    """Copy the plan."""
    for t in range(rules(day)["tasks"]):
        copy(task_at(best, t), task_at(day, t))
    for u in range(rules(day)["units"]):
        copy(unit_at(best, u), unit_at(day, u))
    for j in range(rules(day)["jobs"]):
        copy(job_at(best, j), job_at(day, j))
    for c in range(rules(day)["carers"]):
        copy(carer_at(best, c), carer_at(day, c))
    copy(state(best), state(day))


@compiled
def anneal(day: Table, best: Table, cost_best: float, count: int, hot: float, cold: float) -> float:
    """Try `count` changes while the temperature falls from hot to cold; return the best cost, kept in `best`."""
    cost = total(day)
    s = state(day)
    slope = (cold - hot) / count
    for i in range(count):
        temperature = hot + slope * i
        begin(day)
        s["bound"] = s["pain"] + 0.5 * rules(day)["broken"] if rules(day)["hard"] == 1 else math.inf
        kind = attempt(day)
        if kind < 0:
            rollback(day)
            continue
        set_figures(day, kind, figures_at(day, kind) + 1)
        spread(day)
        new = total(day)
        if s["pain"] <= s["bound"] and new - cost <= -temperature * math.log(1.0 - draw(day)):
            set_figures(day, KINDS + kind, figures_at(day, KINDS + kind) + 1)
            cost = new
            if cost < cost_best - 1e-7:
                cost_best = cost
                keep(day, best)
        else:
            rollback(day)
    return cost_best


@compiled
def first_plan(day: Table, order: NDArray[np.int64]) -> None:
    """Put every job in the cheapest way into the routes, in the order given; leave out what only costs more."""
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
