"""Pretended time: calls wait on it, a test pushes it, the demonstration lets it follow the clock."""

import asyncio
import heapq
import itertools
from collections.abc import Coroutine
from datetime import datetime, timedelta


class Signal:
    """Wakes who waits on it before their time is up."""

    def __init__(self) -> None:
        self.waiting: list[asyncio.Future[bool]] = []


class Timeline:
    """What is going on, and when each part of it goes on again; one order, whatever the machine's load."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._due: list[tuple[datetime, int, asyncio.Future[bool]]] = []
        self._count = itertools.count()
        self._busy = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._lock = asyncio.Lock()

    def spawn(self, work: Coroutine[object, object, None]) -> None:
        """Let something begin now; `advance` waits until it waits."""
        self._more()
        task = asyncio.create_task(self._carry_out(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def wait(self, seconds: float, signal: Signal | None = None) -> bool:
        """Wait (in spawned work only); True when the signal came before the seconds were over."""
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._due, (self.now + timedelta(seconds=seconds), next(self._count), future))
        if signal is not None:
            signal.waiting.append(future)
        self._less()
        return await future

    def wake(self, signal: Signal) -> None:
        """Let everybody go on who waits for a signal."""
        waiting, signal.waiting = signal.waiting, []
        for future in waiting:
            self._go_on(future, came=True)

    async def advance(self, to: datetime) -> None:
        """Live through everything up to an instant, one after the other, and come back when all is quiet."""
        async with self._lock:
            await self._idle.wait()
            while self._step(to):
                await self._idle.wait()
            self.now = max(self.now, to)

    def tick(self, to: datetime) -> None:
        """Let go on whatever is due, without waiting for it: the demonstration's clock."""
        while self._step(to):
            pass
        self.now = max(self.now, to)

    async def quiet(self) -> None:
        """Wait until nothing goes on at this instant."""
        await self._idle.wait()

    async def close(self) -> None:
        """Drop what is going on."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _carry_out(self, work: Coroutine[object, object, None]) -> None:
        try:
            await work
        finally:
            self._less()

    def _step(self, to: datetime) -> bool:
        """Let the next one go on that is due; False when nobody is."""
        while self._due and self._due[0][2].done():
            heapq.heappop(self._due)
        if not self._due or self._due[0][0] > to:
            return False
        at, _, future = heapq.heappop(self._due)
        self.now = max(self.now, at)
        self._go_on(future, came=False)
        return True

    def _go_on(self, future: asyncio.Future[bool], *, came: bool) -> None:
        if not future.done():
            self._more()
            future.set_result(came)

    def _more(self) -> None:
        self._busy += 1
        self._idle.clear()

    def _less(self) -> None:
        self._busy -= 1
        if self._busy == 0:
            self._idle.set()
