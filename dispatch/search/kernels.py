"""Compiled: routes, their times, and what a change costs. A change is tried in place and taken back if it is not kept.

Visits are ordered by a key (a number each unit of work has); every route runs in the order of keys, so times can
be carried from route to route through double visits without ever going in a circle. After a change only what
follows from it is computed anew: ahead (as early as possible), then backwards (as late as nothing gets worse).
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from dispatch.search.layout import NONE, SIMULTANEOUS, SINGLE, Day

EXACT = 1e-9


@njit(cache=True, _nrt=False, forceinline=True)
def draw(day: Day) -> float:
    """Draw a number from 0 to 1."""
    x = day.random[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    day.random[0] = x
    return float(x >> np.uint64(11)) * 1.1102230246251565e-16


@njit(cache=True, _nrt=False, forceinline=True)
def pick(day: Day, count: int) -> int:
    """Draw an index below count."""
    return int(draw(day) * count)


@njit(cache=True, _nrt=False, forceinline=True)
def touch_task(day: Day, t: int) -> None:
    """Keep a task as it was before the move under trial."""
    s = day.state[0]
    if day.tasks[t]["stamp"] != s["stamp"]:
        k = s["tasks"]
        day.old_tasks[k] = day.tasks[t]
        day.was_tasks[k] = t
        s["tasks"] = k + 1
        day.tasks[t]["stamp"] = s["stamp"]


@njit(cache=True, _nrt=False, forceinline=True)
def touch_unit(day: Day, u: int) -> None:
    """Keep a unit as it was."""
    s = day.state[0]
    if day.units[u]["stamp"] != s["stamp"]:
        k = s["units"]
        day.old_units[k] = day.units[u]
        day.was_units[k] = u
        s["units"] = k + 1
        day.units[u]["stamp"] = s["stamp"]


@njit(cache=True, _nrt=False, forceinline=True)
def touch_job(day: Day, j: int) -> None:
    """Keep a job as it was."""
    s = day.state[0]
    if day.jobs[j]["stamp"] != s["stamp"]:
        k = s["jobs"]
        day.old_jobs[k] = day.jobs[j]
        day.was_jobs[k] = j
        s["jobs"] = k + 1
        day.jobs[j]["stamp"] = s["stamp"]


@njit(cache=True, _nrt=False, forceinline=True)
def touch_carer(day: Day, c: int) -> None:
    """Keep a carer as it was."""
    s = day.state[0]
    if day.carers[c]["stamp"] != s["stamp"]:
        k = s["carers"]
        day.old_carers[k] = day.carers[c]
        day.was_carers[k] = c
        s["carers"] = k + 1
        day.carers[c]["stamp"] = s["stamp"]


@njit(cache=True, _nrt=False)
def begin(day: Day) -> None:
    """Begin a trial."""
    s = day.state[0]
    s["stamp"] += 1
    s["tasks"] = 0
    s["units"] = 0
    s["jobs"] = 0
    s["carers"] = 0
    s["ahead"] = 0
    s["behind"] = 0
    s["dirty"] = 0
    s["rescan"] = 0
    day.old_state[0] = day.state[0]


@njit(cache=True, _nrt=False)
def rollback(day: Day) -> None:
    """Take the trial back."""
    s = day.state[0]
    for k in range(s["ahead"]):
        day.units[day.ahead[k]]["ahead"] = 0
    for k in range(s["behind"]):
        day.units[day.behind[k]]["behind"] = 0
    for k in range(s["dirty"]):
        day.carers[day.dirty[k]]["dirty"] = 0
    for k in range(s["tasks"]):
        day.tasks[day.was_tasks[k]] = day.old_tasks[k]
    for k in range(s["units"]):
        day.units[day.was_units[k]] = day.old_units[k]
        day.units[day.was_units[k]]["ahead"] = 0
        day.units[day.was_units[k]]["behind"] = 0
    for k in range(s["jobs"]):
        day.jobs[day.was_jobs[k]] = day.old_jobs[k]
    for k in range(s["carers"]):
        day.carers[day.was_carers[k]] = day.old_carers[k]
        day.carers[day.was_carers[k]]["dirty"] = 0
    day.state[0] = day.old_state[0]


@njit(cache=True, _nrt=False, forceinline=True)
def go_ahead(day: Day, u: int) -> None:
    """Note that the early time of a unit must be computed anew."""
    if day.units[u]["ahead"] == 0:
        day.units[u]["ahead"] = 1
        day.ahead[day.state[0]["ahead"]] = u
        day.state[0]["ahead"] += 1


@njit(cache=True, _nrt=False, forceinline=True)
def go_back(day: Day, u: int) -> None:
    """Note that the latest time of a unit must be computed anew."""
    if day.units[u]["behind"] == 0:
        day.units[u]["behind"] = 1
        day.behind[day.state[0]["behind"]] = u
        day.state[0]["behind"] += 1


@njit(cache=True, _nrt=False, forceinline=True)
def soil(day: Day, c: int) -> None:
    """Note that the price of a route must be computed anew."""
    if day.carers[c]["dirty"] == 0:
        touch_carer(day, c)
        day.carers[c]["dirty"] = 1
        day.dirty[day.state[0]["dirty"]] = c
        day.state[0]["dirty"] += 1


@njit(cache=True, _nrt=False, forceinline=True)
def leg(day: Day, c: int, p: int, n: int) -> float:
    """Return the travel of a carer from task p to task n; NONE is where the day begins or ends."""
    a = day.tasks[p]["node"] if p >= 0 else day.carers[c]["start"]
    b = day.tasks[n]["node"] if n >= 0 else day.carers[c]["end"]
    return day.travel[day.carers[c]["matrix"], a, b]


@njit(cache=True, _nrt=False)
def unlink(day: Day, t: int) -> None:
    """Take a task out of its route."""
    touch_task(day, t)
    task = day.tasks[t]
    c, p, n = task["carer"], task["prev"], task["next"]
    soil(day, c)
    carer = day.carers[c]
    change = -leg(day, c, p, t) - leg(day, c, t, n)
    if p >= 0:
        touch_task(day, p)
        day.tasks[p]["next"] = n
        go_back(day, day.tasks[p]["unit"])
    else:
        carer["first"] = n
    if n >= 0:
        touch_task(day, n)
        day.tasks[n]["prev"] = p
        go_ahead(day, day.tasks[n]["unit"])
    else:
        carer["last"] = p
    if p >= 0 or n >= 0:
        change += leg(day, c, p, n)
    carer["travel"] += change
    carer["work"] -= task["duration"]
    if carer["lunch"] == t:
        carer["lunch"] = n if n >= 0 else p
        if n < 0 and p >= 0:
            go_ahead(day, day.tasks[p]["unit"])
            if day.tasks[p]["prev"] >= 0:
                go_back(day, day.tasks[day.tasks[p]["prev"]]["unit"])
    day.state[0]["liking"] -= day.liking[t, c]
    day.state[0]["pain"] -= task["pain"]
    if task["late"] >= day.state[0]["highest"]:
        day.state[0]["rescan"] = 1
    task["pain"] = 0.0
    task["late"] = 0.0
    task["carer"] = NONE


@njit(cache=True, _nrt=False)
def link(day: Day, t: int, c: int, p: int) -> None:
    """Put a task into a route after task p (NONE: as the first)."""
    touch_task(day, t)
    soil(day, c)
    task = day.tasks[t]
    carer = day.carers[c]
    n = day.tasks[p]["next"] if p >= 0 else carer["first"]
    task["carer"] = c
    task["prev"] = p
    task["next"] = n
    change = leg(day, c, p, t) + leg(day, c, t, n)
    if p >= 0 or n >= 0:
        change -= leg(day, c, p, n)
    if p >= 0:
        touch_task(day, p)
        day.tasks[p]["next"] = t
        go_back(day, day.tasks[p]["unit"])
    else:
        carer["first"] = t
    if n >= 0:
        touch_task(day, n)
        day.tasks[n]["prev"] = t
        go_ahead(day, day.tasks[n]["unit"])
    else:
        carer["last"] = t
    carer["travel"] += change
    carer["work"] += task["duration"]
    day.state[0]["liking"] += day.liking[t, c]
    go_ahead(day, task["unit"])
    go_back(day, task["unit"])


@njit(cache=True, _nrt=False, forceinline=True)
def before(day: Day, c: int, key: float) -> int:
    """Return the last task of a route whose key is below."""
    t = day.carers[c]["first"]
    p = NONE
    while t >= 0 and day.units[day.tasks[t]["unit"]]["key"] < key:
        p = t
        t = day.tasks[t]["next"]
    return p


@njit(cache=True, _nrt=False, forceinline=True)
def arrival(day: Day, t: int) -> float:
    """Return when a task's carer is ready at its door, the break there included."""
    task = day.tasks[t]
    c, p = task["carer"], task["prev"]
    if p < 0:
        ready = day.carers[c]["opens"] + leg(day, c, NONE, t)
    else:
        ready = day.tasks[p]["early"] + day.tasks[p]["duration"] + leg(day, c, p, t)
    if day.carers[c]["lunch"] == t:
        ready = max(ready, day.rules[0]["opens"]) + day.rules[0]["lunch"]
        soil(day, c)
    return ready


@njit(cache=True, _nrt=False, forceinline=True)
def fit(day: Day, u: int, ready: float, cut: float) -> float:
    """Return the start from `ready` on: in the first window that it meets, or late."""
    unit = day.units[u]
    s = max(ready, unit["promise"])
    n = unit["windows"]
    for k in range(n):
        s = max(s, day.windows[u, k, 0])
        late = s + cut - day.windows[u, k, 1]
        if late <= EXACT or k + 1 == n:
            return s
        if s < day.windows[u, k + 1, 0] and late * day.rules[0]["patience"] * unit["weight"] < (
            (day.windows[u, k + 1, 0] - s) * day.rules[0]["waiting"]
        ):
            return s
    return s


@njit(cache=True, _nrt=False, forceinline=True)
def lateness(day: Day, u: int, start: float, cut: float) -> float:
    """Return how late a start is: against the last window that opened before it."""
    k = day.units[u]["windows"] - 1
    while k > 0 and day.windows[u, k, 0] > start + EXACT:
        k -= 1
    return max(0.0, start + cut - day.windows[u, k, 1])


@njit(cache=True, _nrt=False)
def settle(day: Day, t: int, start: float) -> None:
    """Give a task its early start and pass on what follows."""
    task = day.tasks[t]
    u = task["unit"]
    unit = day.units[u]
    late = lateness(day, u, start, task["cut"])
    pain = unit["weight"] * late
    if unit["move"] > 0.0 and start > unit["promise"]:
        pain += unit["move"] * (start - unit["promise"])
    if start == task["early"] and late == task["late"] and pain == task["pain"]:
        return
    touch_task(day, t)
    s = day.state[0]
    s["pain"] += pain - task["pain"]
    if late > s["highest"]:
        s["highest"] = late
    elif late < task["late"] and task["late"] >= s["highest"]:
        s["rescan"] = 1
    task["early"] = start
    task["late"] = late
    task["pain"] = pain
    if task["next"] >= 0:
        go_ahead(day, day.tasks[task["next"]]["unit"])
    else:
        soil(day, task["carer"])
    go_back(day, u)


@njit(cache=True, _nrt=False)
def early(day: Day, u: int) -> None:
    """Compute the early start of a unit from its predecessors."""
    unit = day.units[u]
    t = unit["first"]
    if unit["kind"] == SINGLE:
        settle(day, t, fit(day, u, arrival(day, t), day.tasks[t]["cut"]))
        return
    v = unit["second"]
    a = arrival(day, t)
    b = arrival(day, v)
    cut_t, cut_v = day.tasks[t]["cut"], day.tasks[v]["cut"]
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


@njit(cache=True, _nrt=False, forceinline=True)
def ceiling(day: Day, t: int) -> float:
    """Return the latest start of a task that keeps the next stop and its own window."""
    task = day.tasks[t]
    c, n = task["carer"], task["next"]
    if n < 0 or task["late"] > 0.0:
        return task["early"]
    limit = day.tasks[n]["latest"]
    if day.carers[c]["lunch"] == n:
        limit = min(limit - day.rules[0]["lunch"], day.rules[0]["limit"])
    limit -= task["duration"] + leg(day, c, t, n)
    u = task["unit"]
    if day.units[u]["move"] > 0.0:
        return task["early"]
    k = day.units[u]["windows"] - 1
    while k > 0 and day.windows[u, k, 0] > task["early"] + EXACT:
        k -= 1
    return max(task["early"], min(limit, day.windows[u, k, 1] - task["cut"]))


@njit(cache=True, _nrt=False)
def postpone(day: Day, t: int, start: float) -> None:
    """Give a task its latest start and pass on what follows."""
    task = day.tasks[t]
    if start == task["latest"]:
        return
    touch_task(day, t)
    task["latest"] = start
    if task["prev"] >= 0:
        go_back(day, day.tasks[task["prev"]]["unit"])
    else:
        soil(day, task["carer"])


@njit(cache=True, _nrt=False)
def latest(day: Day, u: int) -> None:
    """Compute the latest start of a unit from its successors."""
    unit = day.units[u]
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
    postpone(day, t, max(a, day.tasks[t]["early"]))
    postpone(day, v, max(b, day.tasks[v]["early"]))


@njit(cache=True, _nrt=False)
def price(day: Day, c: int) -> None:
    """Compute what a route costs by itself."""
    r = day.rules[0]
    carer = day.carers[c]
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
        done = day.tasks[last]["early"] + day.tasks[last]["duration"]
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
                p = day.tasks[lunch]["prev"]
                eats = day.tasks[p]["early"] + day.tasks[p]["duration"] + leg(day, c, p, lunch)
            else:
                eats = carer["opens"] + out
            if eats > r["limit"]:
                cost += r["broken"] * (1.0 + eats - r["limit"])
        elif carer["break"] == 1:
            cost += r["missed"]
        if r["waiting"] > 0.0:
            since = day.tasks[first]["latest"] if r["leaves_late"] == 1 else carer["opens"] + out
            inner = carer["travel"] - home - (out if r["leaves_late"] == 1 else 0.0)
            if r["leaves_late"] == 0:
                inner -= out
                if lunch == first:
                    meal = r["lunch"]
            cost += r["waiting"] * max(0.0, done - since - inner - carer["work"] - meal)
    day.state[0]["routes"] += cost - carer["cost"]
    carer["cost"] = cost
    carer["idle"] = idle


@njit(cache=True, _nrt=False)
def spread(day: Day) -> None:
    """Compute all that follows from the changes made: times ahead, times backwards, prices."""
    s = day.state[0]
    while s["ahead"] > 0:
        best = 0
        for k in range(1, s["ahead"]):
            if day.units[day.ahead[k]]["key"] < day.units[day.ahead[best]]["key"]:
                best = k
        u = day.ahead[best]
        s["ahead"] -= 1
        day.ahead[best] = day.ahead[s["ahead"]]
        day.units[u]["ahead"] = 0
        if day.tasks[day.units[u]["first"]]["carer"] >= 0:
            early(day, u)
            if s["pain"] > s["bound"]:
                return
    if day.rules[0]["waiting"] > 0.0 and day.rules[0]["leaves_late"] == 1:
        backwards(day)
    else:
        for k in range(s["behind"]):
            day.units[day.behind[k]]["behind"] = 0
        s["behind"] = 0
    for k in range(s["dirty"]):
        c = day.dirty[k]
        day.carers[c]["dirty"] = 0
        price(day, c)
    if s["dirty"] > 0 and day.rules[0]["idle"] > 0.0:
        idle = 0.0
        for c in range(len(day.carers)):
            idle = max(idle, day.carers[c]["idle"])
        s["idle"] = idle
    s["dirty"] = 0
    if s["rescan"] == 1:
        s["rescan"] = 0
        if day.rules[0]["highest"] > 0.0:
            top = 0.0
            for t in range(len(day.tasks)):
                top = max(top, day.tasks[t]["late"])
            s["highest"] = top


@njit(cache=True, _nrt=False)
def backwards(day: Day) -> None:
    """Compute latest starts, the last key first."""
    s = day.state[0]
    while s["behind"] > 0:
        best = 0
        for k in range(1, s["behind"]):
            if day.units[day.behind[k]]["key"] > day.units[day.behind[best]]["key"]:
                best = k
        u = day.behind[best]
        s["behind"] -= 1
        day.behind[best] = day.behind[s["behind"]]
        day.units[u]["behind"] = 0
        if day.tasks[day.units[u]["first"]]["carer"] >= 0:
            latest(day, u)


@njit(cache=True, _nrt=False, forceinline=True)
def total(day: Day) -> float:
    """Return what the plan costs."""
    s, r = day.state[0], day.rules[0]
    return (
        s["pain"]
        + s["routes"]
        + s["drops"]
        + s["liking"]
        + r["highest"] * s["highest"]
        + r["idle"] * s["idle"]
    )


@njit(cache=True, _nrt=False)
def renumber(day: Day, order: np.ndarray) -> None:
    """Give the keys whole numbers again, in the same order (`order` sorts the units by key)."""
    for k in range(len(order)):
        day.units[order[k]]["key"] = float(k)


@njit(cache=True, _nrt=False)
def rebuild(day: Day) -> None:
    """Compute the whole plan anew from its routes: sums carry no rounding from a million changes."""
    s = day.state[0]
    begin(day)
    s["bound"] = math.inf
    s["pain"] = 0.0
    s["routes"] = 0.0
    s["drops"] = 0.0
    s["liking"] = 0.0
    s["highest"] = 0.0
    s["unserved"] = 0
    for t in range(len(day.tasks)):
        day.tasks[t]["late"] = 0.0
        day.tasks[t]["pain"] = 0.0
        day.tasks[t]["early"] = -math.inf
        day.tasks[t]["latest"] = -math.inf
        c = day.tasks[t]["carer"]
        if c >= 0:
            s["liking"] += day.liking[t, c]
            go_ahead(day, day.tasks[t]["unit"])
            go_back(day, day.tasks[t]["unit"])
    for j in range(len(day.jobs)):
        if day.jobs[j]["served"] == 0:
            s["drops"] += day.jobs[j]["drop"]
            s["unserved"] += 1
    for c in range(len(day.carers)):
        carer = day.carers[c]
        carer["cost"] = 0.0
        carer["travel"] = 0.0
        carer["work"] = 0.0
        t, p = carer["first"], NONE
        while t >= 0:
            carer["travel"] += leg(day, c, p, t)
            carer["work"] += day.tasks[t]["duration"]
            p = t
            t = day.tasks[t]["next"]
        if p >= 0:
            carer["travel"] += leg(day, c, p, NONE)
        soil(day, c)
    spread(day)
