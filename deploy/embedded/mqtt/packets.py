"""The bytes of MQTT 3.1.1 as the server sees them: pure functions, nothing is read or sent here."""

import struct
from dataclasses import dataclass

CONNECT, CONNACK, PUBLISH, PUBACK, PUBREC, PUBREL, PUBCOMP = 1, 2, 3, 4, 5, 6, 7
SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK, PINGREQ, PINGRESP, DISCONNECT = 8, 9, 10, 11, 12, 13, 14
ACCEPTED, WRONG_PROTOCOL, UNAVAILABLE, BAD_CREDENTIALS = 0, 1, 3, 4
FAILED = 0x80  # a SUBACK's answer to a filter that is refused
PINGRESP_PACKET = bytes((PINGRESP << 4, 0))
_VERSION = 4
_HIGHEST_QOS = 2
_REFUSAL_OF_5 = bytes((CONNACK << 4, 3, 0, 0x84, 0))  # MQTT 5: unsupported protocol version, no properties


class Malformed(Exception):  # noqa: N818 - the protocol's word
    """The peer does not speak MQTT 3.1.1; the connection ends."""


class WrongVersion(Malformed):
    """The peer speaks another version of MQTT; `answer` is a CONNACK that it understands."""

    def __init__(self, level: int) -> None:
        super().__init__(f"protocol level {level}: only MQTT 3.1.1 is spoken here")
        self.answer = _REFUSAL_OF_5 if level > _VERSION else write_connack(WRONG_PROTOCOL)


@dataclass(frozen=True)
class Frame:
    """One packet: its type, the flags of its first byte, and the rest."""

    kind: int
    flags: int
    body: bytes


@dataclass(frozen=True)
class Publish:
    """An application message."""

    topic: str
    payload: bytes
    qos: int = 0
    retain: bool = False
    packet_id: int = 0
    number: int = 0
    """By which the journal knows it."""


@dataclass(frozen=True)
class Connect:
    """What a client says first."""

    client_id: str
    clean: bool
    keep_alive: int
    will: Publish | None
    username: str | None
    password: str | None


def take(buffer: bytearray, limit: int) -> Frame | None:
    """Cut the first whole packet off the buffer; None when it is not there yet."""
    length = shift = 0
    for position in range(1, 5):
        if position >= len(buffer):
            return None
        byte = buffer[position]
        length |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            break
    else:
        raise Malformed("length of five bytes")
    if length > limit:
        raise Malformed(f"packet of {length} bytes")
    end = position + 1 + length
    if len(buffer) < end:
        return None
    frame = Frame(buffer[0] >> 4, buffer[0] & 0x0F, bytes(buffer[position + 1 : end]))
    del buffer[:end]
    return frame


class _Reader:
    def __init__(self, body: bytes) -> None:
        self.body = body
        self.at = 0

    def take(self, size: int) -> bytes:
        part = self.body[self.at : self.at + size]
        if len(part) != size:
            raise Malformed("packet too short")
        self.at += size
        return part

    def number(self) -> int:
        return int.from_bytes(self.take(2), "big")

    def binary(self) -> bytes:
        return self.take(self.number())

    def text(self) -> str:
        try:
            found = self.binary().decode("utf-8")
        except UnicodeDecodeError:
            raise Malformed("text is not UTF-8") from None
        if "\0" in found:
            raise Malformed("text with a null character")
        return found

    def rest(self) -> bytes:
        return self.body[self.at :]

    @property
    def has_more(self) -> bool:
        return self.at < len(self.body)


def connect(frame: Frame) -> Connect:
    """Read a CONNECT."""
    read = _Reader(frame.body)
    if read.text() not in {"MQTT", "MQIsdp"}:
        raise Malformed("not MQTT")
    level = read.take(1)[0]
    if level != _VERSION:
        raise WrongVersion(level)
    flags = read.take(1)[0]
    keep_alive = read.number()
    client_id = read.text()
    will = None
    if flags & 0x04:
        will = Publish(
            topic(read.text()), read.binary(), min(flags >> 3 & 3, _HIGHEST_QOS), bool(flags & 0x20)
        )
    username = read.text() if flags & 0x80 else None
    password = read.binary().decode("utf-8", "replace") if flags & 0x40 else None
    return Connect(client_id, bool(flags & 0x02), keep_alive, will, username, password)


def publish(frame: Frame) -> Publish:
    """Read a PUBLISH."""
    read = _Reader(frame.body)
    qos = frame.flags >> 1 & 3
    if qos > _HIGHEST_QOS:
        raise Malformed("QoS 3")
    name = topic(read.text())
    packet_id = packet(read.number()) if qos else 0
    return Publish(name, read.rest(), qos, bool(frame.flags & 1), packet_id)


def subscribe(frame: Frame) -> tuple[int, list[tuple[str, int]]]:
    """Read a SUBSCRIBE: its id and (filter, QoS) pairs."""
    read = _Reader(frame.body)
    packet_id, wanted = packet(read.number()), []
    while read.has_more:
        wanted.append((read.text(), min(read.take(1)[0] & 3, _HIGHEST_QOS)))
    if not wanted:
        raise Malformed("SUBSCRIBE to nothing")
    return packet_id, wanted


def unsubscribe(frame: Frame) -> tuple[int, list[str]]:
    """Read an UNSUBSCRIBE: its id and filters."""
    read = _Reader(frame.body)
    packet_id, filters = packet(read.number()), []
    while read.has_more:
        filters.append(read.text())
    return packet_id, filters


def acknowledged(frame: Frame) -> int:
    """Read the id of a PUBACK, PUBREC, PUBREL or PUBCOMP."""
    return packet(_Reader(frame.body).number())


def packet(number: int) -> int:
    """Check a packet id."""
    if number == 0:
        raise Malformed("packet id 0")
    return number


def topic(name: str) -> str:
    """Check a topic's name: not empty, no wildcard."""
    if not name or "+" in name or "#" in name:
        raise Malformed("a topic that is no name")
    return name


def _packet(kind: int, flags: int, body: bytes) -> bytes:
    size, length = len(body), bytearray()
    while True:
        size, digit = size >> 7, size & 0x7F
        length.append(digit | 0x80 if size else digit)
        if not size:
            return bytes((kind << 4 | flags, *length)) + body


def write_connack(code: int, *, present: bool = False) -> bytes:
    """Write a CONNACK."""
    return _packet(CONNACK, 0, bytes((present and code == ACCEPTED, code)))


def write_publish(message: Publish, packet_id: int, *, duplicate: bool = False) -> bytes:
    """Write a PUBLISH to a subscriber."""
    name = message.topic.encode()
    head = struct.pack("!H", len(name)) + name
    if message.qos:
        head += struct.pack("!H", packet_id)
    return _packet(PUBLISH, duplicate << 3 | message.qos << 1 | message.retain, head + message.payload)


def write_acknowledge(kind: int, packet_id: int) -> bytes:
    """Write a PUBACK, PUBREC, PUBREL, PUBCOMP or UNSUBACK."""
    return _packet(kind, 2 if kind == PUBREL else 0, struct.pack("!H", packet_id))


def write_suback(packet_id: int, answers: list[int]) -> bytes:
    """Write a SUBACK: the QoS granted, or FAILED, for each filter."""
    return _packet(SUBACK, 0, struct.pack("!H", packet_id) + bytes(answers))
