"""Committed messages a second through one gateway process, beside the bare script in the same run."""

import asyncio
import os
import statistics
import time
from collections.abc import AsyncIterator
from pathlib import Path

from deploy import bootstrap
from gateway.listener import LANES
from tests.bench import stage
from tests.bench.figures import Figure
from tests.bench.stage import REFERENCE, Stage

MESSAGES = int(os.environ.get("BENCH_MESSAGES", "150000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
DEVICES = 1_000
BAR = 0.8
_OURS = "SELECT count(*) FROM ingest.inbox"
_BARE = "SELECT count(*) FROM bench_inbox"


async def run() -> AsyncIterator[Figure]:
    """Take turns, so that both meet the same machine."""
    bare, ours, memory = [], [], 0.0
    async with stage.build() as built:
        await stage.settle(built, DEVICES)
        for nth in range(1, ROUNDS + 1):
            bare.append(await _bare(built))
            await stage.forget(built, "bench-reference")
            speed, memory = await _ours(built, nth)
            await stage.forget(built, *(f"gateway-{lane.name}" for lane in LANES))
            ours.append(speed)
    reference, value = statistics.median(bare), statistics.median(ours)
    yield Figure(
        "ingest", "committed_per_second", value, "messages/s", reference, BAR, value >= BAR * reference
    )
    yield Figure("ingest", "gateway_memory", memory, "MiB")


async def _bare(built: Stage) -> float:
    command = (str(REFERENCE / "ingest.py"), built.bare_dsn, "--port", str(built.mqtt_port))
    async with stage.process(*command):
        await asyncio.sleep(2)
        began = time.monotonic()
        await stage.publish(built, MESSAGES)
        return MESSAGES / (await stage.until(built.bare_dsn, _BARE, MESSAGES) - began)


async def _ours(built: Stage, nth: int) -> tuple[float, float]:
    async with stage.gateway(built) as child:
        began = time.monotonic()
        await stage.publish(built, MESSAGES)
        ended = await stage.until(built.dsn(bootstrap.GATEWAY), _OURS, MESSAGES * nth)
        return MESSAGES / (ended - began), _memory(child.pid)


def _memory(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    peak = next(line for line in lines if line.startswith("VmHWM"))
    return int(peak.split()[1]) / 1024
