"""Several processes search the same day with seeds of their own; the best plan of all is kept."""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from dispatch.search.problem import Problem, Progress, Solution
from dispatch.search.run import TELL, Budget, run

GRACE = 30.0  # seconds that a process may be late (it starts an interpreter) before it is given up
SEEDS = 7919  # between the seeds of two processes


def run_together(
    problem: Problem,
    budget: Budget,
    seed: int,
    threads: int,
    start: Solution | None,
    progress: Callable[[Progress], None] | None,
    stop: Callable[[], bool] | None,
) -> Solution:
    """Search in `threads` processes. One that dies is not waited for; if all die, the search is made here."""
    context = multiprocessing.get_context("spawn")
    ends_at, until = time.time() + budget.seconds, time.monotonic() + budget.seconds + GRACE
    people: dict[Connection, BaseProcess] = {}
    for place in range(threads):
        ours, theirs = context.Pipe()
        arguments = (theirs, problem, budget, ends_at, seed + SEEDS * place, start)
        process = context.Process(target=_search, args=arguments, daemon=True)
        process.start()
        theirs.close()
        people[ours] = process
    try:
        best = _listen(people, None if budget.iterations is not None else until, progress, stop)
    finally:
        _end(people)
    return best if best is not None else run(problem, budget, seed, start, progress, stop)


def _search(
    line: Connection, problem: Problem, budget: Budget, ends_at: float, seed: int, start: Solution | None
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all: the parent says when to stop

    def tell(news: Progress) -> None:
        line.send((False, news))

    if budget.iterations is None:  # the clock began with the parent, not with this interpreter
        budget = replace(budget, seconds=max(0.5, ends_at - time.time()))
    began = time.monotonic()
    plan = run(problem, budget, seed, start, tell, line.poll)
    line.send((True, Progress(time.monotonic() - began, 0, plan)))


def _listen(
    people: dict[Connection, BaseProcess],
    until: float | None,
    progress: Callable[[Progress], None] | None,
    stop: Callable[[], bool] | None,
) -> Solution | None:
    best: Solution | None = None
    busy, told, tried, began = set(people), 0.0, dict.fromkeys(people, 0), time.monotonic()
    while busy and (until is None or time.monotonic() < until):
        for line in wait(list(busy), TELL):
            assert isinstance(line, Connection)  # noqa: S101 - only connections were given
            try:
                is_last, news = line.recv()
            except (EOFError, OSError):
                busy.discard(line)
                continue
            if is_last:
                busy.discard(line)
            tried[line] = max(tried[line], news.iterations)
            best = better(best, news.best)
        if stop is not None and stop():
            _stop(busy)
            stop = None
        if progress is not None and best is not None and time.monotonic() - told >= TELL:
            told = time.monotonic()
            progress(Progress(told - began, sum(tried.values()), best))
    return best


def better(one: Solution | None, two: Solution) -> Solution:
    """Return the plan that breaks less of what is hard, and of equals the cheaper."""
    return two if one is None or (len(two.hard), two.total) < (len(one.hard), one.total) else one


def _stop(lines: set[Connection]) -> None:
    for line in lines:
        try:
            line.send("stop")
        except OSError:
            continue


def _end(people: dict[Connection, BaseProcess]) -> None:
    for line, process in people.items():
        process.join(0.2)
        if process.is_alive():
            process.kill()
            process.join()
        line.close()
