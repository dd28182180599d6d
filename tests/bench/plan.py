"""The day's plan: Mankowska's and UHHC's instances on one thread, priced by the evaluator.

BENCH_SECONDS is the time of each search (default 30 s, and for UHHC what its publishers took). FULL=1 takes
every instance of YINLING_SHARED. A plan below the best known is kept in `tests/bench/results/`.
"""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory

from dispatch.evaluator import EVALUATORS
from dispatch.search.warming import warm
from tests.bench import instances, planning
from tests.bench.figures import Figure
from tests.bench.planning import Run

RESULTS = Path(__file__).parent / "results"
MEAN_GAP_BAR = 0.5
_ROUNDED = 0.005
"""So far published costs are rounded."""
_BETTER = 0.001
"""A plan is new if it is cheaper by more than the published figures are rounded."""


async def run() -> AsyncIterator[Figure]:
    """Measure."""
    warm()
    with TemporaryDirectory(prefix="yinling-bench-") as folder:
        async for figure in _repriced(Path(folder) / "published"):
            yield figure
        async for figure in _hhcrsp(Path(folder) / "hhcrsp"):
            yield figure
        async for figure in _uhhc(Path(folder) / "uhhc"):
            yield figure


async def _hhcrsp(folder: Path) -> AsyncIterator[Figure]:
    known, gaps, peers = instances.published("hhcrsp"), [], []
    seconds = instances.seconds(30)
    for path in instances.hhcrsp(folder):
        best = known[path.stem]["best_known"]
        name = path.stem.removeprefix("Instanz").replace("_HCSRP_", "_").lower()
        found = planning.ours(path, "hhcrsp", seconds)
        planning.require_sound(found, path.stem)
        gaps.append(100 * (found.report.total / best - 1))
        yield Figure("plan", f"hhcrsp_{name}", found.report.total, "cost", best)
        yield Figure("plan", f"hhcrsp_{name}_gap", gaps[-1], "%")
        if found.report.total < best - _BETTER:
            keep("hhcrsp", path.stem, found)
        other = planning.peer("ortools", path, "hhcrsp", seconds)
        if other is not None and other.report.is_feasible:
            peers.append(100 * (other.report.total / best - 1))
            yield Figure("plan", f"hhcrsp_{name}_ortools", other.report.total, "cost", best)
    bar = MEAN_GAP_BAR
    yield Figure("plan", "hhcrsp_mean_gap", fmean(gaps), "%", None, bar, fmean(gaps) <= bar)
    if peers:
        yield Figure("plan", "hhcrsp_mean_gap_ortools", fmean(peers), "%")


async def _uhhc(folder: Path) -> AsyncIterator[Figure]:
    known, below = instances.published("uhhc"), []
    for path in instances.uhhc(folder):
        row = known[path.stem]
        found = planning.ours(path, "uhhc", instances.seconds(row["seconds"]))
        planning.require_sound(found, path.stem)
        total = found.report.total
        below.append(total < row["mean"])
        yield Figure("plan", f"uhhc_{path.stem}", total, "cost", row["mean"], row["mean"], below[-1])
        yield Figure("plan", f"uhhc_{path.stem}_to_best", 100 * (total / row["best"] - 1), "%")
        if total < row["known"]:
            keep("uhhc", path.stem, found)
    yield Figure("plan", "uhhc_below_mean", sum(below), "instances", len(below), len(below), all(below))


async def _repriced(folder: Path) -> AsyncIterator[Figure]:
    """Price every published plan: UHHC's to the unit, HHCRSP's where it is the best known."""
    exact = {"hhcrsp": 0, "uhhc": 0}
    count = {"hhcrsp": 0, "uhhc": 0}
    known = instances.published("hhcrsp")
    for kind, instance, plan in instances.repriced(folder):
        said = plan.read_bytes()
        report = EVALUATORS[kind](instance.read_bytes(), said)
        cost = json.loads(said)["cost"]["objective"] if kind == "uhhc" else known[plan.stem]["best_known"]
        count[kind] += 1
        exact[kind] += report.is_feasible and abs(report.total - cost) <= _ROUNDED
    for kind, some in exact.items():
        if count[kind]:
            yield Figure("plan", f"{kind}_published_repriced", some, "plans", count[kind])


def keep(kind: str, name: str, found: Run) -> None:
    """Keep a plan that is better than all published, and than one kept before."""
    path = RESULTS / kind / f"{name}.json"
    if path.exists() and json.loads(path.read_bytes())["price"]["total"] <= found.report.total:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    told = {"price": found.report.told(), "seconds": round(found.seconds, 1), "plan": json.loads(found.plan)}
    path.write_text(json.dumps(told) + "\n", encoding="utf-8")
