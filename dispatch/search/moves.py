# ruff: noqa: C901, PLR2004, FBT001 - compiled: flat functions, odds as plain numbers
# Records have no static types:
# mypy: disable-error-code="no-any-return"
"""Compiled: changes to who does what, and when."""

from __future__ import annotations

import math

from dispatch.search.compiled import (
    Table,
    able_at,
    allowed_at,
    carer_at,
    compiled,
    inlined,
    left_at,
    near_at,
    right_at,
    rules,
    set_left,
    set_right,
    task_at,
    unit_at,
)
from dispatch.search.layout import NONE
from dispatch.search.routes import before, link, mate, may, put, take, unlink
from dispatch.search.trial import draw, pick

TIGHT = 1e-7


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
def colleague(day: Table, t: int) -> int:
    """Draw a carer who may take a task, most often one who is near it, or NONE."""
    if draw(day) < 0.3:
        return somebody(day, t)
    v = neighbour(day, t)
    if v < 0 or task_at(day, v)["carer"] < 0:
        return NONE
    c = task_at(day, v)["carer"]
    return c if may(day, t, c) else NONE


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
        if draw(day) < 0.25:
            d = colleague(day, m)
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
    c = colleague(day, t)
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
    if draw(day) < 0.5:
        low = min(low, unit_at(day, task_at(day, v)["unit"])["key"])
    count = rules(day)["tasks"] if draw(day) < 0.35 else 1 + pick(day, 4)
    p, q = before(day, c, low), before(day, d, low)
    n = 0
    high = math.inf
    a = task_at(day, p)["next"] if p >= 0 else carer_at(day, c)["first"]
    while a >= 0:
        if n == count:
            high = unit_at(day, task_at(day, a)["unit"])["key"]
            break
        if allowed_at(day, a, d) == 0:
            return False
        set_left(day, n, a)
        n += 1
        a = task_at(day, a)["next"]
    k = 0
    b = task_at(day, q)["next"] if q >= 0 else carer_at(day, d)["first"]
    while b >= 0 and unit_at(day, task_at(day, b)["unit"])["key"] < high:
        if allowed_at(day, b, c) == 0:
            return False
        set_right(day, k, b)
        k += 1
        b = task_at(day, b)["next"]
    return n + k > 0 and cross(day, n, k, p, q, c, d)


@compiled
def cross(day: Table, n: int, k: int, p: int, q: int, c: int, d: int) -> bool:
    """Put the n tasks of `left` into d's route after q, and the k of `right` into c's after p."""
    for i in range(n):
        unlink(day, left_at(day, i))
    for i in range(k):
        unlink(day, right_at(day, i))
    for i in range(n):
        t = left_at(day, i)
        if not may(day, t, d):
            return False
        link(day, t, d, q)
        q = t
    for i in range(k):
        t = right_at(day, i)
        if not may(day, t, c):
            return False
        link(day, t, c, p)
        p = t
    return True
