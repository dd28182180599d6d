"""The pretended Twilio in a test: a real server on loopback, a clock that the test pushes."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
import uvicorn

from deploy.pretend import server
from deploy.pretend.exchange import Exchange
from tests.makers import NOW
from tests.waiting import until

PUBLIC = "https://yinling.test"
"""The public address of the web app under test; whatever is asked there goes to the app itself."""


@dataclass
class Pushed:
    """A clock that stands still until a test pushes it; the web app and the server can share it."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def push(self, **by: float) -> datetime:
        """Let time go by (`seconds=…`, `minutes=…`)."""
        self.now += timedelta(**by)
        return self.now


@dataclass
class Pretended:
    """A running server: its address for an adapter, its exchange for the test."""

    address: str
    exchange: Exchange
    clock: Pushed

    async def until(self, at: datetime) -> None:
        """Live through everything up to an instant, second by second for who reads the clock."""
        while self.clock.now < at:
            self.clock.now = min(self.clock.now + timedelta(seconds=1), at)
            await self.exchange.advance(self.clock.now)

    async def go(self, seconds: float) -> None:
        """Live through so many seconds."""
        await self.until(self.clock.now + timedelta(seconds=seconds))


@contextlib.asynccontextmanager
async def pretending(app: Callable[..., Any] | None, clock: Pushed) -> AsyncIterator[Pretended]:
    """Run the server for a test; its webhooks go straight into `app`, whatever host they name."""
    transport = httpx.ASGITransport(app) if app is not None else None
    async with httpx.AsyncClient(transport=transport, trust_env=False) as client:
        made = server.app(clock, client=client)
        async with listening(made) as address:
            exchange: Exchange = made.state.exchange
            exchange.live_at(address)
            try:
                yield Pretended(address, exchange, clock)
            finally:
                await exchange.timeline.close()


@contextlib.asynccontextmanager
async def listening(app: Callable[..., Any]) -> AsyncIterator[str]:
    """Serve an app on a free port of loopback; yield its address."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    running = uvicorn.Server(
        uvicorn.Config(app, log_config=None, lifespan="off", timeout_graceful_shutdown=1)
    )
    task = asyncio.create_task(running._serve(sockets=[listener]))  # noqa: SLF001 - without its signal handlers
    try:
        await until(lambda: running.started)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        running.should_exit = True
        await task
        listener.close()
