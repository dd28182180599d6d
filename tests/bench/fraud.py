"""Precision and recall of the fraud checks by kind, over labelled months of two generators.

Neither imports the checks: `own` is tests/fraud/generator, written before them; `judging` is tests/judging,
written by somebody else from DOMAIN §6 and the format alone. Counts are summed over the seeds. A visit
labelled with several kinds is right under any of them (docs/manual/audit.md, Labels).
"""

import json
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from typing import Any

from services.fraud import judging, month_files, scoring, thresholds
from services.fraud.scoring import Score
from tests.bench.figures import Figure
from tests.fraud.generator.months import month
from tests.judging.generator import months

OWN = (100, 101, 102, 103, 104)
JUDGING = tuple(range(100, 120))
"""The seeds, for both kinds of months."""
PRECISION, RECALL = 0.90, 0.95
Rows = Iterable[Mapping[str, Any]]
Made = tuple[Rows, Mapping[str, Sequence[str]]]


async def run() -> AsyncIterator[Figure]:
    """Measure."""
    for name, seeds, make in (("own", OWN, month), ("judging", JUDGING, _judging)):
        counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
        began, visits = time.perf_counter(), 0
        for seed in seeds:
            visits += _add(counts, make, seed)
        seconds = time.perf_counter() - began
        yield Figure("fraud", f"{name}_months", len(seeds), "months")
        yield Figure("fraud", f"{name}_visits", visits, "visits")
        yield Figure("fraud", f"{name}_seconds", seconds, "s")
        for kind, sums in counts.items():
            score = Score(*sums)
            for what, value, bar in (
                ("precision", score.precision, PRECISION),
                ("recall", score.recall, RECALL),
            ):
                yield Figure("fraud", f"{name}_{kind}_{what}", value, "share", None, bar, value >= bar)


def _judging(seed: int) -> Made:
    rows, labels = months(seed)
    return rows, {str(one["visit_id"]): one["kinds"] for one in labels}


def _add(counts: dict[str, list[int]], make: Callable[[int], Made], seed: int) -> int:
    rows, labels = make(seed)
    read = month_files.read(json.dumps(row) for row in rows)
    found = judging.judge(read.month, thresholds.defaults())
    for kind, one in scoring.score(found, labels).items():
        for at, count in enumerate((one.right, one.named, one.found, one.labelled)):
            counts[kind][at] += count
    return len(read.month.visits)
