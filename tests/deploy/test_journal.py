"""What the embedded broker has acknowledged outlives it."""

import asyncio
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aiomqtt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.crypto import Keys
from core.db import Pool
from deploy.embedded.mqtt.journal import Journal
from deploy.embedded.mqtt.packets import Publish
from deploy.embedded.postgres import HOST, free_port, is_free
from deploy.home import SERVICE, Home
from devices import registry
from devices.mqtt import Link
from tests import makers
from tests.databases import Database
from tests.waiting import until

ROOT = Path(__file__).parents[2]


def test_a_journal_gives_back_what_is_owed_in_order(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    first = Journal(path)
    first.listens("gateway-alarm", {"yl/v1/+/alarm": 1})
    numbers = [first.owe("gateway-alarm", Publish(f"t/{nth}", b"x" * nth, 1)) for nth in range(5)]
    first.done("gateway-alarm", numbers[1])
    first.owe("gone", Publish("t", b"", 1))
    first.gone("gone")
    second = Journal(path)
    assert list(second.sessions) == ["gateway-alarm"]
    owed = second.sessions["gateway-alarm"]
    assert owed.filters == {"yl/v1/+/alarm": 1}
    assert [one.topic for one in owed.messages.values()] == ["t/0", "t/2", "t/3", "t/4"]
    assert second.owe("gateway-alarm", Publish("t", b"", 1)) > max(numbers)


@given(cut=st.integers(0, 400))
def test_a_record_that_the_kill_cut_off_is_left_out(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    path = tmp_path_factory.mktemp("journal") / "journal"
    first = Journal(path)
    for nth in range(6):
        first.owe("g", Publish("topic/é", bytes(nth), 1))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) - min(cut, len(data))])
    found = Journal(path).sessions.get("g")
    sizes = [len(one.payload) for one in found.messages.values()] if found else []
    assert sizes == list(range(len(sizes)))


def test_a_journal_of_nothing_owed_does_not_grow_for_ever(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    for _ in range(3):
        number = journal.owe("g", Publish("t", bytes(600_000), 1))
        journal.done("g", number)
    assert (tmp_path / "journal").stat().st_size < 1_000_000
    journal.close()


def test_a_full_disk_leaves_no_half_record(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    journal.owe("g", Publish("t", b"kept", 1))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
        with pytest.raises(OSError, match="File too large"):
            journal.owe("g", Publish("t", bytes(1000), 1))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    journal.owe("g", Publish("t", b"kept too", 1))
    found = Journal(tmp_path / "journal").sessions["g"].messages.values()
    assert [one.payload for one in found] == [b"kept", b"kept too"]


@contextmanager
def _killed_after(command: list[str], env: dict[str, str]) -> Iterator[None]:
    """Run a program, and kill -9 it when the block ends."""
    process = subprocess.Popen(command, env=env)
    try:
        yield
    finally:
        process.kill()
        process.wait(5)


async def _collected(url: str, count: int) -> list[int]:
    found: list[int] = []
    async with asyncio.timeout(10), Link(url, "gateway-telemetry", clean=False) as link:
        while len(found) < count:
            messages = await link.take(100)
            found += [json.loads(one.payload) for one in messages]
            link.acknowledge(messages)
    return found


async def test_telemetry_that_a_killed_broker_acknowledged_reaches_the_gateway(
    database: Database, pool_owner: Pool, tmp_path: Path
) -> None:
    home, port = Home(tmp_path), free_port()
    home.create()
    Keys.load_or_create(tmp_path / "keys.json")
    district = await makers.make_district(pool_owner)
    async with pool_owner.transaction(district) as conn:
        made = await registry.add(conn, district=district, thing_model="care_bed_v1", now=makers.NOW)
    url = f"mqtt://{SERVICE}:{home.secret(f'mqtt_{SERVICE}')}@{HOST}:{port}"
    env = {**os.environ, "YINLING_HOME": str(tmp_path), "YINLING_DATABASE_URL": database.gateway}
    command = [sys.executable, "-P", "-m", "deploy.embedded", str(port)]
    with _killed_after(command, {**env, "PYTHONPATH": str(ROOT)}):
        await until(lambda: not is_free(port))
        async with Link(url, "gateway-telemetry", clean=False) as link:
            await link.subscribe(["yl/v1/+/telemetry"])
        device = aiomqtt.Client(HOST, port, username=str(made.username), password=str(made.password))
        async with device as client:
            for nth in range(50):
                await client.publish(f"yl/v1/{made.device_id}/telemetry", json.dumps(nth), qos=1)
    with _killed_after(command, {**env, "PYTHONPATH": str(ROOT)}):
        await until(lambda: not is_free(port))
        assert await _collected(url, 50) == list(range(50))
