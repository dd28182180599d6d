"""1,000 consoles at one change a second: from before the commit until the rendered row is at the client."""

import asyncio
import os
import secrets
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from core import accounts, events
from core.crypto import Keys
from core.db import Pool
from core.settings import Settings
from deploy import bootstrap
from deploy.embedded.postgres import HOST, EmbeddedPostgres, free_port
from deploy.migrate import migrate
from tests.bench.figures import Figure
from tests.bench.stage import DATABASE, process
from tests.databases import Server
from tests.dispatch.worlds import World, make_case, make_operator, make_world
from tests.makers import PASSWORD

CLIENTS = int(os.environ.get("BENCH_CLIENTS", "1000"))
SECONDS = int(os.environ.get("BENCH_SECONDS", "20"))
P99_MS, CPU_PERCENT = 250.0, 15.0


@dataclass
class Told:
    """When the change under way was written, and when each client had its row."""

    began: float = 0.0
    waits: list[float] = field(default_factory=list)


class Console(asyncio.Protocol):
    """One open page: it reads bytes and looks for the event of the console."""

    def __init__(self, told: Told, request: bytes) -> None:
        self.told = told
        self.request = request

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the stream."""
        assert isinstance(transport, asyncio.Transport)
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        """Note the time of a row."""
        if b"event: console" in data:
            self.told.waits.append(time.perf_counter() - self.told.began)


async def run() -> AsyncIterator[Figure]:
    """Measure."""
    async with _web() as (world, port, child):
        operator = await make_operator(world)
        now = datetime.now(UTC)
        token, _ = await accounts.login(world.web, operator.name, PASSWORD, "bench", now, Settings.load())
        case, told = await make_case(world, at=now), Told()
        lines = ("GET /live?topic=console HTTP/1.1", f"Host: {HOST}:{port}", f"Authorization: Bearer {token}")
        head = "\r\n".join((*lines, "", ""))
        for _ in range(CLIENTS):
            loop = asyncio.get_running_loop()
            await loop.create_connection(lambda: Console(told, head.encode()), HOST, port)
        await asyncio.sleep(3)
        told.waits.clear()
        began, cpu = time.perf_counter(), _cpu(child)
        for _ in range(SECONDS):
            told.began = time.perf_counter()
            await _tell(world, case)
            await asyncio.sleep(max(0.0, told.began + 1 - time.perf_counter()))
        percent = (_cpu(child) - cpu) / (time.perf_counter() - began) * 100
    waits = sorted(told.waits)
    delivered = len(waits) / (CLIENTS * SECONDS)
    p99 = waits[int(len(waits) * 0.99)] * 1000
    yield Figure("sse", "delivered", delivered, "share", None, 1.0, delivered == 1.0)
    yield Figure("sse", "row_p50", waits[len(waits) // 2] * 1000, "ms")
    yield Figure("sse", "row_p99", p99, "ms", None, P99_MS, p99 <= P99_MS)
    yield Figure("sse", "cpu", percent, "% of a core", None, CPU_PERCENT, percent <= CPU_PERCENT)


async def _tell(world: World, case: UUID) -> None:
    async with world.web.transaction(world.district) as conn:
        await events.write(
            conn,
            district=world.district,
            kind="case.noted",
            subject=case,
            roles=events.OPERATORS,
            at=datetime.now(UTC),
            case=case,
        )


def _cpu(pid: int) -> float:
    """Return the seconds of processor that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@asynccontextmanager
async def _web() -> AsyncIterator[tuple[World, int, int]]:
    with tempfile.TemporaryDirectory(prefix="yinling-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        async with EmbeddedPostgres(folder / "postgres", password=secrets.token_hex(12)) as postgres:
            server = Server(postgres.dsn(), {role: secrets.token_hex(12) for role in bootstrap.ROLES})
            await bootstrap.bootstrap(server.superuser, server.passwords, DATABASE)
            await migrate(server.dsn(bootstrap.OWNER, DATABASE))
            keys = Keys.load_or_create(folder / "keys.json")
            pools = [await Pool.open(server.dsn(role, DATABASE), size=2) for role in bootstrap.ROLES]
            owner, gateway, worker, web = pools
            world, port = await make_world(owner, web, worker, gateway, keys), free_port()
            env = dict(os.environ) | {
                "YINLING_HOME": str(folder),
                "YINLING_DATABASE_URL": server.dsn(bootstrap.WEB, DATABASE),
                "YINLING_HTTP_PORT": str(port),
                "YINLING_LOG_LEVEL": "warning",
            }
            async with process("-m", "dashboards", env=env) as child:
                await listening(port)
                yield world, port, child.pid
            for pool in pools:
                await pool.close()


async def listening(port: int) -> None:
    """Wait until a web process answers on a port."""
    async with asyncio.timeout(30):
        while True:
            try:
                _, writer = await asyncio.open_connection(HOST, port)
            except OSError:
                await asyncio.sleep(0.05)
                continue
            writer.close()
            return
