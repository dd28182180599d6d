"""Compiled: routes, their times, and what a change costs. A change is tried in place and taken back if it is not kept.

Visits are ordered by a key (a number each unit of work has); every route runs in the order of keys, so times can
be carried from route to route through double visits without ever going in a circle. After a change only what
follows from it is computed anew: ahead (as early as possible), then backwards (as late as nothing gets worse).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dispatch.search.compiled import (
    ahead_at,
    behind_at,
    carer_at,
    compiled,
    copy,
    dirty_at,
    inlined,
    job_at,
    liking_at,
    old_carer_at,
    old_job_at,
    old_state_at,
    old_task_at,
    old_unit_at,
    random_at,
    rules,
    set_ahead,
    set_behind,
    set_dirty,
    set_random,
    set_was_carers,
    set_was_jobs,
    set_was_tasks,
    set_was_units,
    state,
    task_at,
    travel_at,
    unit_at,
    was_carers_at,
    was_jobs_at,
    was_tasks_at,
    was_units_at,
    window_at,
)
from dispatch.search.layout import NONE, SIMULTANEOUS, SINGLE

Table = Any

EXACT = 1e-9


@inlined
def draw(day: Table) -> float:
    """Draw a number from 0 to 1."""
    x = random_at(day, 0)
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    set_random(day, 0, x)
    return float(x >> np.uint64(11)) * 1.1102230246251565e-16


@inlined
def pick(day: Table, count: int) -> int:
    """Draw an index below count."""
    return int(draw(day) * count)


@inlined
def touch_task(day: Table, t: int) -> None:
    """Keep a task as it was before the move under trial."""
    s = state(day)
    if task_at(day, t)["stamp"] != s["stamp"]:
        k = s["tasks"]
        copy(old_task_at(day, k), task_at(day, t))
        set_was_tasks(day, k, t)
        s["tasks"] = k + 1
        task_at(day, t)["stamp"] = s["stamp"]


@inlined
def touch_unit(day: Table, u: int) -> None:
    """Keep a unit as it was."""
    s = state(day)
    if unit_at(day, u)["stamp"] != s["stamp"]:
        k = s["units"]
        copy(old_unit_at(day, k), unit_at(day, u))
        set_was_units(day, k, u)
        s["units"] = k + 1
        unit_at(day, u)["stamp"] = s["stamp"]


@inlined
def touch_job(day: Table, j: int) -> None:
    """Keep a job as it was."""
    s = state(day)
    if job_at(day, j)["stamp"] != s["stamp"]:
        k = s["jobs"]
        copy(old_job_at(day, k), job_at(day, j))
        set_was_jobs(day, k, j)
        s["jobs"] = k + 1
        job_at(day, j)["stamp"] = s["stamp"]


@inlined
def touch_carer(day: Table, c: int) -> None:
    """Keep a carer as it was."""
    s = state(day)
    if carer_at(day, c)["stamp"] != s["stamp"]:
        k = s["carers"]
        copy(old_carer_at(day, k), carer_at(day, c))
        set_was_carers(day, k, c)
        s["carers"] = k + 1
        carer_at(day, c)["stamp"] = s["stamp"]


@compiled
def begin(day: Table) -> None:
    """Begin a trial."""
    s = state(day)
    s["stamp"] += 1
    s["tasks"] = 0
    s["units"] = 0
    s["jobs"] = 0
    s["carers"] = 0
    s["ahead"] = 0
    s["behind"] = 0
    s["dirty"] = 0
    s["rescan"] = 0
    copy(old_state_at(day, 0), state(day))


@compiled
def rollback(day: Table) -> None:
    """Take the trial back."""
    s = state(day)
    for k in range(s["ahead"]):
        unit_at(day, ahead_at(day, k))["ahead"] = 0
    for k in range(s["behind"]):
        unit_at(day, behind_at(day, k))["behind"] = 0
    for k in range(s["dirty"]):
        carer_at(day, dirty_at(day, k))["dirty"] = 0
    for k in range(s["tasks"]):
        copy(task_at(day, was_tasks_at(day, k)), old_task_at(day, k))
    for k in range(s["units"]):
        copy(unit_at(day, was_units_at(day, k)), old_unit_at(day, k))
        unit_at(day, was_units_at(day, k))["ahead"] = 0
        unit_at(day, was_units_at(day, k))["behind"] = 0
    for k in range(s["jobs"]):
        copy(job_at(day, was_jobs_at(day, k)), old_job_at(day, k))
    for k in range(s["carers"]):
        copy(carer_at(day, was_carers_at(day, k)), old_carer_at(day, k))
        carer_at(day, was_carers_at(day, k))["dirty"] = 0
    copy(state(day), old_state_at(day, 0))


@inlined
def go_ahead(day: Table, u: int) -> None:
    """Note that the early time of a unit must be computed anew."""
    if unit_at(day, u)["ahead"] == 0:
        unit_at(day, u)["ahead"] = 1
        set_ahead(day, state(day)["ahead"], u)
        state(day)["ahead"] += 1


@inlined
def go_back(day: Table, u: int) -> None:
    """Note that the latest time of a unit must be computed anew."""
    if unit_at(day, u)["behind"] == 0:
        unit_at(day, u)["behind"] = 1
        set_behind(day, state(day)["behind"], u)
        state(day)["behind"] += 1


@inlined
def soil(day: Table, c: int) -> None:
    """Note that the price of a route must be computed anew."""
    if carer_at(day, c)["dirty"] == 0:
        touch_carer(day, c)
        carer_at(day, c)["dirty"] = 1
        set_dirty(day, state(day)["dirty"], c)
        state(day)["dirty"] += 1


@inlined
def leg(day: Table, c: int, p: int, n: int) -> float:
    """Return the travel of a carer from task p to task n; NONE is where the day begins or ends."""
    a = task_at(day, p)["node"] if p >= 0 else carer_at(day, c)["start"]
    b = task_at(day, n)["node"] if n >= 0 else carer_at(day, c)["end"]
    return travel_at(day, carer_at(day, c)["matrix"], a, b)


@compiled
def unlink(day: Table, t: int) -> None:
    """Take a task out of its route."""
    touch_task(day, t)
    task = task_at(day, t)
    c, p, n = task["carer"], task["prev"], task["next"]
    soil(day, c)
    carer = carer_at(day, c)
    change = -leg(day, c, p, t) - leg(day, c, t, n)
    if p >= 0:
        touch_task(day, p)
        task_at(day, p)["next"] = n
        go_back(day, task_at(day, p)["unit"])
    else:
        carer["first"] = n
    if n >= 0:
        touch_task(day, n)
        task_at(day, n)["prev"] = p
        go_ahead(day, task_at(day, n)["unit"])
    else:
        carer["last"] = p
    if p >= 0 or n >= 0:
        change += leg(day, c, p, n)
    carer["travel"] += change
    carer["work"] -= task["duration"]
    if carer["lunch"] == t:
        carer["lunch"] = n if n >= 0 else p
        if n < 0 and p >= 0:
            go_ahead(day, task_at(day, p)["unit"])
            if task_at(day, p)["prev"] >= 0:
                go_back(day, task_at(day, task_at(day, p)["prev"])["unit"])
    state(day)["liking"] -= liking_at(day, t, c)
    state(day)["pain"] -= task["pain"]
    if task["late"] >= state(day)["highest"]:
        state(day)["rescan"] = 1
    task["pain"] = 0.0
    task["late"] = 0.0
    task["carer"] = NONE


@compiled
def link(day: Table, t: int, c: int, p: int) -> None:
    """Put a task into a route after task p (NONE: as the first)."""
    touch_task(day, t)
    soil(day, c)
    task = task_at(day, t)
    carer = carer_at(day, c)
    n = task_at(day, p)["next"] if p >= 0 else carer["first"]
    task["carer"] = c
    task["prev"] = p
    task["next"] = n
    change = leg(day, c, p, t) + leg(day, c, t, n)
    if p >= 0 or n >= 0:
        change -= leg(day, c, p, n)
    if p >= 0:
        touch_task(day, p)
        task_at(day, p)["next"] = t
        go_back(day, task_at(day, p)["unit"])
    else:
        carer["first"] = t
    if n >= 0:
        touch_task(day, n)
        task_at(day, n)["prev"] = t
        go_ahead(day, task_at(day, n)["unit"])
    else:
        carer["last"] = t
    carer["travel"] += change
    carer["work"] += task["duration"]
    state(day)["liking"] += liking_at(day, t, c)
    go_ahead(day, task["unit"])
    go_back(day, task["unit"])


@inlined
def before(day: Table, c: int, key: float) -> int:
    """Return the last task of a route whose key is below."""
    t = carer_at(day, c)["first"]
    p = NONE
    while t >= 0 and unit_at(day, task_at(day, t)["unit"])["key"] < key:
        p = t
        t = task_at(day, t)["next"]
    return p


@inlined
def arrival(day: Table, t: int) -> float:
    """Return when a task's carer is ready at its door, the break there included."""
    task = task_at(day, t)
    c, p = task["carer"], task["prev"]
    if p < 0:
        ready = carer_at(day, c)["opens"] + leg(day, c, NONE, t)
    else:
        ready = task_at(day, p)["early"] + task_at(day, p)["duration"] + leg(day, c, p, t)
    if carer_at(day, c)["lunch"] == t:
        ready = max(ready, rules(day)["opens"]) + rules(day)["lunch"]
        soil(day, c)
    return ready


@inlined
def fit(day: Table, u: int, ready: float, cut: float) -> float:
    """Return the start from `ready` on: in the first window that it meets, or late."""
    unit = unit_at(day, u)
    s = max(ready, unit["promise"])
    n = unit["windows"]
    for k in range(n):
        s = max(s, window_at(day, u, k, 0))
        late = s + cut - window_at(day, u, k, 1)
        if late <= EXACT or k + 1 == n:
            return s
        if s < window_at(day, u, k + 1, 0) and late * rules(day)["patience"] * unit["weight"] < (
            (window_at(day, u, k + 1, 0) - s) * rules(day)["waiting"]
        ):
            return s
    return s


@inlined
def lateness(day: Table, u: int, start: float, cut: float) -> float:
    """Return how late a start is: against the last window that opened before it."""
    k = unit_at(day, u)["windows"] - 1
    while k > 0 and window_at(day, u, k, 0) > start + EXACT:
        k -= 1
    return max(0.0, start + cut - window_at(day, u, k, 1))


@compiled
def settle(day: Table, t: int, start: float) -> None:
    """Give a task its early start and pass on what follows."""
    task = task_at(day, t)
    u = task["unit"]
    unit = unit_at(day, u)
    late = lateness(day, u, start, task["cut"])
    pain = unit["weight"] * late
    if unit["move"] > 0.0 and start > unit["promise"]:
        pain += unit["move"] * (start - unit["promise"])
    if start == task["early"] and late == task["late"] and pain == task["pain"]:
        return
    touch_task(day, t)
    s = state(day)
    s["pain"] += pain - task["pain"]
    if late > s["highest"]:
        s["highest"] = late
    elif late < task["late"] and task["late"] >= s["highest"]:
        s["rescan"] = 1
    task["early"] = start
    task["late"] = late
    task["pain"] = pain
    if task["next"] >= 0:
        go_ahead(day, task_at(day, task["next"])["unit"])
    else:
        soil(day, task["carer"])
    go_back(day, u)


@compiled
def early(day: Table, u: int) -> None:
    """Compute the early start of a unit from its predecessors."""
    unit = unit_at(day, u)
    t = unit["first"]
    if unit["kind"] == SINGLE:
        settle(day, t, fit(day, u, arrival(day, t), task_at(day, t)["cut"]))
        return
    v = unit["second"]
    a = arrival(day, t)
    b = arrival(day, v)
    cut_t, cut_v = task_at(day, t)["cut"], task_at(day, v)["cut"]
    if unit["kind"] == SIMULTANEOUS:
        a = fit(day, u, max(a, b), max(cut_t, cut_v))
        b = a
    else:
        a = fit(day, u, a, cut_t)
        b = fit(day, u, max(b, a + unit["least"]), cut_v)
        for _ in range(8):
            if b - a <= unit["most"] + EXACT:
                break
            a = fit(day, u, b - unit["most"], cut_t)
            b = fit(day, u, max(b, a + unit["least"]), cut_v)
    settle(day, t, a)
    settle(day, v, b)


@inlined
def ceiling(day: Table, t: int) -> float:
    """Return the latest start of a task that keeps the next stop and its own window."""
    task = task_at(day, t)
    c, n = task["carer"], task["next"]
    if n < 0 or task["late"] > 0.0:
        return task["early"]
    limit = task_at(day, n)["latest"]
    if carer_at(day, c)["lunch"] == n:
        limit = min(limit - rules(day)["lunch"], rules(day)["limit"])
    limit -= task["duration"] + leg(day, c, t, n)
    u = task["unit"]
    if unit_at(day, u)["move"] > 0.0:
        return task["early"]
    k = unit_at(day, u)["windows"] - 1
    while k > 0 and window_at(day, u, k, 0) > task["early"] + EXACT:
        k -= 1
    return max(task["early"], min(limit, window_at(day, u, k, 1) - task["cut"]))


@compiled
def postpone(day: Table, t: int, start: float) -> None:
    """Give a task its latest start and pass on what follows."""
    task = task_at(day, t)
    if start == task["latest"]:
        return
    touch_task(day, t)
    task["latest"] = start
    if task["prev"] >= 0:
        go_back(day, task_at(day, task["prev"])["unit"])
    else:
        soil(day, task["carer"])


@compiled
def latest(day: Table, u: int) -> None:
    """Compute the latest start of a unit from its successors."""
    unit = unit_at(day, u)
    t = unit["first"]
    a = ceiling(day, t)
    if unit["kind"] == SINGLE:
        postpone(day, t, a)
        return
    v = unit["second"]
    b = ceiling(day, v)
    if unit["kind"] == SIMULTANEOUS:
        a = min(a, b)
        b = a
    else:
        a = min(a, b - unit["least"])
        b = min(b, a + unit["most"])
    postpone(day, t, max(a, task_at(day, t)["early"]))
    postpone(day, v, max(b, task_at(day, v)["early"]))


@compiled
def price(day: Table, c: int) -> None:
    """Compute what a route costs by itself."""
    r = rules(day)
    carer = carer_at(day, c)
    cost = 0.0
    idle = carer["closes"] - carer["opens"]
    if carer["first"] < 0:
        carer["lunch"] = NONE
        carer["travel"] = 0.0
        carer["work"] = 0.0
        if carer["break"] == 1:
            cost = r["missed"]
    else:
        last, first = carer["last"], carer["first"]
        done = task_at(day, last)["early"] + task_at(day, last)["duration"]
        home = leg(day, c, last, NONE)
        cost = r["travel"] * carer["travel"]
        idle = max(done + home, carer["closes"]) - carer["opens"] - carer["travel"] - carer["work"]
        if done + home > carer["closes"]:
            cost += r["overtime"] * (done + home - carer["closes"])
        out = leg(day, c, NONE, first)
        lunch = carer["lunch"]
        meal = 0.0
        if lunch >= 0:
            idle -= r["lunch"]
            if lunch != first:
                meal = r["lunch"]
                p = task_at(day, lunch)["prev"]
                eats = task_at(day, p)["early"] + task_at(day, p)["duration"] + leg(day, c, p, lunch)
            else:
                eats = carer["opens"] + out
            if eats > r["limit"]:
                cost += r["broken"] * (1.0 + eats - r["limit"])
        elif carer["break"] == 1:
            cost += r["missed"]
        if r["waiting"] > 0.0:
            since = task_at(day, first)["latest"] if r["leaves_late"] == 1 else carer["opens"] + out
            inner = carer["travel"] - home - (out if r["leaves_late"] == 1 else 0.0)
            if r["leaves_late"] == 0:
                inner -= out
                if lunch == first:
                    meal = r["lunch"]
            cost += r["waiting"] * max(0.0, done - since - inner - carer["work"] - meal)
    state(day)["routes"] += cost - carer["cost"]
    carer["cost"] = cost
    carer["idle"] = idle


@compiled
def spread(day: Table) -> None:
    """Compute all that follows from the changes made: times ahead, times backwards, prices."""
    s = state(day)
    while s["ahead"] > 0:
        best = 0
        for k in range(1, s["ahead"]):
            if unit_at(day, ahead_at(day, k))["key"] < unit_at(day, ahead_at(day, best))["key"]:
                best = k
        u = ahead_at(day, best)
        s["ahead"] -= 1
        set_ahead(day, best, ahead_at(day, s["ahead"]))
        unit_at(day, u)["ahead"] = 0
        if task_at(day, unit_at(day, u)["first"])["carer"] >= 0:
            early(day, u)
            if s["pain"] > s["bound"]:
                return
    if rules(day)["waiting"] > 0.0 and rules(day)["leaves_late"] == 1:
        backwards(day)
    else:
        for k in range(s["behind"]):
            unit_at(day, behind_at(day, k))["behind"] = 0
        s["behind"] = 0
    for k in range(s["dirty"]):
        c = dirty_at(day, k)
        carer_at(day, c)["dirty"] = 0
        price(day, c)
    if s["dirty"] > 0 and rules(day)["idle"] > 0.0:
        idle = 0.0
        for c in range(rules(day)["carers"]):
            idle = max(idle, carer_at(day, c)["idle"])
        s["idle"] = idle
    s["dirty"] = 0
    if s["rescan"] == 1:
        s["rescan"] = 0
        if rules(day)["highest"] > 0.0:
            top = 0.0
            for t in range(rules(day)["tasks"]):
                top = max(top, task_at(day, t)["late"])
            s["highest"] = top


@compiled
def backwards(day: Table) -> None:
    """Compute latest starts, the last key first."""
    s = state(day)
    while s["behind"] > 0:
        best = 0
        for k in range(1, s["behind"]):
            if unit_at(day, behind_at(day, k))["key"] > unit_at(day, behind_at(day, best))["key"]:
                best = k
        u = behind_at(day, best)
        s["behind"] -= 1
        set_behind(day, best, behind_at(day, s["behind"]))
        unit_at(day, u)["behind"] = 0
        if task_at(day, unit_at(day, u)["first"])["carer"] >= 0:
            latest(day, u)


@inlined
def total(day: Table) -> float:
    """Return what the plan costs."""
    s, r = state(day), rules(day)
    return (
        s["pain"]
        + s["routes"]
        + s["drops"]
        + s["liking"]
        + r["highest"] * s["highest"]
        + r["idle"] * s["idle"]
    )


@compiled
def renumber(day: Table, order: NDArray[np.int64]) -> None:
    """Give the keys whole numbers again, in the same order (`order` sorts the units by key)."""
    for k in range(len(order)):
        unit_at(day, order[k])["key"] = float(k)


@compiled
def rebuild(day: Table) -> None:
    """Compute the whole plan anew from its routes: sums carry no rounding from a million changes."""
    s = state(day)
    begin(day)
    s["bound"] = math.inf
    s["pain"] = 0.0
    s["routes"] = 0.0
    s["drops"] = 0.0
    s["liking"] = 0.0
    s["highest"] = 0.0
    s["unserved"] = 0
    for t in range(rules(day)["tasks"]):
        task_at(day, t)["late"] = 0.0
        task_at(day, t)["pain"] = 0.0
        task_at(day, t)["early"] = -math.inf
        task_at(day, t)["latest"] = -math.inf
        c = task_at(day, t)["carer"]
        if c >= 0:
            s["liking"] += liking_at(day, t, c)
            go_ahead(day, task_at(day, t)["unit"])
            go_back(day, task_at(day, t)["unit"])
    for j in range(rules(day)["jobs"]):
        if job_at(day, j)["served"] == 0:
            s["drops"] += job_at(day, j)["drop"]
            s["unserved"] += 1
    for c in range(rules(day)["carers"]):
        carer = carer_at(day, c)
        carer["cost"] = 0.0
        carer["travel"] = 0.0
        carer["work"] = 0.0
        t, p = carer["first"], NONE
        while t >= 0:
            carer["travel"] += leg(day, c, p, t)
            carer["work"] += task_at(day, t)["duration"]
            p = t
            t = task_at(day, t)["next"]
        if p >= 0:
            carer["travel"] += leg(day, c, p, NONE)
        soil(day, c)
    spread(day)
