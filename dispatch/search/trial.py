"""Compiled: a change is tried in place, and taken back if it is not kept."""

from __future__ import annotations

import numpy as np

from dispatch.search.compiled import (
    Table,
    ahead_at,
    behind_at,
    carer_at,
    compiled,
    copy,
    dirty_at,
    inlined,
    job_at,
    old_carer_at,
    old_job_at,
    old_state_at,
    old_task_at,
    old_unit_at,
    random_at,
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
    unit_at,
    was_carers_at,
    was_jobs_at,
    was_tasks_at,
    was_units_at,
)


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
