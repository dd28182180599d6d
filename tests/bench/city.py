"""A city's day at 60 s: visits served and travel beside PyVRP, VROOM and OR-Tools; then with double visits.

BENCH_SECONDS is the time of each search. The peers cannot state double visits, or find nothing with them.
"""

import gzip
import json
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory

from dispatch.evaluator.report import Report
from dispatch.search.formats import unpacked
from dispatch.search.warming import warm
from tests.bench import instances, planning
from tests.bench.figures import Figure

PEERS = ("pyvrp", "vroom", "ortools")
PUBLISHED_SERVED, PUBLISHED_HOURS = 1_943, 144.0
DOUBLES = 100


async def run() -> AsyncIterator[Figure]:
    """Measure."""
    warm()
    seconds = instances.seconds(60)
    found = planning.ours(instances.CITY, "city", seconds)
    planning.require_sound(found, "city")
    served = found.report.figures["served"]
    reference = (float(PUBLISHED_SERVED), PUBLISHED_HOURS)
    for name in PEERS:
        other = planning.peer(name, instances.CITY, "city", seconds)
        if other is None or not other.report.is_feasible:
            continue
        figures = other.report.figures
        yield Figure("city", f"served_{name}", figures["served"], "visits")
        yield Figure("city", f"travel_{name}", figures["travel_h"], "h")
        if name == "pyvrp":
            reference = figures["served"], figures["travel_h"]
    bar, hours = reference
    yield Figure("city", "served", served, "visits", bar, bar, served >= bar)
    travel = found.report.figures["travel_h"]
    yield Figure("city", "travel", travel, "h", hours, hours, travel <= hours)
    async for figure in _doubles(seconds):
        yield figure


async def _doubles(seconds: float) -> AsyncIterator[Figure]:
    """Measure the same day with 100 more visits, each of which wants two people at once."""
    with TemporaryDirectory(prefix="yinling-bench-") as folder:
        path = Path(folder) / "doubles.json.gz"
        path.write_bytes(gzip.compress(with_doubles(unpacked(instances.CITY)), mtime=0))
        found = planning.ours(path, "city", seconds)
        planning.require_sound(found, "city with doubles")
        pairs = _pairs(found.plan)
        yield Figure("city", "doubles_planned", pairs, "visits", DOUBLES, DOUBLES, pairs == DOUBLES)
        yield Figure("city", "doubles_served_in_all", _served(found.report), "visits")
        yield Figure("city", "doubles_travel", found.report.figures["travel_h"], "h")


def with_doubles(data: bytes) -> bytes:
    """Return a day with a bath for two at every twentieth address, in a window of two hours."""
    day = json.loads(data)
    step = len(day["visits"]) // DOUBLES
    for nth, one in enumerate(day["visits"][:: step or 1][:DOUBLES]):
        opens = 32_400 + 1_800 * (nth % 12)
        more = {"kind": "bath", "dur": 1_800, "tw": [opens, opens + 7_200], "gender": None, "staff": 2}
        day["visits"].append({**one, "id": f"double-{nth}", **more})
    return json.dumps(day).encode()


def _pairs(plan: bytes) -> int:
    routes = json.loads(plan)["routes"]
    return len(
        {str(s["visit"]) for r in routes for s in r["visits"] if str(s["visit"]).startswith("double-")}
    )


def _served(report: Report) -> float:
    return report.figures["served"]
