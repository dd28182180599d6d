"""The one door to MQTT: a connection that reads in batches and acknowledges when its owner says so.

aiomqtt (2.5) connects, subscribes and publishes. What it cannot do is done here on its client (paho's, see
STYLE, traps): packets are read in blocks, not byte by byte; messages are acknowledged after the commit, a
batch in one write; and reading stops while too much waits: memory stays flat, the broker keeps the backlog.
"""

import asyncio
import contextlib
import math
import socket
import ssl
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

import aiomqtt

from core.errors import Failure

_BLOCK = 262_144
_PUBLISH, _PUBACK = 3, 0x40
_HIGH, _LOW = 20_000, 8_000
_PORT, _TLS_PORT = 1883, 8883
_NOT_YET = (BlockingIOError, InterruptedError, ssl.SSLWantReadError, ssl.SSLWantWriteError)
_INFLIGHT = 1_000
_CONN_LOST = 7
LOST = (aiomqtt.MqttError, OSError)
"""What a lost connection raises."""


@dataclass(slots=True)
class Incoming:
    """One message as it came."""

    topic: str
    payload: bytes
    mid: int
    qos: int
    retain: bool
    at: datetime
    """When it was read: it may wait here for a while."""
    is_urgent: bool = False
    is_taken: bool = False
    stored: asyncio.Event | None = None
    """Of what was taken ahead of its turn: set once it is stored; its acknowledgement keeps its turn."""


@dataclass(frozen=True)
class Will:
    """What the broker says when this client vanishes."""

    topic: str
    payload: bytes


def _trust(query: str) -> ssl.SSLContext:
    """Make the context of a URL's `ca`, `cert` and `key`."""
    given = {name: values[-1] for name, values in parse_qs(query).items()}
    try:
        context = ssl.create_default_context(cafile=given.get("ca"))
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if "cert" in given:
            context.load_cert_chain(given["cert"], given.get("key"))
    except OSError as error:  # a file that is not there, or is no certificate
        raise Failure(f"the broker's certificates: {error.strerror or error}") from error
    return context


def _received(sock: socket.socket) -> bytes:
    """Read what is there; of TLS also what is decrypted already, of which the loop would not tell."""
    data = sock.recv(_BLOCK)
    while isinstance(sock, ssl.SSLSocket) and (left := sock.pending()):
        data += sock.recv(left)
    return data


class Link:
    """A connection to the broker of `mqtt://user:password@host:port`; it does not reconnect by itself.

    `mqtts://…?ca=FILE` speaks TLS and trusts who that authority signed (without it, whom the system trusts);
    `&cert=FILE&key=FILE` shows a certificate of our own.
    """

    def __init__(
        self, url: str, client_id: str, *, clean: bool = True, will: Will | None = None, keepalive: int = 60
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"mqtt", "mqtts"} or not parts.hostname:
            raise Failure("YINLING_MQTT_URL: give mqtt://user:password@host:port")
        port = parts.port or (_TLS_PORT if parts.scheme == "mqtts" else _PORT)
        self.name = f"{parts.hostname}:{port}"
        self._client = aiomqtt.Client(
            parts.hostname,
            port,
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            identifier=client_id,
            clean_session=clean,
            keepalive=keepalive,
            will=aiomqtt.Will(will.topic, will.payload, 1, retain=True) if will else None,
            tls_context=_trust(parts.query) if parts.scheme == "mqtts" else None,
            max_inflight_messages=_INFLIGHT,
        )
        self._client.pending_calls_threshold = _INFLIGHT  # beyond it aiomqtt warns with each PUBLISH
        self._paho: Any = self._client._client  # noqa: SLF001 - see the module's head
        self._paho.on_socket_open = self._opened
        self._paho.on_disconnect = self._closed
        self._paho.manual_ack_set(True)
        self._loop = asyncio.get_running_loop()
        self._buffer = bytearray()
        self._waiting: deque[Incoming] = deque()
        self._urgent: deque[Incoming] = deque()
        self._pressed = asyncio.Event()
        self.is_urgent: Callable[[str, bytes], bool] | None = None
        """Says what `take_urgent` may take ahead of its turn."""
        self.high = _HIGH
        """So many may wait here before reading stops: what is urgent can only overtake what has been read."""
        self._read_at = datetime.now(UTC)
        self._arrived = asyncio.Event()
        self._socket: socket.socket | None = None
        self._is_held = False
        self._lost: Exception | None = None

    async def __aenter__(self) -> Self:
        """Connect, or raise one of LOST."""
        await self._client.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Say goodbye; a connection that is already lost is just left."""
        with contextlib.suppress(*LOST):
            await self._client.__aexit__(kind, error, trace)
        ended = self._client._disconnected  # noqa: SLF001 - asked for, so that asyncio does not complain
        if ended.done() and not ended.cancelled():
            ended.exception()

    async def subscribe(self, filters: Sequence[str], seconds: float = math.inf) -> None:
        """Subscribe at QoS 1; raise Failure when the broker refuses one."""
        wanted = [(one, 1) for one in filters]
        codes = await self._client.subscribe(wanted, timeout=seconds)
        for one, code in zip(filters, codes, strict=True):
            if int(getattr(code, "value", code)) > 1:  # type: ignore[call-overload]
                raise Failure(f"the broker refuses {one}")

    async def take(self, most: int) -> list[Incoming]:
        """Wait for messages and return at most so many; raise MqttError when the connection is lost."""
        while not self._waiting:
            if self._lost is not None:
                raise aiomqtt.MqttError(str(self._lost)) from self._lost
            self._arrived.clear()
            await self._arrived.wait()
        waiting = self._waiting
        taken = [waiting.popleft() for _ in range(min(most, len(waiting)))]
        for one in taken:
            one.is_taken = True
        if self._is_held and len(waiting) < _LOW and self._socket is not None and self._lost is None:
            self._is_held = False
            self._loop.add_reader(self._socket.fileno(), self._readable)
        return taken

    async def take_urgent(self, most: int) -> list[Incoming]:
        """Wait for urgent messages that nobody took yet; `take` gives them too, to acknowledge in turn."""
        while True:
            await self._pressed.wait()
            self._pressed.clear()
            taken: list[Incoming] = []
            while self._urgent and len(taken) < most:
                one = self._urgent.popleft()
                if not one.is_taken:
                    one.stored = asyncio.Event()
                    taken.append(one)
            if self._urgent:
                self._pressed.set()
            if taken:
                return taken

    def acknowledge(self, messages: Sequence[Incoming]) -> None:
        """Tell the broker that these may be forgotten: in one write."""
        packet = b"".join(b"\x40\x02" + one.mid.to_bytes(2, "big") for one in messages if one.qos == 1)
        if packet and self._lost is None:
            self._paho._packet_queue(_PUBACK, packet, 0, 0)  # noqa: SLF001 - see the module's head

    def send(self, topic: str, payload: bytes, qos: int = 1, *, retain: bool = False) -> None:
        """Publish without waiting; what a lost connection swallows, the device asks for again."""
        if self._lost is None:
            self._paho.publish(topic, payload, qos, retain)

    async def publish(self, topic: str, payload: bytes, qos: int = 1, *, retain: bool = False) -> None:
        """Publish and wait for the broker's acknowledgement."""
        await self._client.publish(topic, payload, qos, retain)

    def _opened(self, client: Any, userdata: Any, sock: Any) -> None:  # noqa: ANN401, ARG002 - paho's signature
        """Read by ourselves (called in paho's connecting thread)."""
        self._socket = sock
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._loop.call_soon_threadsafe(self._read_from, sock)
        self._loop.call_soon_threadsafe(self._keep_alive)

    def _read_from(self, sock: socket.socket) -> None:
        """Read from a socket, unless it is closed again: its number may be another connection's by now."""
        if sock.fileno() >= 0 and self._lost is None:
            self._loop.add_reader(sock.fileno(), self._readable)

    def _keep_alive(self) -> None:
        self._client._misc_task = self._loop.create_task(self._client._misc_loop())  # noqa: SLF001 - see the head

    def _readable(self) -> None:
        sock = self._socket
        if sock is None:
            return
        try:
            data = _received(sock)
        except _NOT_YET:
            return
        except OSError as error:
            self._end(error)
            return
        if not data:
            self._end(ConnectionError("the broker closed the connection"))
            return
        self._buffer += data
        self._read_at = datetime.now(UTC)
        self._paho._last_msg_in = self._paho._last_bytes_received = time.monotonic()  # noqa: SLF001 - see the head
        try:
            self._parse()
        except Exception as error:  # noqa: BLE001 - whatever is wrong in the stream ends this connection
            self._end(error)
        if self._waiting:
            self._arrived.set()
            if len(self._waiting) > self.high and not self._is_held and self._lost is None:
                self._is_held = True
                self._loop.remove_reader(sock.fileno())

    def _parse(self) -> None:
        """Cut the buffer into packets."""
        buffer, start, size = self._buffer, 0, len(self._buffer)
        while size - start > 1:
            length, shift, at = 0, 0, start + 1
            while at < size:
                byte = buffer[at]
                at += 1
                length |= (byte & 127) << shift
                shift += 7
                if byte < 128:  # noqa: PLR2004 - the length's last byte
                    break
            else:
                break
            if size - at < length:
                break
            self._packet(buffer[start], bytes(buffer[at : at + length]))
            start = at + length
        del buffer[:start]

    def _packet(self, head: int, body: bytes) -> None:
        if head >> 4 != _PUBLISH:
            self._other(head, body)
            return
        end = 2 + (body[0] << 8 | body[1])
        qos, mid = head >> 1 & 3, 0
        topic = body[2:end].decode("utf-8", "replace")
        if qos:
            mid = body[end] << 8 | body[end + 1]
            end += 2
        one = Incoming(topic, body[end:], mid, qos, bool(head & 1), self._read_at)
        self._waiting.append(one)
        if self.is_urgent is not None and self.is_urgent(topic, one.payload):
            one.is_urgent = True
            self._urgent.append(one)
            self._pressed.set()

    def _other(self, head: int, body: bytes) -> None:
        """Leave everything but PUBLISH to paho."""
        packet = {"command": head, "remaining_length": len(body), "packet": bytearray(body), "pos": 0}
        self._paho._in_packet |= packet  # noqa: SLF001 - see the module's head
        code = self._paho._packet_handle()  # noqa: SLF001 - see the module's head
        self._paho._in_packet["command"] = 0  # noqa: SLF001 - see the module's head
        if code > 0:
            raise ConnectionError(f"the broker sent nonsense ({code})")

    def _closed(self, *about: Any) -> None:  # noqa: ANN401 - paho's signature
        """Wake who waits (called by paho whenever a connection ends)."""
        self._client._on_disconnect(*about)  # noqa: SLF001 - see the module's head
        self._lost = self._lost or ConnectionError("the connection ended")
        self._waiting.clear()
        self._arrived.set()

    def _end(self, error: Exception) -> None:
        if self._lost is None:
            self._lost = error
            self._paho._loop_rc_handle(_CONN_LOST)  # noqa: SLF001 - see the module's head
