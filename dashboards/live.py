"""The hub of live pages: one reader of the event feed per process, one ring, every stream woken at once."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

import asyncpg

from core import doorbell, events, log
from core.accounts import Person
from core.db import Conn, Pool
from core.events import Event

AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)
RING = 4096
PAGE = 500
POLL = 1.0
REST = 0.02
"""Between two looks at the feed: a burst comes as one batch."""

Render = Callable[[Conn, Person, str, list[Event]], Awaitable[str | None]]


@dataclass(frozen=True, slots=True)
class Topic:
    """A page's feed: which events concern it, who shares a fragment, how the fragment is made.

    `render(conn, person, language, events)` may depend on the person only through `key(person)`.
    """

    name: str
    roles: tuple[str, ...]
    kinds: tuple[str, ...]
    key: Callable[[Person], Hashable]
    render: Render


def hears(person: Person, own: frozenset[UUID], event: Event) -> bool:
    """Say whether an event is for a person; who may hear it was decided when it was written.

    `own` are a family's elders, or the caregivers of a provider's manager.
    """
    if event.district_id != person.district_id:
        return False
    if person.provider_id is not None and events.manager_of(person.provider_id) in event.roles:
        return person.role == events.MANAGER
    if person.role not in event.roles:
        return False
    if person.role == "family":
        return event.elder_id in own
    if person.role == "provider_manager":
        return event.caregiver_id is None or event.caregiver_id in own
    return person.role != "caregiver" or event.caregiver_id == person.caregiver_id


class Listener(Protocol):
    """An open stream, as the hub sees it."""

    person: Person
    language: str
    topic: Topic | None
    group: Hashable

    def hears(self, event: Event) -> bool:
        """Say whether an event is for this stream."""


@dataclass(slots=True)
class Group:
    """Streams that wait for the same: those of a page share their fragment, any of them speaks for all."""

    listener: Listener
    futures: set[asyncio.Future[None]]

    def fulfil(self) -> None:
        """Wake them."""
        for future in self.futures:
            if not future.done():
                future.set_result(None)


class Hub:
    """The last events of all districts in memory, in the order of their numbers."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.last = 0
        self.ring: deque[Event] = deque(maxlen=RING)
        self.topics: dict[str, Topic] = {}
        self.stopping = False
        self._waiting: dict[Hashable, Group] = {}
        self._preparing: set[asyncio.Task[None]] = set()
        self._fragments: dict[Hashable, asyncio.Task[str | None]] = {}

    async def run(self, dsn: str, stop: asyncio.Event) -> None:
        """Read the feed until told to stop; then every stream ends."""
        await self._begin(stop)
        async with doorbell.listen(dsn, "event", name="yinling events") as bell:
            stopper = asyncio.create_task(self._stop(stop, bell))
            while not stop.is_set():
                await self._look()
                await bell.wait(POLL)
            await stopper

    async def _begin(self, stop: asyncio.Event) -> None:
        """Find the newest number; a database that went away in this very moment is waited for."""
        while not stop.is_set():
            try:
                self.last = (await events.bounds(self.pool))[1]
            except AWAY as error:
                log.get().warning("live.away", error=type(error).__name__)
                await asyncio.sleep(POLL)
            else:
                return

    async def _stop(self, stop: asyncio.Event, bell: doorbell.Doorbell) -> None:
        await stop.wait()
        self.stopping = True
        bell.ring()
        self.wake()

    async def _look(self) -> None:
        try:
            await self.step()
        except AWAY as error:
            log.get().warning("live.away", error=type(error).__name__)
        await asyncio.sleep(REST)

    async def step(self) -> None:
        """Give numbers to what is committed, take what is new into the ring, wake every stream."""
        await events.number(self.pool)
        while batch := await events.after(self.pool, self.last, PAGE):
            self.ring.extend(batch)
            self.last = batch[-1].number
            self.wake(batch)

    def wake(self, batch: Sequence[Event] = ()) -> None:
        """Wake every stream; those of a page as soon as the fragment that they share is made."""
        waiting, self._waiting = self._waiting, {}
        for group in waiting.values():
            topic, person = group.listener.topic, group.listener.person
            heard = [event for event in batch if topic and group.listener.hears(event)]
            if topic is None or not heard:
                group.fulfil()
                continue
            work = asyncio.create_task(self._prepare(topic, person, group, heard))
            self._preparing.add(work)
            work.add_done_callback(self._preparing.discard)

    async def _prepare(self, topic: Topic, person: Person, group: Group, heard: list[Event]) -> None:
        try:
            await self.fragment(topic, person, group.listener.language, heard)
        except Exception as error:  # noqa: BLE001 - every stream of the group meets it by itself and ends
            log.get().warning("live.no_fragment", topic=topic.name, error=type(error).__name__)
        finally:
            group.fulfil()

    def ticket(self, listener: Listener) -> asyncio.Future[None]:
        """Return a future of one stream that the next wake fulfils."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        group = self._waiting.get(listener.group)
        if group is None:
            group = self._waiting[listener.group] = Group(listener, set())
        group.futures.add(future)
        return future

    def leave(self, listener: Listener, future: asyncio.Future[None]) -> None:
        """Forget the future of a stream that has ended."""
        group = self._waiting.get(listener.group)
        if group is not None:
            group.futures.discard(future)

    async def since(self, number: int) -> list[Event] | None:
        """Return the events after a number, at most a page, or None when they are no longer all there."""
        if number == self.last:
            return []
        if number > self.last:
            return None
        if self.ring and self.ring[0].number <= number + 1:
            first = number + 1 - self.ring[0].number
            return [self.ring[n] for n in range(first, min(first + PAGE, len(self.ring)))]
        oldest, _ = await events.bounds(self.pool)
        if oldest > number + 1 or oldest == 0:
            return None
        return await events.after(self.pool, number, PAGE)

    async def fragment(self, topic: Topic, person: Person, language: str, batch: list[Event]) -> str | None:
        """Return the fragment of a batch for everybody who shares the person's key: rendered once."""
        key = (topic.name, topic.key(person), language, tuple(event.number for event in batch))
        task = self._fragments.get(key)
        if task is None:
            while len(self._fragments) >= PAGE:
                del self._fragments[next(iter(self._fragments))]
            task = asyncio.create_task(self._render(topic, person, language, batch))
            self._fragments[key] = task
            task.add_done_callback(lambda done: self._forget(key, done))
        return task.result() if task.done() else await asyncio.shield(task)

    def _forget(self, key: Hashable, task: asyncio.Task[str | None]) -> None:
        """Keep no failure: who asks again has it made again."""
        if task.cancelled() or task.exception() is not None:
            self._fragments.pop(key, None)

    async def _render(self, topic: Topic, person: Person, language: str, batch: list[Event]) -> str | None:
        async with self.pool.transaction(person.district_id) as conn:
            return await topic.render(conn, person, language, batch)
