"""What the broker owes one client: what waits, what is on its way, what it listens to."""

from collections import deque
from dataclasses import replace
from typing import Protocol

from deploy.embedded.mqtt import packets
from deploy.embedded.mqtt.journal import Journal
from deploy.embedded.mqtt.packets import Publish

WINDOW = 10_000  # messages on their way without an acknowledgement; the gateway acknowledges after its commit
_LAST_ID = 65_535


class Line(Protocol):
    """The way to a connected client."""

    is_full: bool

    def write(self, data: bytes) -> None:
        """Send bytes."""


class Session:
    """One client id, connected or not."""

    def __init__(
        self, client_id: str, *, clean: bool, keeps: int | None = None, journal: Journal | None = None
    ) -> None:
        self.client_id = client_id
        self.journal = journal
        self.clean = clean
        self.line: Line | None = None
        self.filters: dict[str, int] = {}
        self.received: set[int] = set()  # ids of QoS 2 messages between PUBLISH and PUBREL
        self.waiting: deque[Publish] = deque(maxlen=keeps)
        self.on_the_way: dict[int, Publish] = {}
        self._last = 0

    @property
    def owed(self) -> int:
        """How many messages it still has to acknowledge."""
        return len(self.waiting) + len(self.on_the_way)

    def deliver(self, message: Publish) -> None:
        """Send a message now, or keep it when it is worth keeping."""
        if message.qos:
            if self.journal is not None:
                message = replace(message, number=self.journal.owe(self.client_id, message))
            self.waiting.append(message)
            self.pump()
        elif self.line is not None and not self.line.is_full:
            self.line.write(packets.write_publish(message, 0))

    def pump(self) -> None:
        """Send what waits as long as the client takes it."""
        line = self.line
        while line is not None and self.waiting and len(self.on_the_way) < WINDOW and not line.is_full:
            message = self.waiting.popleft()
            number = self._next()
            self.on_the_way[number] = message
            line.write(packets.write_publish(message, number))

    def acknowledge(self, number: int) -> None:
        """Forget what the client has safely received."""
        message = self.on_the_way.pop(number, None)
        if message is not None and self.journal is not None:
            self.journal.done(self.client_id, message.number)
        self.pump()

    def resume(self, line: Line) -> None:
        """Send again, in order, what an earlier connection did not acknowledge; then what waits."""
        self.line = line
        for number, message in self.on_the_way.items():
            line.write(packets.write_publish(message, number, duplicate=True))
        self.pump()

    def _next(self) -> int:
        while True:
            self._last = self._last % _LAST_ID + 1
            if self._last not in self.on_the_way:
                return self._last
