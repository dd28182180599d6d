"""`yinling plan`: a district's day; or a day in one of the published formats, solved and priced."""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from core.errors import Failure
from deploy.commands.plan_days import day, export

if TYPE_CHECKING:
    from dispatch.search.problem import Progress

FORMATS = ("hhcrsp", "uhhc", "city", "day")
_FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
_FORMAT = click.option("--format", "kind", type=click.Choice(FORMATS), required=True, help="what FILE is")
_EVERY = 1.0
"""Seconds between two lines of progress where lines cannot be written over."""


@click.group()
def plan() -> None:
    """Plan days."""


@plan.command("solve")
@_FILE
@_FORMAT
@click.option("--seconds", type=click.FloatRange(min=0, min_open=True), default=60.0, show_default=True)
@click.option("--threads", type=click.IntRange(min=1), default=1, show_default=True, help="processes")
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="write the plan here")
def solve(file: Path, kind: str, seconds: float, threads: int, seed: int, out: Path | None) -> int:
    """Plan a benchmark's day; prints what the evaluator says it costs. Ctrl-C keeps the best so far."""
    from dispatch import evaluator  # noqa: PLC0415 - only when it is called
    from dispatch.search import formats  # noqa: PLC0415
    from dispatch.search.problem import UnsoundProblemError  # noqa: PLC0415
    from dispatch.search.solve import solve as search  # noqa: PLC0415
    from dispatch.search.warming import warm  # noqa: PLC0415

    instance = formats.read(file, kind)
    if out is not None and not os.access(out.parent, os.W_OK):
        raise Failure(f"{out}: cannot be written: no such folder, or no right to write there")
    warm()
    began = time.perf_counter()
    try:
        with _interruptible() as is_stopped, _shown(seconds) as progress:
            found = search(
                instance.problem,
                seconds=seconds,
                seed=seed,
                threads=threads,
                progress=progress,
                stop=is_stopped,
            )
    except UnsoundProblemError as error:
        raise Failure(f"{file.name}: {error}") from error
    took = time.perf_counter() - began
    written = json.dumps(formats.FORMATS[kind].write(instance, found), ensure_ascii=False).encode()
    if out is not None:
        out.write_bytes(written)
    report = evaluator.EVALUATORS[kind](formats.unpacked(file), written)
    said = {"file": file.name, "format": kind, "seconds": round(took, 3), "seed": seed, "threads": threads}
    return _say({**said, "search": {"total": round(found.total, 6)}, **report.told()})


@plan.command("price")
@_FILE
@click.argument("solution", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_FORMAT
def price(file: Path, solution: Path, kind: str) -> int:
    """Say what a plan of FILE costs and which rules it breaks, by an evaluator that knows no search."""
    from dispatch import evaluator  # noqa: PLC0415 - only when it is called
    from dispatch.search import formats  # noqa: PLC0415

    report = evaluator.EVALUATORS[kind](formats.unpacked(file), formats.unpacked(solution))
    return _say({"file": file.name, "format": kind, **report.told()})


def _say(report: dict[str, Any]) -> int:
    """Print a report; 1 is the exit code when a rule is broken."""
    click.echo(json.dumps(report, ensure_ascii=False))
    broken = len(report["violations"]) + len(report["lenient"])
    if broken:
        click.echo(f"yinling: the plan breaks {broken} rules: see violations and lenient", err=True)
    return int(bool(broken))


@contextmanager
def _interruptible() -> Iterator[Callable[[], bool]]:
    """Let Ctrl-C end the search and keep what it has; a second Ctrl-C ends the command."""
    pressed: list[int] = []
    before = signal.getsignal(signal.SIGINT)

    def note(number: int, _frame: object) -> None:
        pressed.append(number)
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, note)
    try:
        yield lambda: bool(pressed)
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _shown(seconds: float) -> Iterator[Callable[["Progress"], None]]:
    """Show the best so far on stderr: one line that is written over, or a line a second into a file."""
    stream = sys.stderr
    is_screen, last = stream.isatty(), [-_EVERY]

    def show(now: "Progress") -> None:
        if not is_screen and now.seconds - last[0] < max(_EVERY, seconds / 20):
            return
        last[0] = now.seconds
        left = f", {len(now.best.dropped)} left out" if now.best.dropped else ""
        text = f"{now.seconds:6.1f} s of {seconds:g}: {now.best.total:.3f}{left}"
        stream.write(f"\r{text:60}" if is_screen else f"{text}\n")
        stream.flush()

    yield show
    if is_screen:
        stream.write("\n")


plan.add_command(day)
plan.add_command(export)
