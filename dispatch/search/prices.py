# ruff: noqa: C901 - compiled: flat functions, odds as plain numbers
# Records have no static types:
# mypy: disable-error-code="no-any-return"
"""Compiled: what follows from a change, in time and in money. No more than it touches is computed."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from dispatch.search.compiled import (
    Table,
    ahead_at,
    behind_at,
    carer_at,
    compiled,
    dirty_at,
    inlined,
    job_at,
    liking_at,
    rules,
    set_ahead,
    set_behind,
    state,
    task_at,
    unit_at,
)
from dispatch.search.layout import NONE
from dispatch.search.routes import leg
from dispatch.search.times import early, latest
from dispatch.search.trial import begin, go_ahead, go_back, soil

EXACT = 1e-9


@compiled
def price(day: Table, c: int) -> None:
    """Compute what a route costs by itself."""
    r, carer = rules(day), carer_at(day, c)
    cost = 0.0
    idle = carer["closes"] - carer["opens"]
    if carer["first"] < 0:
        carer["lunch"] = NONE
        carer["travel"] = 0.0
        carer["work"] = 0.0
    else:
        last = task_at(day, carer["last"])
        done = last["early"] + last["duration"]
        back = done + leg(day, c, carer["last"], NONE)
        over = max(0.0, back - carer["closes"])
        cost = r["travel"] * carer["travel"] + r["overtime"] * over
        idle += over - carer["travel"] - carer["work"]
        if r["waiting"] > 0.0:
            cost += r["waiting"] * waiting(day, c, done)
    if carer["lunch"] >= 0:
        idle -= r["lunch"]
        late = eats(day, c) - r["limit"]
        if late > EXACT:
            cost += r["broken"] * (1.0 + late)
    elif carer["break"] == 1:
        cost += r["missed"]
    state(day)["routes"] += cost - carer["cost"]
    carer["cost"] = cost
    carer["idle"] = idle


@inlined
def eats(day: Table, c: int) -> float:
    """Return when a carer is ready for the break."""
    t = carer_at(day, c)["lunch"]
    p = task_at(day, t)["prev"]
    if p < 0:
        ready = carer_at(day, c)["opens"] + leg(day, c, NONE, t)
    else:
        ready = task_at(day, p)["early"] + task_at(day, p)["duration"] + leg(day, c, p, t)
    return max(ready, rules(day)["opens"])


@inlined
def waiting(day: Table, c: int, done: float) -> float:
    """Return how long a carer waits between the first stop and the end of the last service.

    The time before the first stop is none if the carer leaves late; what follows an opening break never is.
    """
    r, carer = rules(day), carer_at(day, c)
    first = task_at(day, carer["first"])
    out = leg(day, c, NONE, carer["first"])
    inner = carer["travel"] - out - leg(day, c, carer["last"], NONE) + carer["work"]
    if carer["lunch"] >= 0 and carer["lunch"] != carer["first"]:
        inner += r["lunch"]
    if r["leaves_late"] == 1:
        return max(0.0, done - first["latest"] - inner)
    wait = max(0.0, done - first["early"] - inner)
    arrives = carer["opens"] + out
    return wait + (eats(day, c) if carer["lunch"] == carer["first"] else first["early"]) - arrives


@compiled
def spread(day: Table) -> None:
    """Compute all that follows from the changes made: times ahead, times backwards, prices."""
    s, r = state(day), rules(day)
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
    if r["waiting"] > 0.0 and r["leaves_late"] == 1:
        backwards(day)
    for k in range(s["behind"]):
        unit_at(day, behind_at(day, k))["behind"] = 0
    s["behind"] = 0
    for k in range(s["dirty"]):
        carer_at(day, dirty_at(day, k))["dirty"] = 0
        price(day, dirty_at(day, k))
    if s["dirty"] > 0 and r["idle"] > 0.0:
        s["idle"] = 0.0
        for c in range(r["carers"]):
            s["idle"] = max(s["idle"], carer_at(day, c)["idle"])
    s["dirty"] = 0
    if s["rescan"] == 1 and r["highest"] > 0.0:
        s["highest"] = 0.0
        for t in range(r["tasks"]):
            s["highest"] = max(s["highest"], task_at(day, t)["late"])
    s["rescan"] = 0


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
        task = task_at(day, t)
        task["late"] = 0.0
        task["pain"] = 0.0
        task["early"] = -math.inf
        task["latest"] = -math.inf
        if task["carer"] >= 0:
            s["liking"] += liking_at(day, t, task["carer"])
            go_ahead(day, task["unit"])
            go_back(day, task["unit"])
    for j in range(rules(day)["jobs"]):
        if job_at(day, j)["served"] == 0:
            s["drops"] += job_at(day, j)["drop"]
            s["unserved"] += 1
    for c in range(rules(day)["carers"]):
        measure(day, c)
        soil(day, c)
    spread(day)


@compiled
def measure(day: Table, c: int) -> None:
    """Add up the travel and the work of a route."""
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
