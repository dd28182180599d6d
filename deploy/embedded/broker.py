"""The embedded broker: asks the registry who comes in, drops who is revoked, reports who oversteps."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

from core.crypto import Keys
from core.db import Pool
from core.errors import Failure
from deploy.embedded.mqtt.broker import Broker
from deploy.embedded.mqtt.journal import Journal
from deploy.embedded.mqtt.packets import Publish
from gateway import access
from gateway.access import User

PAYLOAD_LIMIT = 256 * 1024
_REPORTS = 1_000
_RETRY = 0.5
_log = logging.getLogger(__name__)


class Registry:
    """The door of the broker: services by password, devices by the registry."""

    def __init__(self, pool: Pool, keys: Keys, services: Mapping[str, str]) -> None:
        self._pool = pool
        self._keys = keys
        self._services = services
        self._reports: asyncio.Queue[tuple[User, Publish]] = asyncio.Queue(_REPORTS)

    async def log_in(self, name: str, password: str) -> User | None:
        """Let a service or a device in."""
        if name in self._services:
            return User(name) if self._services[name] == password else None
        try:
            async with self._pool.transaction() as conn:
                return await access.log_in(conn, name, password)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise Failure(f"the registry does not answer: {type(error).__name__}") from error

    def may_publish(self, user: User, topic: str) -> bool:
        """Ask the gateway's rules."""
        return access.may_publish(user, topic)

    def may_subscribe(self, user: User, wanted: str) -> bool:
        """Ask the gateway's rules."""
        return access.may_subscribe(user, wanted)

    def refused(self, user: User, message: Publish) -> None:
        """Keep a foreign message for the dead letters; a flood of them is only counted."""
        try:
            self._reports.put_nowait((user, message))
        except asyncio.QueueFull:
            _log.warning("too many foreign topics, one not reported")

    async def report(self) -> None:
        """Write what was refused, one by one; a dead database loses a report, not the broker."""
        while True:
            user, message = await self._reports.get()
            try:
                async with self._pool.transaction() as conn:
                    await access.report(
                        conn, self._keys, user, message.topic, message.payload, datetime.now(UTC)
                    )
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                _log.warning("foreign topic not reported: %s", type(error).__name__)
                await asyncio.sleep(_RETRY)
            finally:
                self._reports.task_done()

    async def drain(self) -> None:
        """Wait a moment until every report is written."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(2):
                await self._reports.join()

    async def revoked(self, user: User) -> bool:
        """Say whether a connected device's credential is gone."""
        async with self._pool.transaction() as conn:
            return user.device_id is not None and not await access.is_valid(conn, user.name)


async def listen(dsn: str, registry: Registry, broker: Broker) -> None:
    """Drop who is revoked, at once; after an outage, look at everyone who is connected."""
    while True:
        try:
            conn = await asyncpg.connect(dsn, server_settings={"application_name": "broker"})
            try:
                await _listen(conn, registry, broker)
            finally:
                conn.terminate()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            _log.warning("not listening for revoked credentials: %s", type(error).__name__)
        await asyncio.sleep(_RETRY)


async def _listen(conn: asyncpg.Connection, registry: Registry, broker: Broker) -> None:
    lost = asyncio.Event()
    conn.add_termination_listener(lambda *_: lost.set())
    await conn.add_listener("credential_revoked", lambda *heard: broker.expel(str(heard[3])))
    for connection in list(broker.connections.values()):
        if connection.user is not None and await registry.revoked(connection.user):
            broker.expel(connection.user.name)
    await lost.wait()


@dataclass(frozen=True)
class Place:
    """Where the broker listens, and who its services are."""

    host: str
    port: int
    services: Mapping[str, str]
    journal: Path | None = None
    """Where to keep what the services are owed; without it, it is forgotten with the process."""


async def run(dsn: str, keys: Keys, place: Place, stop: asyncio.Event) -> None:
    """Serve until told to stop."""
    pool = await Pool.open(dsn, size=4, name="broker")
    registry = Registry(pool, keys, place.services)
    journal = Journal(place.journal) if place.journal is not None else None
    broker = Broker(registry, limit=PAYLOAD_LIMIT, journal=journal)
    try:
        await broker.start(place.host, place.port)
    except OSError as error:
        await pool.close()
        raise Failure(f"the broker cannot listen on {place.host}:{place.port}: {error.strerror}") from error
    work = (broker.watch(), registry.report(), listen(dsn, registry, broker))
    tasks = [asyncio.create_task(one) for one in work]
    try:
        await stop.wait()
    finally:
        await broker.stop()
        await registry.drain()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if journal is not None:
            journal.close()
        await pool.close()


def stop_on_signals() -> asyncio.Event:
    """Return an event that SIGTERM and SIGINT set."""
    stop = asyncio.Event()
    for sig in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(sig, stop.set)
    return stop
