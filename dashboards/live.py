"""The hub of live pages: one reader of the event feed per process, one ring, every stream woken at once."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from core import doorbell, events, log
from core.accounts import Person
from core.db import Conn, Pool
from core.events import Event

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


def hears(person: Person, elders: frozenset[UUID], event: Event) -> bool:
    """Say whether an event is for a person; who may hear it was decided when it was written."""
    if event.district_id != person.district_id or person.role not in event.roles:
        return False
    if person.role == "family":
        return event.elder_id in elders
    return person.role != "caregiver" or event.caregiver_id == person.caregiver_id


class Hub:
    """The last events of all districts in memory, in the order of their numbers."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.last = 0
        self.ring: deque[Event] = deque(maxlen=RING)
        self.topics: dict[str, Topic] = {}
        self.stopping = False
        self._waiting: set[asyncio.Future[None]] = set()
        self._fragments: dict[Hashable, asyncio.Task[str | None]] = {}

    async def run(self, dsn: str, stop: asyncio.Event) -> None:
        """Read the feed until told to stop; then every stream ends."""
        self.last = (await events.bounds(self.pool))[1]
        async with doorbell.listen(dsn, "event", name="yinling events") as bell:
            stopper = asyncio.create_task(self._stop(stop, bell))
            while not stop.is_set():
                await self._look()
                await bell.wait(POLL)
            await stopper

    async def _stop(self, stop: asyncio.Event, bell: doorbell.Doorbell) -> None:
        await stop.wait()
        self.stopping = True
        bell.ring()
        self.wake()

    async def _look(self) -> None:
        try:
            await self.step()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            log.get().warning("live.away", error=type(error).__name__)
        await asyncio.sleep(REST)

    async def step(self) -> None:
        """Give numbers to what is committed, take what is new into the ring, wake every stream."""
        await events.number(self.pool)
        while batch := await events.after(self.pool, self.last, PAGE):
            self.ring.extend(batch)
            self.last = batch[-1].number
            self.wake()

    def wake(self) -> None:
        """Wake every stream: something is new, or it is time to say that nothing is."""
        waiting, self._waiting = self._waiting, set()
        for future in waiting:
            if not future.done():
                future.set_result(None)

    def ticket(self) -> asyncio.Future[None]:
        """Return a future of one stream that the next wake fulfils."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        return future

    def leave(self, future: asyncio.Future[None]) -> None:
        """Forget the future of a stream that has ended."""
        self._waiting.discard(future)

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
        return await asyncio.shield(task)

    async def _render(self, topic: Topic, person: Person, language: str, batch: list[Event]) -> str | None:
        async with self.pool.transaction(person.district_id) as conn:
            return await topic.render(conn, person, language, batch)
