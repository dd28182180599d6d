"""The broker of tests: the embedded one, or Mosquitto when YINLING_TEST_MQTT=mosquitto."""

import asyncio
import contextlib
import getpass
import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import aiomqtt
import pytest
from aiomqtt.exceptions import MqttConnectError

from core.crypto import Keys
from deploy.embedded import broker as embedded
from deploy.embedded import child
from deploy.embedded.postgres import HOST, free_port, is_free
from deploy.mosquitto import files, sync

SERVICE = "gateway"
IS_MOSQUITTO = os.environ.get("YINLING_TEST_MQTT") == "mosquitto"
embedded_only = pytest.mark.skipif(IS_MOSQUITTO, reason="Mosquitto refuses, but tells only its own debug log")


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

    @property
    def device_url(self) -> str:
        """Return where devices knock, without anybody's credentials."""
        return f"mqtt://{HOST}:{self.port}"

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


class PatientClient(aiomqtt.Client):
    """A device that tries again while Mosquitto has not read its password yet."""

    async def __aenter__(self) -> Self:
        for _ in range(30):
            with contextlib.suppress(MqttConnectError):
                return await super().__aenter__()
            await asyncio.sleep(0.1)
        return await super().__aenter__()


@dataclass
class MosquittoBroker:
    """A real Mosquitto with the configuration of deploy/mosquitto, its files kept equal to the registry."""

    dsn: str
    folder: Path
    password: str = field(default_factory=lambda: secrets.token_hex(8))
    port: int = field(default_factory=free_port)
    service_port: int = field(default_factory=free_port)
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _sync: asyncio.Task[None] | None = None
    _process: subprocess.Popen[bytes] | None = None

    @property
    def gateway_url(self) -> str:
        """Return the URL with the gateway's own credentials, on the listener of services."""
        return f"mqtt://{SERVICE}:{self.password}@{HOST}:{self.service_port}"

    @property
    def device_url(self) -> str:
        """Return where devices knock, without anybody's credentials."""
        return f"mqtt://{HOST}:{self.port}"

    def client(self, username: str, password: str, **given: object) -> aiomqtt.Client:
        """Return a client of a device."""
        more = {"identifier": username, "timeout": 5} | given
        return PatientClient(HOST, self.port, username=username, password=password, **more)  # type: ignore[arg-type]

    async def start(self) -> None:
        """Start, or start again after stop."""
        program = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
        assert program, "mosquitto is not installed: apt install mosquitto"
        self._stop = asyncio.Event()
        services = {SERVICE: self.password}
        work = sync.run(
            self.dsn, self.folder, services, self._reload, self._stop, f"mqtt://{HOST}:{self.service_port}"
        )
        self._sync = asyncio.create_task(work)
        await self._until((self.folder / "passwords").exists)
        config = self.folder / "mosquitto.conf"
        config.write_text(files.local_config(self.folder, self.port, self.service_port, getpass.getuser()))
        with (self.folder / "mosquitto.log").open("ab") as log:
            self._process = child.start([program, "-c", str(config)], log=log)
        await self._until(self._is_listening)

    async def stop(self) -> None:
        """Stop both."""
        if self._process is not None:
            await child.stop(self._process, signal.SIGTERM, 5)
            self._process = None
        self._stop.set()
        if self._sync is not None:
            await self._sync

    def _reload(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGHUP)

    def _is_listening(self) -> bool:
        return not is_free(self.port) and not is_free(self.service_port)

    async def _until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not is_so():
                assert self._sync is not None
                if self._sync.done():
                    self._sync.result()
                await asyncio.sleep(0.02)
