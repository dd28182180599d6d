"""One search of a bench: our own `solve`, or a peer in its own environment; the evaluator prices both."""

import json
import subprocess
import sys
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from core.errors import Failure
from dispatch.evaluator import EVALUATORS
from dispatch.evaluator.report import Report
from dispatch.search import formats
from dispatch.search.solve import solve

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-bench" / "bin" / "python"
_GRACE = 240
"""Seconds that a peer may take beyond its time, to state the day and to write the plan."""


class Run(NamedTuple):
    """A plan, its price and how long it took."""

    plan: bytes
    report: Report
    seconds: float


def ours(path: Path, kind: str, seconds: float, seed: int = 0) -> Run:
    """Search on one thread, and price what comes out of its file."""
    instance = formats.read(path, kind)
    began = perf_counter()
    found = solve(instance.problem, seconds=seconds, seed=seed, threads=1)
    took = perf_counter() - began
    return _priced(path, kind, json.dumps(formats.FORMATS[kind].write(instance, found)).encode(), took)


def peer(name: str, path: Path, kind: str, seconds: float) -> Run | None:
    """Let a peer search for as long; None, and why, if it is not there or finds nothing."""
    if not PYTHON.exists():
        sys.stderr.write(f"{name}: not installed; `make bench BENCH=plan` or `city` installs the peers\n")
        return None
    command = [str(PYTHON), "-m", f"tests.bench.peers.{name}_{kind}", str(path), str(seconds), "0"]
    began = perf_counter()
    try:
        ended = subprocess.run(command, capture_output=True, timeout=seconds + _GRACE, cwd=ROOT, check=False)
    except subprocess.TimeoutExpired:
        sys.stderr.write(f"{name}: {path.name}: still running {_GRACE} s after its time\n")
        return None
    if ended.returncode or not ended.stdout:
        sys.stderr.write(f"{name}: {path.name}: no plan\n{ended.stderr.decode()[-400:]}\n")
        return None
    return _priced(path, kind, ended.stdout, perf_counter() - began)


def _priced(path: Path, kind: str, plan: bytes, took: float) -> Run:
    report = EVALUATORS[kind](formats.unpacked(path), plan)
    return Run(plan, report, took)


def require_sound(run: Run, name: str) -> None:
    """Raise Failure if our own plan breaks a rule: such a figure must not be quoted."""
    if not run.report.is_feasible:
        broken = ", ".join(
            f"{one.code} ({one.where})" for one in (*run.report.violations, *run.report.lenient)[:5]
        )
        raise Failure(f"{name}: the plan breaks rules: {broken}")
