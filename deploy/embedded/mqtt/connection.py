"""One connection: bytes in, packets answered; nothing but CONNECT waits for anything."""

import asyncio
import logging
import socket
import time
from typing import TYPE_CHECKING, cast

from core.errors import Failure
from deploy.embedded.mqtt import packets, topics
from deploy.embedded.mqtt.packets import Connect, Frame, Malformed, Publish, WrongVersion
from deploy.embedded.mqtt.session import Session

if TYPE_CHECKING:
    from deploy.embedded.mqtt.broker import Broker
    from gateway.access import User

_HELLO = 10.0  # seconds to say who one is
_GRACE = 1.5  # of the keep-alive, as the standard says
_BUFFER = 8 * 1024 * 1024
_log = logging.getLogger(__name__)


class Connection(asyncio.Protocol):
    """A client's TCP connection."""

    def __init__(self, broker: "Broker") -> None:
        self.broker = broker
        self.session: Session | None = None
        self.user: User | None = None
        self.will: Publish | None = None
        self.is_full = False
        self.is_held = False
        self._is_closing = False
        self._patience = _HELLO
        self._heard = time.monotonic()
        self._buffer = bytearray()
        self._login: asyncio.Task[None] | None = None
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start to listen; Nagle's delay would cost a receipt 40 ms."""
        self._transport = cast("asyncio.Transport", transport)
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._transport.set_write_buffer_limits(high=_BUFFER)
        self.broker.opened(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """Say the last will unless the client said goodbye."""
        self._is_closing = True
        if self._login is not None:
            self._login.cancel()
        self.broker.closed(self)
        if self.will is not None:
            self.broker.publish(self.will)

    def pause_writing(self) -> None:
        """Hold messages back: the client reads slowly."""
        self.is_full = True

    def resume_writing(self) -> None:
        """Send what was held back."""
        self.is_full = False
        if self.session is not None and self.session.line is self:
            self.session.pump()

    def data_received(self, data: bytes) -> None:
        """Take bytes as they come."""
        self._heard = time.monotonic()
        self._buffer += data
        self._read()

    def write(self, data: bytes) -> None:
        """Send bytes."""
        if not self._is_closing:
            self._transport.write(data)

    def close(self) -> None:
        """End the connection after what is written has gone."""
        self._is_closing = True
        self._transport.close()

    def abort(self) -> None:
        """End the connection at once: nobody is there."""
        self._is_closing = True
        self._transport.abort()

    def is_silent(self, now: float) -> bool:
        """Say whether the client has been silent for longer than it promised."""
        return not self.is_held and self._patience > 0 and now - self._heard > self._patience

    def release(self, now: float) -> None:
        """Read on after the flood."""
        self.is_held = False
        self._heard = now
        self._transport.resume_reading()
        self._read()

    def _read(self) -> None:
        try:
            self._check_first()
            while not (self._is_closing or self.is_held or self._login):
                frame = packets.take(self._buffer, self.broker.limit)
                if frame is None:
                    return
                self._handle(frame)
        except WrongVersion as error:
            self.write(error.answer)
            self.close()
        except Malformed as error:
            _log.info("connection ended: %s", error)
            self.close()

    def _check_first(self) -> None:
        if self.session is None and self._buffer and self._buffer[0] >> 4 != packets.CONNECT:
            raise Malformed("the first packet is not CONNECT")

    def _handle(self, frame: Frame) -> None:
        session, user = self.session, self.user
        if session is None or user is None:
            self._login = asyncio.get_running_loop().create_task(self._enter(packets.connect(frame)))
        elif frame.kind == packets.PUBLISH:
            self._publish(session, user, packets.publish(frame))
        elif frame.kind in {packets.PUBACK, packets.PUBREL}:
            self._acknowledge(session, frame)
        elif frame.kind in {packets.SUBSCRIBE, packets.UNSUBSCRIBE}:
            self._change(session, user, frame)
        elif frame.kind == packets.PINGREQ:
            self.write(packets.PINGRESP_PACKET)
        elif frame.kind == packets.DISCONNECT:
            self.will = None
            self.close()
        else:
            raise Malformed(f"packet of kind {frame.kind}")

    async def _enter(self, hello: Connect) -> None:
        """Check the password first; only then may anything of the client's session be touched."""
        user, answer, name = None, packets.BAD_CREDENTIALS, hello.username or ""
        before = self.broker.expelled[name]
        try:
            user = await self.broker.door.log_in(name, hello.password or "")
        except Failure as error:
            _log.warning("nobody comes in: %s", error)
            answer = packets.UNAVAILABLE
        if user is None or self.broker.expelled[name] != before:  # revoked while the registry was asked
            self.write(packets.write_connack(answer))
            self.close()
            return
        self._patience = hello.keep_alive * _GRACE
        self.user = user
        self.will = self._allowed(user, hello.will)
        self.session, is_present = self.broker.enter(self, user, hello)
        self.write(packets.write_connack(packets.ACCEPTED, present=is_present))
        self._login = None
        self.session.resume(self)
        self._read()

    def _allowed(self, user: "User", will: Publish | None) -> Publish | None:
        if will is None or self.broker.door.may_publish(user, will.topic):
            return will
        self.broker.door.refused(user, will)
        return None

    def _publish(self, session: Session, user: "User", message: Publish) -> None:
        is_again = message.qos > 1 and message.packet_id in session.received
        if not self.broker.door.may_publish(user, message.topic):
            self.broker.door.refused(user, message)
        elif not is_again and not self.broker.publish(message) and user.device_id is not None:
            self.is_held = True
            self._transport.pause_reading()
        if message.qos == 1:
            self.write(packets.write_acknowledge(packets.PUBACK, message.packet_id))
        elif message.qos:
            session.received.add(message.packet_id)
            self.write(packets.write_acknowledge(packets.PUBREC, message.packet_id))

    def _acknowledge(self, session: Session, frame: Frame) -> None:
        number = packets.acknowledged(frame)
        if frame.kind == packets.PUBACK:
            session.acknowledge(number)
        else:
            session.received.discard(number)
            self.write(packets.write_acknowledge(packets.PUBCOMP, number))

    def _change(self, session: Session, user: "User", frame: Frame) -> None:
        if frame.kind == packets.UNSUBSCRIBE:
            number, filters = packets.unsubscribe(frame)
            for wanted in filters:
                self.broker.unsubscribe(session, wanted)
            self.write(packets.write_acknowledge(packets.UNSUBACK, number))
        else:
            self._subscribe(session, user, *packets.subscribe(frame))

    def _subscribe(self, session: Session, user: "User", number: int, wanted: list[tuple[str, int]]) -> None:
        """Answer first, then give what is retained; QoS 2 is granted as 1."""
        answers = []
        for name, qos in wanted:
            plain = topics.split_shared(name)[1]
            is_allowed = topics.is_filter(plain) and self.broker.door.may_subscribe(user, plain)
            answers.append(min(qos, 1) if is_allowed else packets.FAILED)
        self.write(packets.write_suback(number, answers))
        for (name, _), answer in zip(wanted, answers, strict=True):
            if answer != packets.FAILED:
                self.broker.subscribe(session, name, answer)
