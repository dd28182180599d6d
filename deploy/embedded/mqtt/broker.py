"""Who is connected, who listens to what, and what is retained; one connection's talk is in connection.py."""

import asyncio
import contextlib
import logging
import time
from collections import Counter
from dataclasses import replace
from typing import Protocol

from deploy.embedded.mqtt import topics
from deploy.embedded.mqtt.connection import Connection
from deploy.embedded.mqtt.journal import Journal
from deploy.embedded.mqtt.packets import Connect, Publish
from deploy.embedded.mqtt.session import Session
from gateway.access import User

MANY = 200_000  # messages owed to one reader at which its writers are made to wait
FEW = 50_000
DEVICE_KEEPS = 1_000  # messages kept for a device that is away; receipts come again when it repeats itself
_log = logging.getLogger(__name__)


class Door(Protocol):
    """Who may come in and what they may do: the registry's rules."""

    async def log_in(self, name: str, password: str) -> User | None:
        """Return the user, or None when the password is wrong or the credential revoked."""

    def may_publish(self, user: User, topic: str) -> bool:
        """Say whether a user may publish on a topic."""

    def may_subscribe(self, user: User, wanted: str) -> bool:
        """Say whether a user may subscribe to a filter."""

    def refused(self, user: User, message: Publish) -> None:
        """Hear of a message on a topic that its sender may not use."""


class Group:
    """Sessions that share one subscription; each message goes to one of them."""

    def __init__(self) -> None:
        self.members: list[Session] = []

    def choose(self) -> Session:
        """Pick a connected member that is owed least, or any member when none is connected."""
        return min(self.members, key=lambda session: (session.line is None, session.owed))


class Broker:
    """The broker's memory."""

    def __init__(self, door: Door, *, limit: int, journal: Journal | None = None) -> None:
        self.door = door
        self.journal = journal
        self.limit = limit
        self.port = 0
        self.sessions: dict[str, Session] = {}
        self.connections: dict[str, Connection] = {}
        self.retained: dict[str, Publish] = {}
        self.expelled: Counter[str] = Counter()
        self._tree: topics.Tree[Session | Group] = topics.Tree()
        self._groups: dict[tuple[str, str], Group] = {}
        self._open: set[Connection] = set()
        self._server: asyncio.Server | None = None
        if journal is not None:
            self._restore(journal)

    def _restore(self, journal: Journal) -> None:
        """Take up the services' sessions as they were when an earlier process ended."""
        for client_id, owed in journal.sessions.items():
            session = Session(client_id, clean=False, journal=journal)
            session.waiting.extend(replace(one, number=number) for number, one in owed.messages.items())
            self.sessions[client_id] = session
            for wanted, qos in owed.filters.items():
                self._listen(session, wanted, qos)

    async def start(self, host: str, port: int) -> None:
        """Listen; port 0 is any free one."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Connection(self), host, port)
        self.port = int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Close every connection."""
        if self._server is not None:
            self._server.close()
        for connection in list(self._open):
            connection.close()
        if self._server is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(2):
                    await self._server.wait_closed()

    async def watch(self) -> None:
        """Once a second: end connections that went silent, let writers go on."""
        while True:
            await asyncio.sleep(1)
            now = time.monotonic()
            if self.journal is not None:
                await asyncio.to_thread(self.journal.sync)
            is_flooded = any(session.owed > FEW for session in self.sessions.values())
            for connection in list(self._open):
                if connection.is_held and not is_flooded:
                    connection.release(now)
                elif connection.is_silent(now):
                    connection.abort()

    def opened(self, connection: Connection) -> None:
        """Remember a connection that has not said who it is yet."""
        self._open.add(connection)

    def closed(self, connection: Connection) -> None:
        """Forget a connection; its session stays if it asked for that."""
        self._open.discard(connection)
        session = connection.session
        if session is None or self.connections.get(session.client_id) is not connection:
            return
        del self.connections[session.client_id]
        session.line = None
        if session.clean:
            self._forget(session)

    def enter(self, connection: Connection, user: User, hello: Connect) -> tuple[Session, bool]:
        """Give a client its session, ending an older connection of the same client id."""
        client_id = client_id_of(user, hello.client_id)
        older = self.connections.pop(client_id, None)
        if older is not None:
            older.abort()  # its last will is said now, not after what the new connection says
        session = self.sessions.get(client_id)
        if session is not None and (hello.clean or session.clean):
            self._forget(session)
            session = None
        is_present = session is not None
        if session is None:
            is_kept = not user.device_id and not hello.clean
            session = Session(
                client_id,
                clean=hello.clean,
                keeps=DEVICE_KEEPS if user.device_id else None,
                journal=self.journal if is_kept else None,
            )
        self.sessions[client_id] = session
        self.connections[client_id] = connection
        return session, is_present

    def subscribe(self, session: Session, wanted: str, qos: int) -> None:
        """Let a session hear a filter, and give it what is retained there."""
        self._listen(session, wanted, qos)
        if session.journal is not None:
            session.journal.listens(session.client_id, session.filters)
        group_name, plain = topics.split_shared(wanted)
        for topic, message in list(self.retained.items()) if group_name is None else ():
            if topics.matches(plain, topic):
                session.deliver(Publish(topic, message.payload, min(qos, message.qos), retain=True))

    def _listen(self, session: Session, wanted: str, qos: int) -> None:
        group_name, plain = topics.split_shared(wanted)
        if group_name is None:
            self._tree.add(plain, session, qos)
        else:
            group = self._groups.setdefault((group_name, plain), Group())
            if session not in group.members:
                group.members.append(session)
            self._tree.add(plain, group, qos)
        session.filters[wanted] = qos

    def unsubscribe(self, session: Session, wanted: str) -> None:
        """Let it hear a filter no more."""
        session.filters.pop(wanted, None)
        if session.journal is not None:
            session.journal.listens(session.client_id, session.filters)
        group_name, plain = topics.split_shared(wanted)
        if group_name is None:
            self._tree.remove(plain, session)
            return
        group = self._groups.get((group_name, plain))
        if group is not None and session in group.members:
            group.members.remove(session)
            if not group.members:
                self._tree.remove(plain, group)
                del self._groups[group_name, plain]

    def publish(self, message: Publish) -> bool:
        """Hand a message to everyone who hears it; False when a reader is so far behind that writers wait."""
        if message.retain:
            if message.payload:
                self.retained[message.topic] = message
            else:
                self.retained.pop(message.topic, None)
        is_calm = True
        for listener, qos in self._tree.match(message.topic).items():
            session = listener.choose() if isinstance(listener, Group) else listener
            session.deliver(Publish(message.topic, message.payload, min(qos, message.qos)))
            is_calm = is_calm and session.owed < MANY
        return is_calm

    def expel(self, name: str) -> None:
        """End a user's connection and session at once: the credential is revoked."""
        self.expelled[name] += 1
        connection = self.connections.get(name)
        if connection is not None:
            connection.will = None
            connection.close()
        session = self.sessions.get(name)
        if session is not None:
            self._forget(session)
        _log.info("credential revoked, connection ended")

    def _forget(self, session: Session) -> None:
        for wanted in list(session.filters):
            self.unsubscribe(session, wanted)
        if session.journal is not None:
            session.journal.gone(session.client_id)
        if self.sessions.get(session.client_id) is session:
            del self.sessions[session.client_id]


def client_id_of(user: User, asked: str) -> str:
    """Force the user's name; a service may open several connections, each named after it."""
    if user.device_id is None and asked.startswith(f"{user.name}-"):
        return asked
    return user.name
