"""`make bench BENCH=chaos`: the account of a run as figures."""

from collections.abc import AsyncIterator

from tests.bench.figures import Figure
from tests.chaos.run import Plan, run


async def figures() -> AsyncIterator[Figure]:
    """Play once; what is lost or doubled must be 0."""
    found = (await run(Plan())).json()
    for name, value in found.items():
        if name.startswith(("lost", "doubled")):
            yield Figure("chaos", name, value, "count", None, 0, value == 0)
        elif isinstance(value, int) and not isinstance(value, bool) and name != "seed":
            yield Figure("chaos", name, value, "s" if name == "seconds" else "count")
    for victim, seconds in found["max_recovery_seconds"].items():
        yield Figure("chaos", f"max_recovery_{victim}", seconds, "s")
