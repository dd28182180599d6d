"""Hear the broker: one connection per lane, acknowledged after the commit, receipts after that."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from core import log
from core.crypto import Keys
from core.db import Pool
from core.errors import Failure
from devices.mqtt import LOST, Incoming, Link
from gateway import pipeline, quick, urgency
from gateway.dead_letters import Letter, keep
from gateway.heard import Uplink
from gateway.known import Registry
from gateway.noise import Noise
from gateway.poison import AWAY, is_poison
from gateway.receipts import Receipt

_RETRY, _LONGEST_RETRY = 0.2, 5.0
_SMALL = 500
_AHEAD = 60_000
_BEHIND_S, _LONG_BEHIND_S = 2.0, 600.0
_NOTE_S, _HUB_S = 0.2, 60.0
_LONGEST = 200
T = TypeVar("T")


@dataclass(frozen=True)
class Lane:
    """One connection: an SOS never waits behind telemetry, nor a hub's behind a flood."""

    name: str
    filters: tuple[str, ...]
    gather_s: float = 0.0
    """How long a small batch may grow: cheaper together, and alarms find room."""
    most: int = 50_000
    """Messages in one transaction at most, where that is less than the setting."""
    is_alarms: bool = False
    is_mixed: bool = False
    """Alarms come among telemetry: what looks urgent is taken ahead of its turn."""


ALARMS = Lane(
    "alarm", ("yl/v1/+/alarm",), most=200, is_alarms=True
)  # a backlog's first receipts do not wait for its last
LANES = (
    ALARMS,
    Lane("telemetry", ("yl/v1/+/telemetry", "yl/v1/+/status", "yl/v1/+/command/result"), gather_s=0.05),
    Lane("eco", ("eco/#",), most=_SMALL, is_mixed=True),
)


@dataclass
class Gateway:
    """What every lane needs."""

    pool: Pool
    registry: Registry
    keys: Keys
    url: str
    name: str
    batch_size: int
    shared_group: str | None = None
    alarm_pool: Pool | None = None
    """A connection of the alarms' own: always there, its statements always prepared."""
    noise: Noise = field(default_factory=Noise)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)


class Listener:
    """One lane."""

    def __init__(self, gateway: Gateway, lane: Lane) -> None:
        self.gateway = gateway
        self.lane = lane
        self.is_subscribed = False
        self.handled = 0
        self.is_behind = True
        self._began = 0.0
        self._waits_since: float | None = None
        self._seen: set[str] = set()
        self._hubs: dict[str, float] = {}

    async def run(self) -> None:
        """Listen for ever; come back whenever the broker does."""
        wait = _RETRY
        while True:
            try:
                await self._connected()
            except LOST as error:
                log.get().warning("gateway.broker_away", lane=self.lane.name, error=str(error))
            except Failure as error:
                log.get().error("gateway.broker_refuses", lane=self.lane.name, error=str(error))
                wait = _LONGEST_RETRY
            except Exception as error:  # noqa: BLE001 - whatever it is, a lane comes back
                log.get().error("gateway.lane_failed", lane=self.lane.name, error=repr(error)[:_LONGEST])
            finally:
                wait = _RETRY if self.is_subscribed else min(wait * 2, _LONGEST_RETRY)
                self.is_subscribed = False
            await asyncio.sleep(wait)

    async def _connected(self) -> None:
        client_id = f"{self.gateway.name}-{self.lane.name}"
        async with Link(self.gateway.url, client_id, clean=False) as link:
            # Subscribing may wait behind a backlog: drain while it does (STYLE, traps).
            if self.lane.is_mixed:
                link.is_urgent, link.high = urgency.is_urgent, _AHEAD
            self._began = asyncio.get_running_loop().time()
            self.is_behind = True
            draining = asyncio.create_task(self._drain(link))
            ahead = asyncio.create_task(self._ahead(link))
            subscribing = asyncio.create_task(link.subscribe(self._filters()))
            try:
                await _first(draining, ahead, subscribing)
                self.is_subscribed = True
                log.get().info("gateway.listening", lane=self.lane.name, broker=link.name)
                await _first(draining, ahead)
            finally:
                for task in (draining, ahead, subscribing):
                    task.cancel()
                await asyncio.gather(draining, ahead, subscribing, return_exceptions=True)

    def _filters(self) -> list[str]:
        """Alarms are heard by every gateway: the broker may give an absent one its share, and keep it."""
        group = None if self.lane.is_alarms else self.gateway.shared_group
        return [f"$share/{group}/{one}" if group else one for one in self.lane.filters]

    async def _drain(self, link: Link) -> None:
        while True:
            self._waits_since = asyncio.get_running_loop().time()
            messages = await link.take(min(self.gateway.batch_size, self.lane.most))
            self._waits_since = None
            self.is_behind = self.is_behind and self._reads_a_backlog(len(messages))
            await self.take([one for one in messages if one.stored is None], link)
            for one in messages:
                if one.stored is not None:
                    await one.stored.wait()
            link.acknowledge(messages)
            self.handled += len(messages)
            if self.lane.is_alarms or self.lane.is_mixed:
                self._note(messages)
            if not self.lane.is_alarms and len(messages) < _SMALL and self.lane.gather_s:
                await asyncio.sleep(self.lane.gather_s)

    @property
    def has_caught_up(self) -> bool:
        """Say whether this lane hears what is said now: nothing of a backlog is left, or comes any more."""
        waits = self._waits_since
        is_idle = waits is not None and asyncio.get_running_loop().time() - waits >= _BEHIND_S
        return self.is_subscribed and (not self.is_behind or is_idle)

    def _reads_a_backlog(self, count: int) -> bool:
        """Say whether what comes was kept for this connection, rather than said just now."""
        since = asyncio.get_running_loop().time() - self._began
        return since < _BEHIND_S or (count >= _SMALL and since < _LONG_BEHIND_S)

    async def _ahead(self, link: Link) -> None:
        """Take what looks urgent ahead of what waits; its acknowledgement keeps its turn."""
        while True:
            messages = await link.take_urgent(_SMALL)
            with suppress(Exception):  # whatever is wrong, the long way finds it too, and says so
                await quick.raise_ahead(self.gateway.pool, self.gateway.registry, self._heard(messages))
            await self.take(messages, link)
            for one in messages:
                if one.stored is not None:
                    one.stored.set()

    async def take(self, messages: Sequence[Incoming], link: Link) -> None:
        """Store messages and send their receipts."""
        uplinks = self._heard(messages)
        for receipt in await self._until_stored(uplinks) if uplinks else ():
            if receipt.topic:  # else it is the answer to what came over HTTP
                self._send(link, receipt)

    def _send(self, link: Link, receipt: Receipt) -> None:
        try:
            link.send(receipt.topic, receipt.payload)
        except ValueError as error:  # no topic, or too large: told again and again it would be no better
            log.get().error("gateway.no_receipt", lane=self.lane.name, error=str(error))

    def _heard(self, messages: Sequence[Incoming]) -> list[Uplink]:
        """Return all but what its speaker says too much of; a backlog was said over hours and is no noise."""
        is_told = self.lane.is_alarms or self.is_behind
        return [
            Uplink(one.topic, one.payload, one.at, one.retain)
            for one in messages
            if is_told or one.is_urgent or not self._is_noise(one)
        ]

    def _is_noise(self, one: Incoming) -> bool:
        registry = self.gateway.registry
        return self.gateway.noise.is_muted(
            one.topic,
            len(one.payload),
            one.at,
            lambda: quick.calls_for_help(registry, one.topic, one.payload, one.at),
        )

    def _note(self, messages: Sequence[Incoming]) -> None:
        """Remember who raised alarms, and once a minute which hubs speak for others."""
        now = asyncio.get_running_loop().time()
        for one in messages:
            if one.topic.startswith("yl/v1/"):
                self._seen.add(one.topic.split("/")[2])
            elif now - self._hubs.get(hub := one.topic.split("/")[1], -_HUB_S) >= _HUB_S and not one.retain:
                self._hubs[hub] = now
                self._seen.add(hub)

    async def note_seen(self) -> None:
        """Note every now and then who spoke: never before the receipts of alarms."""
        gateway = self.gateway
        while True:
            await asyncio.sleep(_NOTE_S)
            if self._seen:
                names, self._seen = self._seen, set()
                with suppress(*AWAY):
                    async with gateway.pool.transaction() as conn:
                        await pipeline.note_seen(conn, gateway.registry, names, gateway.clock())

    async def _until_stored(self, uplinks: Sequence[Uplink]) -> list[Receipt]:
        """Store a batch however long the database is away; set aside what can never be stored."""
        try:
            return await self._patiently(lambda: self._store(uplinks))
        except Exception as error:  # noqa: BLE001 - the lane must go on whatever a message breaks
            log.get().warning("gateway.poison", lane=self.lane.name, error=type(error).__name__)
        receipts: list[Receipt] = []
        for uplink in uplinks:
            receipts += await self._alone(uplink)
        return receipts

    async def _patiently(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do something however long the database is away; raise what is wrong with the message."""
        wait = _RETRY
        while True:
            try:
                return await work()
            except Exception as error:
                if is_poison(error):
                    raise
                log.get().warning("gateway.database_away", lane=self.lane.name, error=type(error).__name__)
            await asyncio.sleep(wait)
            wait = min(wait * 2, _LONGEST_RETRY)

    async def _store(self, uplinks: Sequence[Uplink]) -> list[Receipt]:
        gateway = self.gateway
        answers: list[Receipt] = []
        if self.lane.is_alarms:
            answers, uplinks = await quick.store(
                gateway.alarm_pool or gateway.pool, gateway.registry, gateway.noise, uplinks
            )
        if uplinks:
            with gateway.registry.memory.tentative():
                async with gateway.pool.transaction() as conn:
                    answers += await pipeline.handle(
                        conn, gateway.registry, gateway.keys, uplinks, gateway.clock()
                    )
        return answers

    async def _alone(self, uplink: Uplink) -> list[Receipt]:
        try:
            return await self._patiently(lambda: self._store([uplink]))
        except Exception as error:  # noqa: BLE001 - as above
            log.get().warning("gateway.set_aside", lane=self.lane.name, error=type(error).__name__)
            letter = Letter(uplink.topic, uplink.payload, uplink.received_at, "poison")
            letter.field = type(error).__name__
        return await self._set_aside(uplink, letter)

    async def _set_aside(self, uplink: Uplink, letter: Letter) -> list[Receipt]:
        """Raise at least the alarms of what can never be stored, then keep it as a dead letter."""
        receipts: list[Receipt] = []
        try:
            receipts = await self._patiently(
                lambda: quick.salvage(self.gateway.pool, self.gateway.registry, uplink)
            )
        except Exception as error:  # noqa: BLE001 - the letter is still to be kept
            log.get().error("gateway.alarm_not_raised", lane=self.lane.name, error=type(error).__name__)
        try:
            await self._patiently(lambda: self._keep(letter))
        except Exception as error:  # noqa: BLE001 - all that can be done is done; the others wait
            log.get().error("gateway.letter_not_kept", lane=self.lane.name, error=type(error).__name__)
        return receipts

    async def _keep(self, letter: Letter) -> None:
        async with self.gateway.pool.transaction() as conn:
            await keep(conn, self.gateway.keys, [letter])


async def _first(*tasks: asyncio.Task[None]) -> None:
    """Wait for the first of these; raise what ended it. A lane whose part has died must not go on half."""
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        task.result()
