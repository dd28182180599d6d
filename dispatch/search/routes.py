# ruff: noqa: PLR0915 - compiled: flat functions, odds as plain numbers
# Records have no static types:
# mypy: disable-error-code="no-any-return"
"""Compiled: who does what in which order, as linked lists in the order of keys."""

from __future__ import annotations

from dispatch.search.compiled import (
    Table,
    allowed_at,
    carer_at,
    compiled,
    inlined,
    liking_at,
    state,
    task_at,
    travel_at,
    unit_at,
)
from dispatch.search.layout import NONE, SINGLE
from dispatch.search.trial import go_ahead, go_back, soil, touch_task, touch_unit


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
def mate(day: Table, t: int) -> int:
    """Return the other task of the same unit, or NONE."""
    unit = unit_at(day, task_at(day, t)["unit"])
    return unit["second"] if unit["first"] == t else unit["first"]


@inlined
def may(day: Table, t: int, c: int) -> bool:
    """Say whether a carer may take a task now: allowed, and not busy with the other half of the job."""
    sibling = task_at(day, t)["sibling"]
    return allowed_at(day, t, c) == 1 and (sibling < 0 or task_at(day, sibling)["carer"] != c)


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
