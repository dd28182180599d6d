"""Compiled: the changes the search tries, and the annealing that keeps or takes them back."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

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
from dispatch.search.layout import NONE, SINGLE, Day

TIGHT = 1e-7
RELOCATE, CHANGE, EXCHANGE, INSERT, DROP, LUNCH, REPLACE, KINDS = 0, 1, 2, 3, 4, 5, 6, 8


@njit(cache=True, _nrt=False, forceinline=True)
def may(day: Day, t: int, c: int) -> bool:
    """Say whether a carer may take a task now: allowed, and not busy with the other half of the job."""
    sibling = day.tasks[t]["sibling"]
    return day.allowed[t, c] == 1 and (sibling < 0 or day.tasks[sibling]["carer"] != c)


@njit(cache=True, _nrt=False, forceinline=True)
def mate(day: Day, t: int) -> int:
    """Return the other task of the same unit, or NONE."""
    unit = day.units[day.tasks[t]["unit"]]
    return unit["second"] if unit["first"] == t else unit["first"]


@njit(cache=True, _nrt=False, forceinline=True)
def neighbour(day: Day, t: int) -> int:
    """Draw a task near another, the nearest most often."""
    n = day.tasks[t]["near"]
    if n == 0:
        return NONE
    x = draw(day)
    return day.near[t, int(n * x * x)]


@njit(cache=True, _nrt=False, forceinline=True)
def somebody(day: Day, t: int) -> int:
    """Draw a carer who may take a task, or NONE."""
    n = day.tasks[t]["able"]
    if n == 0:
        return NONE
    c = day.able[t, pick(day, n)]
    sibling = day.tasks[t]["sibling"]
    return c if sibling < 0 or day.tasks[sibling]["carer"] != c else NONE


@njit(cache=True, _nrt=False, forceinline=True)
def gap(day: Day, v: int, after: bool) -> float:
    """Draw a key between task v and who follows (or precedes) it on its route; NaN if there is no room."""
    low = high = day.units[day.tasks[v]["unit"]]["key"]
    if after:
        n = day.tasks[v]["next"]
        high = day.units[day.tasks[n]["unit"]]["key"] if n >= 0 else low + 2.0
    else:
        p = day.tasks[v]["prev"]
        low = day.units[day.tasks[p]["unit"]]["key"] if p >= 0 else high - 2.0
    if high - low < TIGHT:
        return math.nan
    return low + (high - low) * (0.02 + 0.96 * draw(day))


@njit(cache=True, _nrt=False)
def put(day: Day, u: int, key: float, c: int, d: int) -> None:
    """Put a unit into the routes of its carers at a key."""
    touch_unit(day, u)
    day.units[u]["key"] = key
    t = day.units[u]["first"]
    link(day, t, c, before(day, c, key))
    if day.units[u]["kind"] != SINGLE:
        link(day, day.units[u]["second"], d, before(day, d, key))


@njit(cache=True, _nrt=False, forceinline=True)
def take(day: Day, u: int) -> None:
    """Take a unit out of its routes."""
    unlink(day, day.units[u]["first"])
    if day.units[u]["kind"] != SINGLE:
        unlink(day, day.units[u]["second"])


@njit(cache=True, _nrt=False)
def relocate(day: Day, t: int) -> bool:
    """Move a unit beside a neighbour of one of its tasks."""
    u = day.tasks[t]["unit"]
    v = neighbour(day, t)
    if v < 0 or day.tasks[v]["carer"] < 0 or day.tasks[v]["unit"] == u:
        return False
    c = day.tasks[v]["carer"]
    if not may(day, t, c):
        return False
    m = mate(day, t)
    d = NONE
    if m >= 0:
        d = day.tasks[m]["carer"]
        if draw(day) < 0.2:
            d = somebody(day, m)
            if d < 0 or d == c:
                return False
    take(day, u)
    key = gap(day, v, draw(day) < 0.6)
    if math.isnan(key):
        return False
    if day.units[u]["first"] == t:
        put(day, u, key, c, d)
    else:
        put(day, u, key, d, c)
    return True


@njit(cache=True, _nrt=False)
def change(day: Day, t: int) -> bool:
    """Give a task to another carer at the same place in the order."""
    c = somebody(day, t)
    if c < 0 or c == day.tasks[t]["carer"]:
        return False
    unlink(day, t)
    link(day, t, c, before(day, c, day.units[day.tasks[t]["unit"]]["key"]))
    return True


@njit(cache=True, _nrt=False)
def exchange(day: Day, t: int) -> bool:
    """Let two carers exchange what they do between two keys: a visit, some, or all the rest of the day."""
    v = neighbour(day, t)
    if v < 0:
        return False
    c, d = day.tasks[t]["carer"], day.tasks[v]["carer"]
    if d < 0 or c == d:
        return False
    low = day.units[day.tasks[t]["unit"]]["key"]
    x = draw(day)
    if x < 0.5:
        other = day.units[day.tasks[v]["unit"]]["key"]
        if other < low:
            low = other
    count = day.left.shape[0] if draw(day) < 0.35 else 1 + pick(day, 4)
    high = math.inf
    p = before(day, c, low)
    q = before(day, d, low)
    n = 0
    a = day.tasks[p]["next"] if p >= 0 else day.carers[c]["first"]
    while a >= 0:
        if n == count:
            high = day.units[day.tasks[a]["unit"]]["key"]
            break
        if not day.allowed[a, d]:
            return False
        m = day.tasks[a]["sibling"]
        if m >= 0 and day.tasks[m]["carer"] == d and day.units[day.tasks[m]["unit"]]["key"] < low:
            return False
        day.left[n] = a
        n += 1
        a = day.tasks[a]["next"]
    k = 0
    b = day.tasks[q]["next"] if q >= 0 else day.carers[d]["first"]
    while b >= 0 and day.units[day.tasks[b]["unit"]]["key"] < high:
        if not day.allowed[b, c]:
            return False
        day.right[k] = b
        k += 1
        b = day.tasks[b]["next"]
    if n + k == 0:
        return False
    for i in range(n):
        unlink(day, day.left[i])
    for i in range(k):
        unlink(day, day.right[i])
    for i in range(n):
        if not may(day, day.left[i], d):
            return False
        link(day, day.left[i], d, q)
        q = day.left[i]
    for i in range(k):
        if not may(day, day.right[i], c):
            return False
        link(day, day.right[i], c, p)
        p = day.right[i]
    return True


@njit(cache=True, _nrt=False)
def enter(day: Day, u: int) -> bool:
    """Put a unit that is in no route beside a neighbour, or anywhere with somebody able."""
    unit = day.units[u]
    t = unit["first"]
    if unit["kind"] != SINGLE and draw(day) < 0.5:
        t = unit["second"]
    v = neighbour(day, t)
    key = math.nan
    c = NONE
    if v >= 0 and day.tasks[v]["carer"] >= 0:
        c = day.tasks[v]["carer"]
        if not may(day, t, c):
            return False
        key = gap(day, v, draw(day) < 0.6)
    else:
        c = somebody(day, t)
        if c < 0:
            return False
        key = len(day.units) * draw(day)
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


@njit(cache=True, _nrt=False)
def insert(day: Day, j: int) -> bool:
    """Bring a job into the plan."""
    job = day.jobs[j]
    for u in range(job["unit"], job["unit"] + job["units"]):
        if not enter(day, u):
            return False
    touch_job(day, j)
    day.jobs[j]["served"] = 1
    day.state[0]["drops"] -= job["drop"]
    day.state[0]["unserved"] -= 1
    return True


@njit(cache=True, _nrt=False)
def drop(day: Day, j: int) -> bool:
    """Leave a job out of the plan."""
    job = day.jobs[j]
    for u in range(job["unit"], job["unit"] + job["units"]):
        take(day, u)
    touch_job(day, j)
    day.jobs[j]["served"] = 0
    day.state[0]["drops"] += job["drop"]
    day.state[0]["unserved"] += 1
    return True


@njit(cache=True, _nrt=False)
def replace(day: Day, j: int) -> bool:
    """Bring a job into the plan in the place of a neighbour, which leaves it."""
    job = day.jobs[j]
    if job["units"] != 1:
        return False
    u = job["unit"]
    t = day.units[u]["first"]
    v = neighbour(day, t)
    if v < 0 or day.tasks[v]["carer"] < 0:
        return False
    other = day.units[day.tasks[v]["unit"]]
    k = other["job"]
    c, key = day.tasks[v]["carer"], other["key"]
    if day.jobs[k]["fixed"] == 1 or not day.allowed[t, c]:
        return False
    drop(day, k)
    d = NONE
    if day.units[u]["kind"] != SINGLE:
        d = somebody(day, day.units[u]["second"])
        if d < 0 or d == c:
            return False
    put(day, u, key, c, d)
    touch_job(day, j)
    day.jobs[j]["served"] = 1
    day.state[0]["drops"] -= job["drop"]
    day.state[0]["unserved"] -= 1
    return True


@njit(cache=True, _nrt=False)
def eat(day: Day, t: int) -> bool:
    """Let the carer of a task have the break just before it, or nowhere if it is there already."""
    c = day.tasks[t]["carer"]
    carer = day.carers[c]
    if carer["break"] == 0:
        return False
    soil(day, c)
    was = carer["lunch"]
    carer["lunch"] = NONE if was == t else t
    for x in (was, t):
        if x >= 0:
            go_ahead(day, day.tasks[x]["unit"])
            if day.tasks[x]["prev"] >= 0:
                go_back(day, day.tasks[day.tasks[x]["prev"]]["unit"])
    return True


@njit(cache=True, _nrt=False)
def attempt(day: Day) -> int:
    """Try one change in place: its kind, or NONE if it came to nothing."""
    r = day.rules[0]
    s = day.state[0]
    x = draw(day)
    if s["unserved"] > 0 and x < 0.12:
        j = pick(day, len(day.jobs))
        for _ in range(len(day.jobs)):
            if day.jobs[j]["served"] == 0:
                break
            j = j + 1 if j + 1 < len(day.jobs) else 0
        if day.jobs[j]["possible"] == 0:
            return NONE
        if x < 0.06:
            return INSERT if insert(day, j) else NONE
        return REPLACE if replace(day, j) else NONE
    t = pick(day, len(day.tasks))
    if day.tasks[t]["carer"] < 0:
        return NONE
    if r["breaks"] == 1 and x < 0.17:
        return LUNCH if eat(day, t) else NONE
    u = day.tasks[t]["unit"]
    if day.units[u]["fixed"] == 1:
        return NONE
    if r["optional"] == 1 and x < 0.18:
        return DROP if drop(day, day.units[u]["job"]) else NONE
    if x < 0.6:
        return RELOCATE if relocate(day, t) else NONE
    if x < 0.7:
        return CHANGE if change(day, t) else NONE
    return EXCHANGE if exchange(day, t) else NONE


@njit(cache=True, _nrt=False)
def keep(day: Day, best: Day) -> None:
    """Copy the plan."""
    for t in range(len(day.tasks)):
        best.tasks[t] = day.tasks[t]
    for u in range(len(day.units)):
        best.units[u] = day.units[u]
    for j in range(len(day.jobs)):
        best.jobs[j] = day.jobs[j]
    for c in range(len(day.carers)):
        best.carers[c] = day.carers[c]
    best.state[0] = day.state[0]


@njit(cache=True, _nrt=False)
def anneal(day: Day, best: Day, cost_best: float, count: int, hot: float, cold: float) -> float:
    """Try `count` changes while the temperature falls from hot to cold; return the best cost, kept in `best`."""
    cost = total(day)
    s = day.state[0]
    slope = (cold - hot) / count
    for i in range(count):
        temperature = hot + slope * i
        begin(day)
        s["bound"] = s["pain"] + 0.5 * day.rules[0]["broken"] if day.rules[0]["hard"] == 1 else math.inf
        kind = attempt(day)
        if kind < 0:
            rollback(day)
            continue
        day.figures[kind] += 1
        spread(day)
        new = total(day)
        if s["pain"] <= s["bound"] and new - cost <= -temperature * math.log(1.0 - draw(day)):
            day.figures[KINDS + kind] += 1
            cost = new
            if cost < cost_best - 1e-7:
                cost_best = cost
                keep(day, best)
        else:
            rollback(day)
    return cost_best


@njit(cache=True, _nrt=False)
def first_plan(day: Day, order: np.ndarray) -> None:
    """Put every job in the cheapest way into the routes, in the order given; leave out what only costs more."""
    for k in range(len(order)):
        j = order[k]
        if day.jobs[j]["possible"] == 0:
            continue
        begin(day)
        day.state[0]["bound"] = math.inf
        was = total(day)
        touch_job(day, j)
        job = day.jobs[j]
        job["served"] = 1
        day.state[0]["drops"] -= job["drop"]
        day.state[0]["unserved"] -= 1
        done = True
        for u in range(job["unit"], job["unit"] + job["units"]):
            if not cheapest(day, u):
                done = False
                break
        if not done or total(day) > was:
            rollback(day)


@njit(cache=True, _nrt=False)
def cheapest(day: Day, u: int) -> bool:
    """Give each task of a unit the carer who costs least at its key, one after the other."""
    key = day.units[u]["key"]
    for side in range(1 if day.units[u]["kind"] == SINGLE else 2):
        t = day.units[u]["first"] if side == 0 else day.units[u]["second"]
        best, who = math.inf, NONE
        for k in range(day.tasks[t]["able"]):
            c = day.able[t, k]
            if not may(day, t, c):
                continue
            cost = guess(day, t, c, before(day, c, key))
            if cost < best:
                best, who = cost, c
        if who < 0:
            return False
        link(day, t, who, before(day, who, key))
        if day.units[u]["kind"] == SINGLE or side == 1:
            spread(day)
    return True


@njit(cache=True, _nrt=False)
def guess(day: Day, t: int, c: int, p: int) -> float:
    """Guess what it costs to put a task at the end of what a carer does up to p: way, lateness, liking."""
    r = day.rules[0]
    a = day.tasks[p]["node"] if p >= 0 else day.carers[c]["start"]
    way = day.travel[day.carers[c]["matrix"], a, day.tasks[t]["node"]]
    ready = (day.tasks[p]["early"] + day.tasks[p]["duration"] if p >= 0 else day.carers[c]["opens"]) + way
    u = day.tasks[t]["unit"]
    start = max(ready, day.windows[u, 0, 0])
    late = max(0.0, start + day.tasks[t]["cut"] - day.windows[u, day.units[u]["windows"] - 1, 1])
    back = (
        start
        + day.tasks[t]["duration"]
        + day.travel[day.carers[c]["matrix"], day.tasks[t]["node"], day.carers[c]["end"]]
    )
    over = max(0.0, back - day.carers[c]["closes"])
    wait = start - ready if p >= 0 else 0.0
    return (
        r["travel"] * way
        + day.units[u]["weight"] * late
        + day.liking[t, c]
        + r["overtime"] * over
        + (r["waiting"] + 0.01 * r["travel"]) * wait
    )
