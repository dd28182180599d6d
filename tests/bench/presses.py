"""SOS presses of native devices: how long each waits for its receipt."""

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid4

from devices.mqtt import Link

PATIENCE_S = 60


async def press(
    mqtt_url: str, devices: Sequence[UUID], is_enough: Callable[[int], bool], pause_s: float
) -> list[float]:
    """Press a button every `pause_s` until that is enough; return how long each receipt took."""
    sent: dict[str, float] = {}
    waits: list[float] = []
    async with Link(mqtt_url, "bench-devices") as link:
        await link.subscribe(["yl/v1/+/receipt"])
        listening = asyncio.create_task(_listen(link, sent, waits))
        nth = 0
        while not is_enough(nth):
            body = {"id": str(uuid4()), "at": datetime.now(UTC).isoformat(), "type": "sos"}
            sent[body["id"]] = time.perf_counter()
            link.send(f"yl/v1/{devices[nth % len(devices)]}/alarm", json.dumps(body).encode())
            nth += 1
            await asyncio.sleep(pause_s)
        async with asyncio.timeout(PATIENCE_S):
            while len(waits) < nth:  # noqa: ASYNC110 - what comes is counted elsewhere
                await asyncio.sleep(0.02)
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
    return sorted(waits)


async def _listen(link: Link, sent: dict[str, float], waits: list[float]) -> None:
    while True:
        messages = await link.take(100)
        now = time.perf_counter()
        for one in messages:
            waits.append(now - sent[json.loads(one.payload)["id"]])  # noqa: PERF401 - clearer
        link.acknowledge(messages)


def p(waits: Sequence[float], share: float) -> float:
    """Return a percentile of sorted waits, in milliseconds."""
    return waits[min(len(waits) - 1, int(len(waits) * share))] * 1000
