"""The web role: uvicorn inside our own loop, stopped by the same event as the streams."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from fastapi import FastAPI
from prometheus_client import start_http_server

from core import heartbeats, log
from core.crypto import Keys
from core.db import Pool
from core.errors import Failure
from core.settings import Settings
from core.sql import load
from dashboards.app import create, live, utc_now
from dashboards.problems import AWAY

SQL = load(__file__)
ROLE = "web"
GRACE = 2
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Server(uvicorn.Server):
    """uvicorn that leaves the signals to the process: our `stop` decides."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take no signal."""
        yield


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Serve until told to stop; raise Failure on a taken port, a dead database or missing keys."""
    dsn, keys = settings.require_database(), Keys.load(settings.keys_path)
    pool = await Pool.open(dsn, size=settings.pool_size, name=f"yinling {ROLE}")
    try:
        await _refuse_demo(pool, settings)
        app = create(settings, pool, keys)
        await _serve(app, settings, dsn, stop)
    finally:
        await pool.close()


async def _serve(app: FastAPI, settings: Settings, dsn: str, stop: asyncio.Event) -> None:
    server = Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            lifespan="off",
            proxy_headers=settings.public_url is not None,
            timeout_graceful_shutdown=GRACE,
        )
    )
    with _bind(settings) as listener, _metrics(app, settings):
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(live(app, dsn, stop))
            tasks.create_task(_beat(app.state.pool, stop))
            tasks.create_task(_end(server, stop))
            await server.serve(sockets=[listener])
            stop.set()


async def _end(server: Server, stop: asyncio.Event) -> None:
    await stop.wait()
    server.should_exit = True


async def _beat(pool: Pool, stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            await heartbeats.beat(pool, ROLE, utc_now())
        except AWAY as error:
            log.get().warning("web.no_beat", error=type(error).__name__)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(heartbeats.EVERY):
                await stop.wait()
    with contextlib.suppress(*AWAY):
        await heartbeats.leave(pool, ROLE)


def _bind(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.http_host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.http_host, settings.http_port))
    except OSError as error:
        listener.close()
        place = f"{settings.http_host}:{settings.http_port}"
        raise Failure(f"web cannot listen on {place}: {error.strerror}") from error
    return listener


@contextlib.contextmanager
def _metrics(app: FastAPI, settings: Settings) -> Iterator[None]:
    if not settings.metrics_port:
        yield
        return
    try:
        server, thread = start_http_server(
            settings.metrics_port, addr=LOOPBACK[0], registry=app.state.meters.registry
        )
    except OSError as error:
        raise Failure(f"metrics cannot listen on port {settings.metrics_port}: {error.strerror}") from error
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


async def _refuse_demo(pool: Pool, settings: Settings) -> None:
    if settings.http_host in LOOPBACK:
        return
    async with pool.transaction() as conn:
        if await conn.fetchval(SQL.has_demo):
            raise Failure(
                f"a demo district is loaded: web listens on loopback only, not on {settings.http_host}"
            )
