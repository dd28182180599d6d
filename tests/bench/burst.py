"""An SOS behind a burst of 20,000 telemetry messages, beside a quiet day and a bare script under it."""

import asyncio
import os
from collections.abc import AsyncIterator
from uuid import UUID

from gateway.listener import LANES
from tests.bench import stage
from tests.bench.figures import Figure
from tests.bench.presses import p, press
from tests.bench.stage import REFERENCE, Stage

BURST = int(os.environ.get("BENCH_BURST", "20000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
PAUSE_S, AFTER_S = 0.02, 1.0
QUIET = 100
DEVICES = 1_000


async def run() -> AsyncIterator[Figure]:
    """Take turns, so that both meet the same machine; the worst of all rounds counts."""
    bare: list[float] = []
    ours: list[float] = []
    quiet: list[float] = []
    async with stage.build() as built:
        _, devices = await stage.settle(built, DEVICES)
        for _ in range(ROUNDS):
            bare += await _bare(built, devices)
            async with stage.gateway(built):
                quiet += await press(built.mqtt_url, devices, lambda nth: nth >= QUIET, PAUSE_S)
                ours += await _behind(built, devices)
            await stage.forget(built, *(f"gateway-{lane.name}" for lane in LANES))
    for waits in (bare, ours, quiet):
        waits.sort()
    yield Figure("burst", "receipt_worst", p(ours, 1), "ms", p(bare, 1), 1.0, p(ours, 1) <= p(bare, 1))
    yield Figure(
        "burst", "receipt_p99", p(ours, 0.99), "ms", p(bare, 0.99), 1.0, p(ours, 0.99) <= p(bare, 0.99)
    )
    yield Figure("burst", "receipt_p50", p(ours, 0.5), "ms", p(quiet, 0.5))
    yield Figure("burst", "quiet_worst", p(quiet, 1), "ms")


async def _bare(built: Stage, devices: list[UUID]) -> list[float]:
    command = (str(REFERENCE / "alarm.py"), built.bare_dsn, "--port", str(built.mqtt_port))
    async with stage.process(*command):
        await asyncio.sleep(2)
        found = await _behind(built, devices)
    await stage.forget(built, "bench-reference", "bench-reference-alarm")
    return found


async def _behind(built: Stage, devices: list[UUID]) -> list[float]:
    """Press while a burst is being published, and for a second more: until it is stored."""
    burst = asyncio.create_task(_burst(built))
    waits = await press(built.mqtt_url, devices, lambda _: burst.done(), PAUSE_S)
    await burst
    return waits


async def _burst(built: Stage) -> None:
    await stage.publish(built, BURST)
    await asyncio.sleep(AFTER_S)
