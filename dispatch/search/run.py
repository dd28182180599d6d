"""One process's search: a first plan, then annealing in cycles until the budget ends."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from dispatch.search import memory, readout
from dispatch.search.anneal import anneal, keep
from dispatch.search.compiled import handle
from dispatch.search.first import first_plan
from dispatch.search.inspection import reasons
from dispatch.search.prices import rebuild, renumber, total
from dispatch.search.problem import Carer, Job, Problem, Progress, Solution, Task

# Temperatures in usual legs: of a cold start (plus a minute of max_idle), at last, of a warm start.
HOT, COLD, WARM = 3.0, 0.02, 0.3
AMPLE = 50_000  # changes a task for which the start is as hot as that; with fewer it is milder
BEND, MILD = 0.7, 0.15
# Coolings from the start at most, their part of the budget, and how hot it is again after them.
STARTS, STARTS_SHARE, AGAIN = 5, 0.45, 0.3
CYCLE = 15_000  # changes a task that such a cooling needs
SURE = 0.01  # of the budget is used when it is known how much can be tried
BLOCK = 4_000  # changes tried between two looks at the clock, at first
LOOK = 0.02  # seconds between two looks at the clock
SHARE = 30  # times what telling takes is searched before it is told again
TELL = 0.5  # seconds between two words of progress


@dataclass(frozen=True, slots=True)
class Budget:
    """How long to search: until the clock says so, or for so many changes tried."""

    seconds: float
    iterations: int | None = None


class Search:
    """The state of one search: the plan under change, the best, and how far the budget is used."""

    def __init__(self, problem: Problem, budget: Budget, seed: int, start: Solution | None) -> None:
        self.began = time.monotonic()
        self.problem, self.budget, self.is_warm = problem, budget, start is not None
        self.impossible = reasons(problem)
        self.day = memory.build(problem, seed, self.impossible)
        self.best = memory.copied(self.day)
        self.table, self.best_table = handle(self.day), handle(self.best)
        if start is not None:
            readout.load(self.day, problem, start)
        rebuild(self.table)
        first_plan(self.table, readout.jobs_by_time(self.day))
        self.scale = memory.scale(self.day, problem)
        self.tried, self.block, self.starts, self.turn = 0, BLOCK, -1, 0
        self.cost = self._settle()

    def _settle(self) -> float:
        rebuild(self.table)
        keep(self.table, self.best_table)
        return float(total(self.table))

    @property
    def used(self) -> float:
        """How much of the budget is used, from 0 to 1."""
        if self.budget.iterations is not None:
            return self.tried / self.budget.iterations if self.budget.iterations else 1.0
        return (time.monotonic() - self.began) / self.budget.seconds if self.budget.seconds > 0 else 1.0

    def step(self) -> None:
        """Try a block of changes at the temperature that the budget allows."""
        count = self.block
        if self.budget.iterations is not None:
            count = min(BLOCK, self.budget.iterations - self.tried)
        heat = self.temperature(self.used)
        began = time.monotonic()
        self.cost = anneal(self.table, self.best_table, self.cost, count, heat, heat)
        self.tried += count
        took = max(time.monotonic() - began, 1e-4)
        self.block = int(min(max(count * LOOK / took, 200), 10 * count))
        renumber(self.table, np.argsort(self.day.units["key"], kind="stable"))

    def _turn(self, used: float) -> tuple[float, float]:
        """Return how much of the present cooling is over, and its first heat as a part of the hottest.

        Whoever has the time cools several times from the start and goes on with the best of these plans: one
        cooling may end in a valley that no small change leads out of.
        """
        if self.starts < 0 and self.tried and used >= SURE:
            self.starts = self._count()
        if self.starts <= 1 or self.is_warm:
            return used, 1.0
        each = STARTS_SHARE / self.starts
        turn = min(int(used / each), self.starts)
        if turn == self.starts and self.turn != turn:
            keep(self.best_table, self.table)
        self.turn = turn
        return (
            ((used - STARTS_SHARE) / (1 - STARTS_SHARE), AGAIN)
            if turn == self.starts
            else (used % each / each, 1.0)
        )

    def _count(self) -> int:
        enough = CYCLE * len(self.problem.tasks)
        return 1 if self.is_warm else min(STARTS, int(STARTS_SHARE * self._expected() / enough))

    def temperature(self, used: float) -> float:
        """Return the temperature when so much of the budget is used; who can try much starts hot."""
        over, heat = self._turn(min(used, 1.0))
        hot = WARM * self.scale
        if not self.is_warm:
            part = min(1.0, self._expected() / (AMPLE * len(self.problem.tasks)))
            hot = heat * (HOT * max(MILD, part**BEND) * self.scale + self.problem.weights.max_idle)
        cold = COLD * self.scale
        return float(hot * math.pow(cold / hot, over))

    def _expected(self) -> float:
        """Return how many changes will be tried in all."""
        if self.budget.iterations is not None:
            return self.budget.iterations
        return self.tried / self.used if self.tried else math.inf

    def solution(self) -> Solution:
        """Return the best plan so far."""
        rebuild(self.best_table)  # no rounding of a million changes
        return readout.solution(self.problem, self.best, self.impossible)


@cache
def prepare() -> None:
    """Compile what was never compiled, or load it: a search of nothing."""
    nowhere = np.zeros((1, 1))
    day = Problem(
        (Carer("", 0, 0),), (Task("", 0, 0, 1.0),), (Job("", (0,), ((0.0, 9.0),)),), nowhere, nowhere == 0
    )
    Search(day, Budget(0.0, 8), 0, None).step()


def run(
    problem: Problem,
    budget: Budget,
    seed: int,
    start: Solution | None,
    progress: Callable[[Progress], None] | None,
    stop: Callable[[], bool] | None,
) -> Solution:
    """Search in this process."""
    prepare()
    search = Search(problem, budget, seed, start)
    told, pause, rebuilt = time.monotonic(), TELL, 0
    while problem.tasks and search.used < 1.0:
        search.step()
        if search.tried - rebuilt > 50 * BLOCK:
            rebuild(search.table)
            rebuilt = search.tried
        if time.monotonic() - told < pause:
            continue
        told = time.monotonic()
        if progress is not None:
            progress(Progress(told - search.began, search.tried, search.solution()))
            pause = max(TELL, SHARE * (time.monotonic() - told))
            told = time.monotonic()
        if stop is not None and stop():
            break
    return search.solution()
