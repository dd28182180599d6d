"""What benches stand on: Mosquitto, PostgreSQL as in production (synchronous commits), a gateway process."""

import asyncio
import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import asyncpg

from core.crypto import Keys
from core.db import Pool
from core.errors import Failure
from deploy import bootstrap
from deploy.embedded.postgres import HOST, EmbeddedPostgres, free_port
from deploy.migrate import migrate
from devices import care_beds
from devices.mqtt import Link
from tests.databases import Server
from tests.makers import make_district, make_elder
from tests.waiting import until_true

ROOT = Path(__file__).parent.parent.parent
REFERENCE = Path(__file__).parent / "reference"
DATABASE, BARE = "yinling", "bench"
_ARE_READY = "SELECT count(*) FILTER (WHERE ready) >= $1 FROM role_heartbeat WHERE role = 'gateway'"


@dataclass
class Stage:
    """Everything that runs."""

    folder: Path
    server: Server
    mqtt_port: int
    keys: Keys

    @property
    def mqtt_url(self) -> str:
        return f"mqtt://gateway:none@{HOST}:{self.mqtt_port}"

    def dsn(self, role: str) -> str:
        return self.server.dsn(role, DATABASE)

    @property
    def bare_dsn(self) -> str:
        """The reference's own database, as the superuser."""
        return bootstrap.with_database(self.server.superuser, BARE)

    def environment(self) -> dict[str, str]:
        """Return the settings of a gateway."""
        return dict(os.environ) | {
            "YINLING_HOME": str(self.folder),
            "YINLING_DATABASE_URL": self.dsn(bootstrap.GATEWAY),
            "YINLING_MQTT_URL": self.mqtt_url,
            "YINLING_LOG_LEVEL": "warning",
        }


def mosquitto() -> str:
    """Find Mosquitto, or say what to do."""
    found = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")
    if found is None:
        raise Failure("benches run on Mosquitto and there is none: install the package `mosquitto`")
    return found


@asynccontextmanager
async def _broker(folder: Path) -> AsyncIterator[int]:
    port = free_port()
    text = (REFERENCE / "mosquitto.conf").read_text(encoding="utf-8").replace("1883", str(port))
    (folder / "mosquitto.conf").write_text(text, encoding="utf-8")
    process = subprocess.Popen([mosquitto(), "-c", folder / "mosquitto.conf"])  # noqa: ASYNC220 - it returns at once
    try:
        await _listening(port)
        yield port
    finally:
        process.terminate()
        process.wait(10)


async def _listening(port: int) -> None:
    async with asyncio.timeout(10):
        while True:
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection(HOST, port)
                writer.close()
                return
            await asyncio.sleep(0.02)


@asynccontextmanager
async def _postgres(folder: Path) -> AsyncIterator[str]:
    """Start a server, or use the one of the TimescaleDB lane."""
    outside = os.environ.get("YINLING_TEST_POSTGRES_URL")
    if outside:
        yield outside
        return
    async with EmbeddedPostgres(folder / "postgres", password=secrets.token_hex(12)) as postgres:
        yield postgres.dsn()


@asynccontextmanager
async def build() -> AsyncIterator[Stage]:
    """Start broker and database; migrate."""
    with tempfile.TemporaryDirectory(prefix="yinling-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        async with _postgres(folder) as superuser, _broker(folder) as port:
            server = Server(superuser, {role: secrets.token_hex(12) for role in bootstrap.ROLES})
            await bootstrap.bootstrap(server.superuser, server.passwords, DATABASE)
            await server.run(f"CREATE DATABASE {BARE}")
            await migrate(server.dsn(bootstrap.OWNER, DATABASE))
            keys = Keys.load_or_create(folder / "keys.json")
            yield Stage(folder, server, port, keys)


_MAT = """
INSERT INTO device (id, district_id, care_bed_id, thing_model, name, room, created_at)
VALUES ($1, $2, $3, 'care_bed_v1', 'mat', 'bedroom', $4)
"""
_TOPIC = "yl/v1/00000000-0000-7000-8{device}0000000/telemetry"
"""The publisher's names are bed-00000 …: in this place they make a device's id, its only name."""


async def settle(stage: Stage, count: int) -> tuple[UUID, list[UUID]]:
    """Make beds, each with the mat that the publisher calls bed-00000 …; return district and devices."""
    pool = await Pool.open(stage.dsn(bootstrap.OWNER))
    try:
        district = await make_district(pool)
        now, devices = datetime.now(UTC), []
        async with pool.transaction(district) as conn:
            elder = await make_elder(conn, stage.keys, district)
            home = await conn.fetchval("SELECT home_id FROM elder WHERE id = $1", elder)
            for nth in range(count):
                bed = await care_beds.create(
                    conn, district=district, elder=elder, home=home, label="bed", enrolled_on=date(2026, 1, 1)
                )
                device = UUID(_TOPIC.format(device=f"bed-{nth:05d}").split("/")[2])
                await conn.execute(_MAT, device, district, bed, now)
                devices.append(device)
        return district, devices
    finally:
        await pool.close()


_MANY_BEDS = """
INSERT INTO care_bed (id, district_id, elder_id, home_id, label, enrolled_on)
SELECT gen_random_uuid(), $1, $2, $3, 'bed ' || nth, '2026-01-01' FROM generate_series(1, $4::int) AS nth
"""
_MANY_MATS = """
INSERT INTO device (id, district_id, care_bed_id, thing_model, name, room, address, created_at)
SELECT gen_random_uuid(), district_id, id, 'care_bed_v1', 'mat', 'bedroom', 'mat ' || row_number() OVER (), $2
FROM care_bed WHERE district_id = $1 AND label LIKE 'bed %'
"""


async def settle_many(stage: Stage, count: int) -> UUID:
    """Make very many beds, each with a mat, in two statements; return their district."""
    pool = await Pool.open(stage.dsn(bootstrap.OWNER), size=1)
    try:
        district = await make_district(pool)
        async with pool.transaction(district) as conn:
            elder = await make_elder(conn, stage.keys, district)
            home = await conn.fetchval("SELECT home_id FROM elder WHERE id = $1", elder)
            await conn.execute(_MANY_BEDS, district, elder, home, count)
            await conn.execute(_MANY_MATS, district, datetime.now(UTC))
        return district
    finally:
        await pool.close()


@asynccontextmanager
async def process(*command: str, env: dict[str, str] | None = None) -> AsyncIterator[subprocess.Popen[bytes]]:
    """Run a program until the block ends."""
    child = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=env)  # noqa: ASYNC220 - it returns at once
    try:
        yield child
    finally:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


@asynccontextmanager
async def gateway(stage: Stage) -> AsyncIterator[subprocess.Popen[bytes]]:
    """Run one gateway process until the block ends; it is ready when the block begins."""
    async with process("-m", "gateway", env=stage.environment()) as child:
        await ready(stage)
        yield child
    await gone(stage)


async def ready(stage: Stage, count: int = 1) -> None:
    """Wait until so many gateways are ready."""
    conn = await asyncpg.connect(stage.dsn(bootstrap.GATEWAY))
    try:
        await until_true(lambda: conn.fetchval(_ARE_READY, count), seconds=60)
    finally:
        await conn.close()


async def gone(stage: Stage) -> None:
    """Forget that gateways were ready: the next must say so itself."""
    conn = await asyncpg.connect(stage.dsn(bootstrap.GATEWAY))
    await conn.execute("DELETE FROM role_heartbeat")
    await conn.close()


async def forget(stage: Stage, *client_ids: str) -> None:
    """End persistent sessions, so that nobody is given what was published for another."""
    for client_id in client_ids:
        async with Link(stage.mqtt_url, client_id):
            pass


async def publish(stage: Stage, count: int, *more: str) -> None:
    """Run the reference's publisher to its end."""
    command = (
        str(REFERENCE / "publish.py"),
        str(count),
        "--port",
        str(stage.mqtt_port),
        "--topic",
        _TOPIC,
        *more,
    )
    child = await asyncio.create_subprocess_exec(sys.executable, *command, stdout=subprocess.DEVNULL)
    if await child.wait():
        raise Failure("the publisher failed")


async def until(dsn: str, query: str, count: int, patience: float = 300) -> float:
    """Wait until a count is reached; return the moment."""
    conn = await asyncpg.connect(dsn)
    try:
        async with asyncio.timeout(patience):
            while (await conn.fetchval(query)) < count:  # noqa: ASYNC110 - rows, not an event
                await asyncio.sleep(0.1)
        return time.monotonic()
    finally:
        await conn.close()
