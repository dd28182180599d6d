"""The broker of tests: the embedded one, or Mosquitto when YINLING_TEST_MQTT=mosquitto."""

import asyncio
import contextlib
import secrets
from dataclasses import dataclass, field

import aiomqtt

from core.crypto import Keys
from deploy.embedded import broker as embedded
from deploy.embedded.postgres import HOST, free_port

SERVICE = "gateway"


@dataclass
class EmbeddedBroker:
    """The embedded broker in this process, on a test's database."""

    dsn: str
    keys: Keys
    password: str = field(default_factory=lambda: secrets.token_hex(8))
    port: int = field(default_factory=free_port)
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _task: asyncio.Task[None] | None = None

    @property
    def gateway_url(self) -> str:
        """Return the URL with the gateway's own credentials."""
        return f"mqtt://{SERVICE}:{self.password}@{HOST}:{self.port}"

    def client(self, username: str, password: str, **given: object) -> aiomqtt.Client:
        """Return a client of a device; its client id is its user name."""
        more = {"identifier": username, "timeout": 5} | given
        return aiomqtt.Client(HOST, self.port, username=username, password=password, **more)  # type: ignore[arg-type]

    async def start(self) -> None:
        """Start, or start again after stop (sessions and retained messages are gone then)."""
        self._stop = asyncio.Event()
        place = embedded.Place(HOST, self.port, {SERVICE: self.password})
        self._task = asyncio.create_task(embedded.run(self.dsn, self.keys, place, self._stop))
        async with asyncio.timeout(10):
            await self._answer(self._task)

    async def _answer(self, task: asyncio.Task[None]) -> None:
        while not task.done():
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection(HOST, self.port)
                writer.close()
                await writer.wait_closed()
                return
            await asyncio.sleep(0.01)
        task.result()

    async def stop(self) -> None:
        """Stop; every connection ends."""
        self._stop.set()
        if self._task is not None:
            await self._task
            self._task = None
