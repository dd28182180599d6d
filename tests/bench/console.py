"""Publish → the console's event of an SOS through the whole chain, with telemetry in the background."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID, uuid4

import httpx

from core.db import Pool
from deploy import bootstrap
from deploy.embedded.postgres import HOST, free_port
from devices.mqtt import Link
from tests.bench import stage
from tests.bench.figures import Figure
from tests.bench.latency import A_SECOND, BACKGROUND, DEVICES, SECONDS
from tests.bench.sse import listening
from tests.bench.stage import Stage
from tests.makers import PASSWORD, make_person

P99_MS = 400.0


@dataclass
class Seen:
    """When each message was sent, each receipt came, and each event was heard."""

    sent: dict[str, float] = field(default_factory=dict)
    alarms: dict[str, str] = field(default_factory=dict)
    heard: dict[str, float] = field(default_factory=dict)
    cases: list[float] = field(default_factory=list)


async def run() -> AsyncIterator[Figure]:
    """Measure."""
    seen, total = Seen(), SECONDS * A_SECOND
    async with stage.build() as built, AsyncExitStack() as stack:
        district, devices = await stage.settle(built, DEVICES)
        await stack.enter_async_context(stage.gateway(built))
        env = {**built.environment(), "YINLING_DATABASE_URL": built.dsn(bootstrap.WORKER)}
        await stack.enter_async_context(stage.process("-m", "dispatch", env=env))
        port = free_port()
        web = {"YINLING_DATABASE_URL": built.dsn(bootstrap.WEB), "YINLING_HTTP_PORT": str(port)}
        await stack.enter_async_context(stage.process("-m", "dashboards", env={**env, **web}))
        await listening(port)
        client = await _login(stack, built, district, port)
        feed = asyncio.create_task(_hear(client, seen))
        count = BACKGROUND * (SECONDS + 4)
        flood = asyncio.create_task(stage.publish(built, count, "--rate", str(BACKGROUND)))
        await asyncio.sleep(3)
        await _press(built, devices, seen, total)
        async with asyncio.timeout(30):
            while len(seen.cases) < total:  # noqa: ASYNC110 - what comes is counted elsewhere
                await asyncio.sleep(0.05)
        await flood
        feed.cancel()
        await asyncio.gather(feed, return_exceptions=True)
    began = list(seen.sent.values())
    alarms = sorted(seen.heard[seen.alarms[one]] - seen.sent[one] for one in seen.sent)
    cases = sorted(at - sent for at, sent in zip(seen.cases, began, strict=False))
    for name, waits in (("console_alarm", alarms), ("console_case", cases)):
        p50, p99 = waits[len(waits) // 2] * 1000, waits[int(len(waits) * 0.99)] * 1000
        yield Figure("latency", f"{name}_p50", p50, "ms")
        yield Figure("latency", f"{name}_p99", p99, "ms", None, P99_MS, p99 <= P99_MS)


async def _login(stack: AsyncExitStack, built: Stage, district: UUID, port: int) -> httpx.AsyncClient:
    pool = await Pool.open(built.dsn(bootstrap.WEB), size=1)
    async with pool.transaction(district) as conn:
        operator = await make_person(conn, district)
    await pool.close()
    client = await stack.enter_async_context(httpx.AsyncClient(base_url=f"http://{HOST}:{port}", timeout=60))
    given = {"login": operator.name, "password": PASSWORD}
    token = (await client.post("/api/v1/session", json=given)).json()["token"]
    client.headers["Authorization"] = f"Bearer {token}"
    return client


async def _hear(client: httpx.AsyncClient, seen: Seen) -> None:
    async with client.stream("GET", "/api/v1/events") as stream:
        async for line in stream.aiter_lines():
            if not line.startswith("data: "):
                continue
            now, data = time.perf_counter(), json.loads(line[6:])
            if data["kind"] == "alarm.raised":
                seen.heard[data["id"]] = now
            elif data["kind"] in ("case.opened", "case.joined"):
                seen.cases.append(now)


async def _press(built: Stage, devices: list[UUID], seen: Seen, total: int) -> None:
    async with Link(built.mqtt_url, "bench-console") as link:
        await link.subscribe(["yl/v1/+/receipt"])
        receipts = asyncio.create_task(_receipts(link, seen, total))
        for nth in range(total):
            body = {"id": str(uuid4()), "at": datetime.now(UTC).isoformat(), "type": "sos"}
            seen.sent[body["id"]] = time.perf_counter()
            link.send(f"yl/v1/{devices[nth % len(devices)]}/alarm", json.dumps(body).encode())
            await asyncio.sleep(1 / A_SECOND)
        async with asyncio.timeout(30):
            await receipts


async def _receipts(link: Link, seen: Seen, total: int) -> None:
    while len(seen.alarms) < total:
        messages = await link.take(100)
        for one in messages:
            receipt = json.loads(one.payload)
            seen.alarms[receipt["id"]] = receipt["alarm_id"]
        link.acknowledge(messages)
