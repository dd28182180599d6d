"""The alarms' lane is a process of its own: it comes back when it dies, and never outlives its parent."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gateway import alarm_process
from tests.databases import Database
from tests.gateway.worlds import Device, World
from tests.waiting import until, until_true


@asynccontextmanager
async def a_gateway(
    folder: Path, database: Database, broker: Any
) -> AsyncIterator[asyncio.subprocess.Process]:
    env = dict(os.environ) | {
        "YINLING_HOME": str(folder),
        "YINLING_DATABASE_URL": database.gateway,
        "YINLING_MQTT_URL": broker.gateway_url,
    }
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gateway", env=env, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        yield child
    finally:
        if child.returncode is None:
            child.terminate()
            await child.wait()


def child_of(pid: int) -> int | None:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
    return int(found[0]) if found else None


def lives(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


async def is_ready(world: World) -> bool:
    rows = await world.rows(
        "SELECT ready FROM role_heartbeat WHERE role = 'gateway' ORDER BY at DESC LIMIT 1"
    )
    return bool(rows and rows[0]["ready"])


async def test_an_alarm_finds_its_process_again_after_a_kill_and_that_process_goes_with_its_parent(
    tmp_path: Path, database: Database, broker: Any, world: World, mat: Device
) -> None:
    async with a_gateway(tmp_path, database, broker) as parent:
        await until_true(lambda: is_ready(world), seconds=20)
        first = child_of(parent.pid)
        assert first is not None
        os.kill(first, signal.SIGKILL)
        topic, said = mat.alarms(at=datetime.now(UTC))
        async with broker.client(mat.username, mat.password) as client, asyncio.timeout(20):
            await client.subscribe(mat.topic("receipt"), qos=1)
            await client.publish(topic, json.dumps(said), qos=1)
            receipt = await anext(client.messages)
        assert json.loads(receipt.payload)["result"] in {"accepted", "duplicate"}
        second = child_of(parent.pid)
        assert second not in {None, first}
        parent.kill()
        await parent.wait()
        await until_true(lambda: _gone(second), seconds=10)


async def _gone(pid: int | None) -> bool:
    return pid is None or not lives(pid)


def _lanes() -> list[int]:
    me = os.getpid()
    pids = Path(f"/proc/{me}/task/{me}/children").read_text(encoding="utf-8").split()
    return [int(pid) for pid in pids if b"gateway.alarm_process" in Path(f"/proc/{pid}/cmdline").read_bytes()]


@pytest.mark.usefixtures("world")
async def test_an_alarm_process_that_hangs_is_replaced(
    tmp_path: Path, database: Database, broker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YINLING_HOME", str(tmp_path))
    monkeypatch.setenv("YINLING_DATABASE_URL", database.gateway)
    monkeypatch.setenv("YINLING_MQTT_URL", broker.gateway_url)
    monkeypatch.setattr(alarm_process, "_HUNG_S", 3.0)
    lane = alarm_process.AlarmProcess()
    running = asyncio.create_task(lane.run())
    try:
        await until(lambda: lane.is_subscribed, seconds=30)
        (first,) = _lanes()
        os.kill(first, signal.SIGSTOP)
        await until(lambda: not lane.is_subscribed, seconds=20)
        await until(lambda: lane.is_subscribed, seconds=30)
        assert first not in _lanes()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
