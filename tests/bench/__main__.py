"""`python -m tests.bench [NAME …]`: measure; one JSON line a figure. Without a name: every bench there is."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable

from core.errors import Failure
from tests.bench import (
    answers,
    backlog,
    burst,
    burst_hub,
    city,
    console,
    escalation,
    fleet,
    fraud,
    homes,
    ingest,
    last_hour,
    latency,
    online,
    plan,
    settlement,
    sse,
    storm,
    sweep,
)
from tests.bench.figures import Figure
from tests.chaos import bench as chaos


async def _latency() -> AsyncIterator[Figure]:
    """Measure the receipt, then the whole chain to the console."""
    for part in (latency.run, console.run):
        async for figure in part():
            yield figure


async def _burst() -> AsyncIterator[Figure]:
    """Measure native devices, then a hub."""
    for part in (burst.run, burst_hub.run):
        async for figure in part():
            yield figure


BENCHES: dict[str, Callable[[], AsyncIterator[Figure]]] = {
    "fleet": fleet.run,
    "homes": homes.run,
    "ingest": ingest.run,
    "latency": _latency,
    "burst": _burst,
    "sse": sse.run,
    "storm": storm.run,
    "backlog": backlog.run,
    "sweep": sweep.run,
    "last_hour": last_hour.run,
    "online": online.run,
    "chaos": chaos.figures,
    "plan": plan.run,
    "city": city.run,
    "settlement": settlement.run,
    "fraud": fraud.run,
    "answers": answers.run,
    "escalation": escalation.run,
}


async def main(names: list[str]) -> None:
    """Run benches one after the other."""
    for name in names or [one for one in BENCHES if one != "homes" or homes.is_there()]:
        if name not in BENCHES:
            raise Failure(f"no bench {name}; there are {', '.join(BENCHES)}")
        async for figure in BENCHES[name]():
            sys.stdout.write(figure.line() + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    try:
        asyncio.run(main(sys.argv[1:]))
    except Failure as error:
        sys.exit(str(error))
