"""`solve(problem)`: from a day to its plan, within seconds or iterations, better as long as it may run."""

from __future__ import annotations

from collections.abc import Callable

from dispatch.search.inspection import check
from dispatch.search.problem import Problem, Progress, Solution
from dispatch.search.run import Budget, run
from dispatch.search.together import run_together


def solve(
    problem: Problem,
    *,
    seconds: float = 10.0,
    iterations: int | None = None,
    seed: int = 0,
    threads: int = 1,
    start: Solution | None = None,
    progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Solution:
    """Plan the day; raise UnsoundProblemError for one that cannot be read.

    With `iterations` the clock is not looked at: the same problem and seed give the same plan. `start` is a
    plan to begin with. `progress` hears the best plan about twice a second, and `stop` is asked as often.
    With `threads` as many processes search with seeds of their own, and the best plan of all is kept.
    Code that was never compiled on this machine is compiled before the clock begins.
    """
    check(problem)
    budget = Budget(seconds, iterations)
    if threads > 1 and problem.tasks:
        return run_together(problem, budget, seed, threads, start, progress, stop)
    return run(problem, budget, seed, start, progress, stop)
