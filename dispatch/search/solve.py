"""`solve(problem)`: from a day to its plan, within seconds or iterations, better as long as it may run."""

from __future__ import annotations

from collections.abc import Callable

from dispatch.search.problem import Problem, Progress, Solution


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
    """Plan the day. With `iterations` the clock is not looked at and the same seed gives the same plan."""
    raise NotImplementedError
