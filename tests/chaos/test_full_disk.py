"""The database's disk is full: nothing is acknowledged, it is said, and with room again all is stored."""

import asyncio
import json
import secrets
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest

from core import heartbeats
from core.crypto import Keys
from core.db import Pool
from core.settings import Settings
from deploy import bootstrap, doctor
from deploy.embedded.postgres import EmbeddedPostgres
from deploy.migrate import migrate
from devices import care_beds
from tests.brokers import EmbeddedBroker
from tests.databases import Server
from tests.gateway.worlds import Device, RunningGateway, World, add_device
from tests.makers import make_district, make_elder, make_home
from tests.waiting import until_true

_SIZE = 260 * 1024 * 1024
_SMALL = {"max_wal_size": "48MB", "min_wal_size": "32MB", "checkpoint_timeout": "30s"}


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """Mount a file system of a quarter of a gigabyte."""
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs", folder], check=False, capture_output=True
    )
    if made.returncode:
        pytest.skip("needs a user who may mount a small file system")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def fill(disk: Path) -> Path:
    """Leave no room."""
    ballast, chunk = disk / "ballast", bytes(1024 * 1024)
    with ballast.open("wb") as file, suppress(OSError):
        while True:
            file.write(chunk)
            file.flush()
    return ballast


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[tuple[World, EmbeddedBroker, Server, Path]]:
    """Run a database of its own on a small disk, with a bed and a broker."""
    with small_disk(tmp_path / "disk") as disk:
        async with EmbeddedPostgres(
            disk / "postgres", password=secrets.token_hex(8), log=tmp_path / "postgres.log", tuning=_SMALL
        ) as postgres:
            server = Server(postgres.dsn(), {role: secrets.token_hex(8) for role in bootstrap.ROLES})
            await bootstrap.bootstrap(server.superuser, server.passwords, "yinling")
            await migrate(server.dsn(bootstrap.OWNER, "yinling"))
            owner = await Pool.open(server.dsn(bootstrap.OWNER, "yinling"), size=2)
            reader = await Pool.open(server.dsn(bootstrap.GATEWAY, "yinling"), size=2)
            world = await _world(owner, reader, Keys.generate())
            broker = EmbeddedBroker(server.dsn(bootstrap.GATEWAY, "yinling"), world.keys)
            await broker.start()
            try:
                yield world, broker, server, disk
            finally:
                await broker.stop()
                await owner.close()
                await reader.close()


async def _world(owner: Pool, reader: Pool, keys: Keys) -> World:
    district = await make_district(owner)
    async with owner.transaction(district) as conn:
        home = await make_home(conn, keys, district)
        elder = await make_elder(conn, keys, district, home)
        bed = await care_beds.create(
            conn, district=district, elder=elder, home=home, label="bed", enrolled_on=date(2026, 1, 1)
        )
    return World(owner, reader, keys, district, elder, bed, home)


async def test_a_full_disk_holds_everything_back_and_loses_nothing(
    place: tuple[World, EmbeddedBroker, Server, Path],
) -> None:
    world, broker, server, disk = place
    mat = await add_device(world, "care_bed_v1")
    gateway = RunningGateway(server.dsn(bootstrap.GATEWAY, "yinling"), broker.gateway_url, world)
    await gateway.start()
    try:
        async with broker.client(str(mat.username), str(mat.password)) as client:
            await client.subscribe(mat.topic("receipt"), qos=1)
            await _push(client, mat, 20)
            await until_true(lambda: _stored(world, 20), seconds=30)
            ballast = fill(disk)
            sent = 20 + await _push_until_stuck(client, mat, world)
            await _says_so(world, disk)
            topic, sos = mat.alarms("sos", at=datetime.now(UTC))
            await client.publish(topic, json.dumps(sos), qos=1)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(2):
                    await anext(aiter(client.messages))
            ballast.unlink()
            async with asyncio.timeout(60):
                receipt = json.loads((await anext(aiter(client.messages))).payload)
            assert (receipt["id"], receipt["result"]) == (sos["id"], "accepted")
            await until_true(lambda: _stored(world, sent), seconds=60)
    finally:
        await gateway.stop()


async def _push(client: object, mat: Device, count: int, size: int = 10) -> None:
    for _ in range(count):
        topic, said = mat.says(at=datetime.now(UTC), note="x" * size)
        await client.publish(topic, json.dumps(said), qos=1)  # type: ignore[attr-defined]


async def _stored(world: World, count: int) -> bool:
    with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        rows = await world.rows("SELECT count(*) FROM ingest.inbox")
        return bool(rows[0]["count"] == count)
    return False


async def _push_until_stuck(client: object, mat: Device, world: World) -> int:
    """Send large values until the database takes no more; return how many were sent."""
    sent, before = 0, -1
    while True:
        await _push(client, mat, 50, 4_000)
        sent += 50
        await asyncio.sleep(1)
        now = len(await world.rows("SELECT 1 FROM ingest.inbox"))
        if now == before:
            return sent
        before = now


async def _beat(world: World) -> None:
    for _ in range(10_000):
        detail = {"x": secrets.token_hex(2_000)}
        await heartbeats.beat(world.pool_gateway, "gateway", datetime.now(UTC), detail=detail)


async def _says_so(world: World, disk: Path) -> None:
    """No heartbeat can be written, so that readiness ends by itself; and doctor names the disk."""
    with pytest.raises(asyncpg.PostgresError, match="No space left"):
        await _beat(world)
    async with world.pool_gateway.transaction() as conn:
        ready = await heartbeats.ready(conn, datetime.now(UTC) + heartbeats.FRESH + timedelta(seconds=1))
    assert not ready["gateway"]
    findings = await doctor.examine(doctor.Patient(Settings.load(home=disk / "home"), None, None, "away"))
    found = {one.what: one for one in findings}
    assert not found["disk"].is_well
    assert "make room" in found["disk"].words
