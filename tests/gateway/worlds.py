"""What gateway tests stand on."""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from core.crypto import Keys
from core.db import Pool
from devices import registry
from gateway import pipeline
from gateway.heard import Uplink
from gateway.known import Registry
from gateway.listener import LANES, Gateway, Listener
from tests.makers import NOW


@dataclass(frozen=True)
class World:
    """One district, one home, one bed."""

    pool_owner: Pool
    pool_gateway: Pool
    keys: Keys
    district: UUID
    elder: UUID
    bed: UUID
    home: UUID

    async def rows(self, query: str, *args: object) -> list[dict[str, Any]]:
        """Read as the gateway does, in the district."""
        async with self.pool_gateway.transaction(self.district) as conn:
            return [dict(row) for row in await conn.fetch(query, *args)]

    async def hear(
        self,
        *said: tuple[str, Any],
        now: datetime = NOW,
        retained: bool = False,
        registry: Registry | None = None,
    ) -> list[dict[str, Any]]:
        """Take messages through the pipeline in one transaction; return the receipts."""
        uplinks = [Uplink(topic, encode(body), now, retained) for topic, body in said]
        async with self.pool_gateway.transaction() as conn:
            found = await pipeline.handle(conn, registry or Registry(), self.keys, uplinks, now)
        return [{"topic": one.topic, **json.loads(one.payload)} for one in found]


def encode(body: Any) -> bytes:
    """Return a payload's bytes."""
    return body if isinstance(body, bytes) else json.dumps(body).encode()


@dataclass(frozen=True)
class Device:
    """A registered device."""

    id: UUID
    username: str | None
    password: str | None

    def topic(self, kind: str = "telemetry") -> str:
        return f"yl/v1/{self.id}/{kind}"

    def says(self, at: datetime = NOW, **values: Any) -> tuple[str, dict[str, Any]]:
        """Return telemetry."""
        return self.topic(), {"id": str(uuid4()), "at": at.isoformat(), "values": values}

    def alarms(self, type_: str = "sos", at: datetime = NOW, **more: Any) -> tuple[str, dict[str, Any]]:
        """Return an alarm."""
        return self.topic("alarm"), {"id": str(uuid4()), "at": at.isoformat(), "type": type_} | more


async def add_device(world: World, model: str, **given: Any) -> Device:
    """Register a device at the bed."""
    given = {"care_bed": world.bed} | given
    async with world.pool_owner.transaction(world.district) as conn:
        made = await registry.add(conn, district=world.district, thing_model=model, now=NOW, **given)
    return Device(made.device_id, made.username, made.password)


@dataclass
class RunningGateway:
    """The lanes of a gateway, without its clock."""

    dsn: str
    url: str
    world: World
    batch_size: int = 500
    listeners: Sequence[Listener] = ()
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _pool: Pool | None = None

    async def start(self) -> None:
        """Start and wait until every lane is subscribed."""
        self._pool = await Pool.open(self.dsn, size=4)
        shared = Gateway(self._pool, Registry(), self.world.keys, self.url, "gateway", self.batch_size)
        self.listeners = [Listener(shared, lane) for lane in LANES]
        self._tasks = [asyncio.create_task(one.run()) for one in self.listeners]
        self._tasks += [asyncio.create_task(one.note_seen()) for one in self.listeners if one.lane.is_mixed]
        async with asyncio.timeout(15):
            while not all(one.is_subscribed for one in self.listeners):  # noqa: ASYNC110 - a flag, not an event
                await asyncio.sleep(0.01)

    async def stop(self) -> None:
        """Kill it: nothing is said, nothing is acknowledged any more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        if self._pool is not None:
            await self._pool.close()
            self._pool = None

    async def until(self, is_so: Callable[[list[Any]], bool], query: str) -> None:
        """Wait until the first column of a query is as wanted."""
        async with asyncio.timeout(10):
            while not is_so([next(iter(row.values())) for row in await self.world.rows(query)]):  # noqa: ASYNC110 - rows
                await asyncio.sleep(0.02)
