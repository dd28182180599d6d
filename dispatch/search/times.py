# Records have no static types:
# mypy: disable-error-code="no-any-return"
"""Compiled: when each visit starts: as early as possible, and as late as nothing gets worse.

Visits are ordered by a key (a number each unit of work has) and every route runs in the order of keys:
times are carried from route to route through double visits and never go in a circle.
"""

from __future__ import annotations

from dispatch.search.compiled import (
    Table,
    carer_at,
    compiled,
    inlined,
    rules,
    state,
    task_at,
    unit_at,
    window_at,
)
from dispatch.search.layout import NONE, SIMULTANEOUS, SINGLE
from dispatch.search.routes import leg
from dispatch.search.trial import go_ahead, go_back, soil, touch_task

EXACT = 1e-9


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
    return max(ready, task["promise"])


@inlined
def fit(day: Table, u: int, ready: float, cut: float) -> float:
    """Return the start from `ready` on: in the first window that it meets, or late."""
    unit = unit_at(day, u)
    s = ready
    n = unit["windows"]
    for k in range(n):
        s = max(s, window_at(day, u, k, 0))
        late = s + cut - window_at(day, u, k, 1)
        if late <= EXACT or k + 1 == n:
            return s
        following = window_at(day, u, k + 1, 0)
        if s < following and late * unit["weight"] < (following - s) * rules(day)["waiting"]:
            return s
    return s


@inlined
def closing(day: Table, u: int, start: float) -> float:
    """Return the end of the last window that opened at or before a start."""
    k = unit_at(day, u)["windows"] - 1
    while k > 0 and window_at(day, u, k, 0) > start + EXACT:
        k -= 1
    return window_at(day, u, k, 1)


@compiled
def settle(day: Table, t: int, start: float) -> None:
    """Give a task its early start and pass on what follows."""
    task = task_at(day, t)
    u = task["unit"]
    late = max(0.0, start + task["cut"] - closing(day, u, start))
    pain = unit_at(day, u)["weight"] * late
    if task["move"] > 0.0:
        pain += task["move"] * (start - task["promise"])
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
    if n < 0 or task["late"] > 0.0 or task["move"] > 0.0:
        return task["early"]
    limit = task_at(day, n)["latest"]
    if carer_at(day, c)["lunch"] == n:
        limit = min(limit - rules(day)["lunch"], rules(day)["limit"])
    limit -= task["duration"] + leg(day, c, t, n)
    return max(task["early"], min(limit, closing(day, task["unit"], task["early"]) - task["cut"]))


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
