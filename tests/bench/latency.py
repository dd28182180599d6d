"""Publish → receipt of an SOS with telemetry in the background, beside a bare round trip and one commit."""

import asyncio
import json
import os
import statistics
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import asyncpg

from devices.mqtt import Link
from tests.bench import stage
from tests.bench.figures import Figure
from tests.bench.stage import Stage

SECONDS = int(os.environ.get("BENCH_SECONDS", "20"))
BACKGROUND = 1_000
A_SECOND = 20
DEVICES = 1_000
P99_MS, TIMES_FLOOR = 250.0, 3.0


async def run() -> AsyncIterator[Figure]:
    """Measure the floor, idle and then beside the very load that the alarms meet; then alarms under load."""
    async with stage.build() as built:
        _, devices = await stage.settle(built, DEVICES)
        idle = await _round_trip(built) + await _commit(built)
        async with stage.gateway(built):
            count = BACKGROUND * (SECONDS + 8)
            flood = asyncio.create_task(stage.publish(built, count, "--rate", str(BACKGROUND)))
            await asyncio.sleep(3)
            floor = await _round_trip(built) + await _commit(built)
            waits = await _alarms(built, devices)
            await flood
    waits.sort()
    p50, p99 = statistics.median(waits) * 1000, waits[int(len(waits) * 0.99)] * 1000
    yield Figure("latency", "receipt_p99", p99, "ms", None, P99_MS, p99 <= P99_MS)
    holds = p50 <= TIMES_FLOOR * floor * 1000
    yield Figure("latency", "receipt_p50", p50, "ms", floor * 1000, TIMES_FLOOR, holds)
    yield Figure("latency", "receipt_p50_over_idle_floor", p50, "ms", idle * 1000)


async def _round_trip(built: Stage) -> float:
    """Return the median of publish → own subscription, without anybody between."""
    async with Link(built.mqtt_url, "bench-floor") as link:
        await link.subscribe(["bench/floor"])
        times = []
        for _ in range(200):
            began = time.perf_counter()
            link.send("bench/floor", b"x" * 100)
            link.acknowledge(await link.take(1))
            times.append(time.perf_counter() - began)
    return statistics.median(times)


async def _commit(built: Stage) -> float:
    conn = await asyncpg.connect(built.bare_dsn)
    try:
        await conn.execute("CREATE TABLE IF NOT EXISTS floor (id uuid PRIMARY KEY, at timestamptz)")
        times = []
        for _ in range(200):
            began = time.perf_counter()
            await conn.execute("INSERT INTO floor VALUES ($1, $2)", uuid4(), datetime.now(UTC))
            times.append(time.perf_counter() - began)
    finally:
        await conn.close()
    return statistics.median(times)


async def _alarms(built: Stage, devices: list[UUID]) -> list[float]:
    """Press a button every 50 ms; return how long each receipt took."""
    sent: dict[str, float] = {}
    waits: list[float] = []
    total = SECONDS * A_SECOND
    async with Link(built.mqtt_url, "bench-devices") as link:
        await link.subscribe(["yl/v1/+/receipt"])
        listening = asyncio.create_task(_listen(link, sent, waits, total))
        for nth in range(total):
            body = {"id": str(uuid4()), "at": datetime.now(UTC).isoformat(), "type": "sos"}
            sent[body["id"]] = time.perf_counter()
            link.send(f"yl/v1/{devices[nth % len(devices)]}/alarm", json.dumps(body).encode())
            await asyncio.sleep(1 / A_SECOND)
        async with asyncio.timeout(30):
            await listening
    return waits


async def _listen(link: Link, sent: dict[str, float], waits: list[float], total: int) -> None:
    while len(waits) < total:
        messages = await link.take(100)
        now = time.perf_counter()
        for one in messages:
            waits.append(now - sent[json.loads(one.payload)["id"]])  # noqa: PERF401 - clearer
        link.acknowledge(messages)
