# ruff: noqa: C901, PLR0911, PLR2004 - compiled: flat functions, odds as plain numbers
"""Compiled: the annealing that keeps changes or takes them back."""

from __future__ import annotations

import math

from dispatch.search.compiled import (
    Table,
    carer_at,
    compiled,
    copy,
    figures_at,
    job_at,
    rules,
    set_figures,
    state,
    task_at,
    unit_at,
)
from dispatch.search.layout import NONE
from dispatch.search.moves import change, exchange, relocate
from dispatch.search.prices import spread, total
from dispatch.search.serving import drop, eat, insert, replace
from dispatch.search.trial import begin, draw, pick, rollback

RELOCATE, CHANGE, EXCHANGE, INSERT, DROP, LUNCH, REPLACE, KINDS = 0, 1, 2, 3, 4, 5, 6, 8


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
    """Try `count` changes while it cools from hot to cold; return the best cost, kept in `best`."""
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
