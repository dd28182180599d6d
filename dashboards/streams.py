"""Event streams as small pure-ASGI endpoints: the API's feed of ids, and the pages' feeds of fragments."""

import asyncio
import json
from collections.abc import Callable, Hashable
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from uuid import UUID

import asyncpg
from fastapi import Request
from starlette.types import Message, Receive, Scope, Send

from core import log, people, rights
from core.accounts import Person
from core.crypto import digest
from core.db import Conn, Pool
from core.errors import Forbidden, NotFound, Unauthorized
from core.events import Event
from core.sql import load
from dashboards import family_rights
from dashboards.auth import person_of, token_of
from dashboards.live import Hub, Topic, hears
from dashboards.meters import Meters
from dashboards.problems import wish

SQL = load(__file__)
HEARTBEAT = 15.0
LIFE = 600.0
SWEEP = 2.0
NEVER = 1 << 63
START: Message = {
    "type": "http.response.start",
    "status": 200,
    "headers": [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
    ],
}


class Stream:
    """One open stream: whose it is, what it has seen, and the future that wakes it."""

    def __init__(self, person: Person, own: frozenset[UUID], token: str, *, seen: int) -> None:
        self.person = person
        self.own = own
        self.sharing: dict[UUID, frozenset[str]] = {}
        self.hash = digest(token)
        self.seen = seen
        self.topic: Topic | None = None
        self.language = person.language
        self.group: Hashable = None
        self.ended = False
        self.ticket: asyncio.Future[None] | None = None
        self.spoke = self.opened = asyncio.get_running_loop().time()

    def show(self, topic: Topic, language: str) -> None:
        """Carry the fragments of a page instead of ids."""
        self.topic, self.language = topic, language
        self.group = (topic.name, topic.key(self.person), language)

    def hears(self, event: Event) -> bool:
        """Say whether an event is for this stream."""
        wanted = self.topic is None or event.kind in self.topic.kinds
        return wanted and hears(self.person, self.own, event) and self._may(event)

    def _may(self, event: Event) -> bool:
        """Say whether a relative's rights let them hear of this; of everybody else nothing is asked."""
        if self.person.role != "family" or event.elder_id is None:
            return True
        return family_rights.hears(event.kind, self.sharing.get(event.elder_id, frozenset()))

    def changes(self, event: Event) -> bool:
        """Say whether an event changes what this stream may hear: it ends after it and is opened anew."""
        is_own = self.person.role == "family" and event.elder_id in self.own
        return is_own and event.kind in family_rights.CHANGES and event.district_id == self.person.district_id

    def nudge(self) -> None:
        """Wake this stream only."""
        if self.ticket is not None and not self.ticket.done():
            self.ticket.set_result(None)

    def end(self) -> None:
        """Let the stream finish; the browser comes back with Last-Event-ID if it may."""
        self.ended = True
        self.nudge()


class Streams:
    """All open streams of the process."""

    def __init__(self, hub: Hub, meters: Meters) -> None:
        self.hub = hub
        self.meters = meters
        self.open: set[Stream] = set()

    async def serve(self, stream: Stream, receive: Receive, send: Send) -> None:
        """Send what the stream may hear until it ends or the reader is gone."""
        self.open.add(stream)
        self.meters.streams.set(len(self.open))
        watcher = asyncio.create_task(_watch(stream, receive))
        try:
            await send(START)
            await asyncio.create_task(self._pump(stream, send))  # its own task: a short way to wake up
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            watcher.cancel()
            self.open.discard(stream)
            self.meters.streams.set(len(self.open))

    async def _pump(self, stream: Stream, send: Send) -> None:
        await _say(stream, send, b": open\nretry: 1000\n\n")
        while not (stream.ended or self.hub.stopping):
            await self._turn(stream, send)

    async def _turn(self, stream: Stream, send: Send) -> None:
        stream.ticket = self.hub.ticket(stream)
        try:
            batch = await self.hub.since(stream.seen)
            if batch == []:
                await stream.ticket
                await self._beat(stream, send)
                return
        finally:
            self.hub.leave(stream, stream.ticket)
        if batch is None:
            stream.seen = self.hub.last
            await _say(stream, send, b"event: resync\nid: %d\ndata: {}\n\n" % stream.seen)
            return
        cut = next((nth for nth, event in enumerate(batch, 1) if stream.changes(event)), None)
        if cut is not None:
            batch = batch[:cut]
            stream.ended = True
        stream.seen = batch[-1].number
        heard = [event for event in batch if stream.hears(event)]
        data = await self._data(stream, heard) if heard else b""
        if data:
            await _say(stream, send, data)

    async def _data(self, stream: Stream, heard: list[Event]) -> bytes:
        topic = stream.topic
        if topic is None:
            return b"".join(line(event) for event in heard)
        html = await self.hub.fragment(topic, stream.person, stream.language, heard)
        return fragment(topic.name, stream.seen, html) if html else b""

    async def _beat(self, stream: Stream, send: Send) -> None:
        if asyncio.get_running_loop().time() - stream.spoke >= HEARTBEAT and not stream.ended:
            await _say(stream, send, b": beat\n\n")

    async def sweep(self, pool: Pool, clock: Callable[[], datetime], stop: asyncio.Event) -> None:
        """Check every stream every two seconds, with one question for all sessions."""
        while not stop.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(SWEEP):
                    await stop.wait()
            try:
                await self.check(pool, clock())
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.get().warning("streams.away", error=type(error).__name__)

    async def check(self, pool: Pool, now: datetime) -> None:
        """End the streams of sessions that are no longer live, and those older than ten minutes."""
        streams, at = list(self.open), asyncio.get_running_loop().time()
        if not streams:
            return
        async with pool.transaction() as conn:
            rows = await conn.fetch(SQL.live_sessions, list({s.hash for s in streams}), now)
        live = {row["hash"] for row in rows}
        for stream in streams:
            if stream.hash not in live or at - stream.opened >= LIFE:
                stream.end()
            elif at - stream.spoke >= HEARTBEAT:
                stream.nudge()


async def _say(stream: Stream, send: Send, data: bytes) -> None:
    await send({"type": "http.response.body", "body": data, "more_body": True})
    stream.spoke = asyncio.get_running_loop().time()


async def _watch(stream: Stream, receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.end()


@lru_cache(maxsize=8192)
def line(event: Event) -> bytes:
    """Return an event as the API's feed says it: ids only, encoded once for everybody."""
    data = {
        "kind": event.kind,
        "id": str(event.subject_id),
        "case_id": str(event.case_id) if event.case_id else None,
        "visit_id": str(event.visit_id) if event.visit_id else None,
        "at": event.at.isoformat(),
    }
    return f"id: {event.number}\ndata: {json.dumps(data)}\n\n".encode()


@lru_cache(maxsize=1024)
def fragment(name: str, number: int, html: str) -> bytes:
    """Return a fragment of HTML as an event of a page's feed."""
    lines = "".join(f"data: {part}\n" for part in html.splitlines())
    return f"event: {name}\nid: {number}\n{lines}\n".encode()


class Feed:
    """`GET /api/v1/events`: everybody's own events; `Last-Event-ID` or `?after=` resumes."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one stream."""
        request = Request(scope)
        await request.app.state.streams.serve(await _open(request), receive, send)


class Page:
    """`GET /live?topic=`: the fragments of a page."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one stream."""
        request = Request(scope)
        stream = await _open(request)
        topic = request.app.state.hub.topics.get(request.query_params.get("topic", ""))
        if topic is None:
            raise NotFound("no such topic")
        if stream.person.role not in topic.roles:
            raise Forbidden("your role has no such feed")
        stream.show(topic, wish(request, stream.person.language))
        await request.app.state.streams.serve(stream, receive, send)


async def _open(request: Request) -> Stream:
    person, token, state = await person_of(request), token_of(request), request.app.state
    if person is None or token is None:
        raise Unauthorized("log in first")
    own: dict[UUID, frozenset[str]] = {}
    seen = _resume(request, state.hub.last)
    if person.role in {"family", "provider_manager"}:
        async with state.pool.transaction(person.district_id) as conn:
            own = await _own(conn, person)
    stream = Stream(person, frozenset(own), token, seen=seen)
    stream.sharing = own
    return stream


async def _own(conn: Conn, person: Person) -> dict[UUID, frozenset[str]]:
    """Return a relative's elders with the rights in force, or a manager's caregivers."""
    if person.family_member_id is not None:
        rows = await people.elders_of_family(conn, person.family_member_id)
        return {row["id"]: rights.in_force(row["rights"], row["consents"]) for row in rows}
    return {row["id"]: frozenset() for row in await conn.fetch(SQL.list_carers, person.provider_id)}


def _resume(request: Request, last: int) -> int:
    wanted = request.headers.get("last-event-id") or request.query_params.get("after")
    if not wanted:
        return last
    return int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 19 else NEVER  # noqa: PLR2004 - bigint
