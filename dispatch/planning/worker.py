"""`python -m dispatch.planning.worker`: computes one plan in a process of its own, beside the event loop.

Pickles over pipes with its parent: an order comes in; (`progress` …), then (`done` …) or (`failed` …) go out,
each after its length. It stops when its parent is gone, and keeps the best so far when it is told to stop.
"""

import os
import pickle
import select
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO

from dispatch.planning.days import Day, speeds
from dispatch.planning.drafts import cost, draft
from dispatch.planning.pricing import priced
from dispatch.planning.shapes import DayFacts, Drafted
from dispatch.planning.solving import solve_day
from dispatch.search.problem import Progress, UnsoundProblemError
from dispatch.search.warming import warm
from dispatch.travel.ways import Ways

EVERY = 1.0
"""Seconds between two signs."""
NICE = 10
"""A night's plan may wait; an alarm on the same machine may not."""
LENGTH = struct.Struct("!Q")


@dataclass(frozen=True)
class Order:
    """What is to be computed, and for how long."""

    facts: DayFacts
    ways: Ways
    seconds: float
    seed: int
    threads: int
    iterations: int | None = None
    is_nice: bool = True


def compute(order: Order, say: Callable[[str, Any], None], stop: Callable[[], bool]) -> Drafted:
    """Solve a day; `say` hears how far it is, every second, with items when there is a better plan."""
    last, told = 0.0, float("inf")

    def seen(day: Day, so_far: Progress) -> None:
        nonlocal last, told
        if so_far.seconds - last < EVERY:
            return
        last = so_far.seconds
        is_better = so_far.best.total < told
        told = so_far.best.total
        items = draft(day, so_far.best, is_final=False).items if is_better else None
        say("progress", (sign(day, so_far), items))

    travel = {speed: order.ways.minutes(speed) for speed in speeds(order.facts)}
    day, solution = solve_day(
        order.facts,
        travel,
        seconds=order.seconds,
        iterations=order.iterations,
        seed=order.seed,
        threads=order.threads,
        progress=seen,
        stop=stop,
    )
    drafted = draft(day, solution, is_final=True)
    price = {"search": cost(solution), "evaluator": priced(day, solution)}
    return Drafted(drafted.items, drafted.rests, price)


def sign(day: Day, so_far: Progress) -> dict[str, Any]:
    """Return how far it is: seconds, best cost, visits served and not."""
    jobs = day.problem.jobs
    gone = {day.visit(task).visit_id for one in so_far.best.dropped for task in jobs[one.job].tasks}
    unserved = len(gone) + len(day.excluded)
    served = len(day.facts.visits) - unserved
    return {
        "elapsed_s": round(so_far.seconds, 1),
        "best": round(so_far.best.total, 1),
        "served": served,
        "unserved": unserved,
        "iterations": so_far.iterations,
    }


def main() -> None:
    """Take one order from stdin; answer on stdout."""
    inward, outward = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not run into the answers

    def say(kind: str, what: object) -> None:
        send(outward, (kind, what))

    order = receive(inward)
    os.nice(NICE if order.is_nice else 0)
    warm()
    try:
        say("done", compute(order, say, lambda: _is_over(inward)))
    except UnsoundProblemError as error:
        say("failed", {"code": "unsound", "detail": str(error)})


def send(pipe: BinaryIO, what: object) -> None:
    """Write one message."""
    body = pickle.dumps(what)
    pipe.write(LENGTH.pack(len(body)) + body)
    pipe.flush()


def receive(pipe: BinaryIO) -> Any:  # noqa: ANN401 - an order; from our own parent alone
    """Read one message."""
    (length,) = LENGTH.unpack(pipe.read(LENGTH.size))
    return pickle.loads(pipe.read(length))  # noqa: S301 - a pipe from our own parent


def _is_over(inward: BinaryIO) -> bool:
    """Say whether the parent told us to stop, or is gone: either makes the pipe readable."""
    return bool(select.select([inward], [], [], 0)[0])


if __name__ == "__main__":
    main()
