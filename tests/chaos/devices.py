"""Devices as they should be: an alarm is said again, with the same id, until the receipt is there."""

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from core.errors import Failure
from devices.mqtt import LOST, Link

_PATIENCE, _LONGEST = 3.0, 20.0
_TICK = 0.05
_AWAY = (*LOST, Failure, TimeoutError)
_ALARMS = ("sos", "fall", "bed_exit", "power_lost")


@dataclass(slots=True)
class Owed:
    """A message that waits for its receipt."""

    topic: str
    body: dict[str, Any]
    made: float
    next_try: float = 0.0
    wait: float = _PATIENCE


@dataclass
class Diary:
    """What all devices said and heard."""

    alarms: dict[str, tuple[UUID, float]] = field(default_factory=dict)
    receipts: dict[str, str] = field(default_factory=dict)
    receipted_at: dict[str, float] = field(default_factory=dict)
    telemetry: dict[str, tuple[UUID, str]] = field(default_factory=dict)
    stored: set[str] = field(default_factory=set)
    acknowledged: dict[str, tuple[UUID, str]] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    sent: int = 0
    reconnects: int = 0
    last_receipt: float = 0.0
    last_made_of_receipt: float = 0.0


class Device:
    """One connection, one outbox."""

    def __init__(self, url: str, identity: UUID, diary: Diary, rng: random.Random) -> None:
        self.url = url
        self.id = identity
        self.diary = diary
        self.rng = rng
        self.outbox: dict[str, Owed] = {}
        self.is_silent = False

    async def live(self, alarms_s: float, telemetry_s: float) -> None:
        """Speak until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._make(alarms_s, self._alarm))
            group.create_task(self._make(telemetry_s, self._telemetry))
            group.create_task(self._connected())

    async def _make(self, a_second: float, make: Any) -> None:
        while not self.is_silent:
            await asyncio.sleep(self.rng.expovariate(a_second))
            if not self.is_silent:
                make()

    def _alarm(self) -> None:
        now, identity = datetime.now(UTC), self._id()
        if self.rng.random() < 0.03:
            now -= timedelta(seconds=self.rng.randint(30, 600))  # a clock that is late, or a slow device
        body = {"id": identity, "at": now.isoformat(), "type": self.rng.choice(_ALARMS)}
        self.diary.alarms[identity] = (self.id, time.monotonic())
        self.outbox[identity] = Owed("alarm", body, time.monotonic())

    def _telemetry(self) -> None:
        """Say a heart rate that wants a receipt; one in five is late history."""
        now, identity = datetime.now(UTC), self._id()
        is_late = self.rng.random() < 0.2
        if is_late:
            now -= timedelta(hours=1, seconds=self.rng.randint(0, 3600))
        at = now.isoformat()
        body = {"id": identity, "at": at, "values": {"heart_rate": 65}, "ack": True}
        if is_late:
            body["historical"] = True
        self.diary.telemetry[identity] = (self.id, at)
        self.outbox[identity] = Owed("telemetry", body, time.monotonic())

    def _id(self) -> str:
        return str(UUID(int=self.rng.getrandbits(128), version=4))

    async def _connected(self) -> None:
        while True:
            with suppress(*_AWAY):
                async with Link(self.url, str(self.id), clean=True, keepalive=10) as link:
                    self.diary.reconnects += 1
                    await link.subscribe([f"yl/v1/{self.id}/receipt"], seconds=5)
                    for owed in self.outbox.values():
                        owed.next_try, owed.wait = 0.0, _PATIENCE
                    await self._talk(link)
            await asyncio.sleep(self.rng.uniform(0.1, 0.6))

    async def _talk(self, link: Link) -> None:
        speaking = asyncio.create_task(self._speak(link))
        try:
            while True:
                messages = await link.take(500)
                for one in messages:
                    self._hear(json.loads(one.payload))
                link.acknowledge(messages)
        finally:
            speaking.cancel()
            await asyncio.gather(speaking, return_exceptions=True)

    async def _speak(self, link: Link) -> None:
        """Say what is due, in no particular order, now and then twice."""
        while True:
            now = time.monotonic()
            due = [owed for owed in self.outbox.values() if owed.next_try <= now]
            if len(due) > 1 and self.rng.random() < 0.3:
                self.rng.shuffle(due)
            for owed in due[:200]:
                payload = json.dumps(owed.body).encode()
                for _ in range(2 if self.rng.random() < 0.05 else 1):
                    link.send(f"yl/v1/{self.id}/{owed.topic}", payload)
                    self.diary.sent += 1
                owed.next_try, owed.wait = now + owed.wait, min(owed.wait * 2, _LONGEST)
            await asyncio.sleep(_TICK)

    def _hear(self, receipt: dict[str, Any]) -> None:
        identity, diary = receipt["id"], self.diary
        if receipt["result"] == "rejected":
            diary.refused[receipt.get("reason", "")] += 1
            return
        owed = self.outbox.pop(identity, None)
        if owed is None:
            return
        if owed.topic == "alarm":
            diary.receipts[identity] = receipt["alarm_id"]
            diary.receipted_at[identity] = diary.last_receipt = time.monotonic()
            diary.last_made_of_receipt = max(diary.last_made_of_receipt, owed.made)
        else:
            diary.stored.add(identity)


@dataclass
class Plain:
    """A device that trusts the broker's acknowledgement: what has it is not said again."""

    url: str
    id: UUID
    diary: Diary
    rng: random.Random
    is_silent: bool = False

    async def live(self, a_second: float) -> None:
        """Publish telemetry, one after the other, until told to be silent."""
        while not self.is_silent:
            with suppress(*_AWAY):
                async with self._link() as link:
                    while not self.is_silent:
                        await self._say(link)
                        await asyncio.sleep(self.rng.expovariate(a_second))
            await asyncio.sleep(0.3)

    @asynccontextmanager
    async def _link(self) -> AsyncIterator[Link]:
        async with Link(self.url, str(self.id), clean=True, keepalive=10) as link:
            yield link

    async def _say(self, link: Link) -> None:
        identity, now = str(UUID(int=self.rng.getrandbits(128), version=4)), datetime.now(UTC).isoformat()
        body = {"id": identity, "at": now, "values": {"heart_rate": 66}}
        async with asyncio.timeout(5):
            await link.publish(f"yl/v1/{self.id}/telemetry", json.dumps(body).encode())
        self.diary.acknowledged[identity] = (self.id, now)
