"""What the broker owes the platform's services, kept in a file: a broker that is killed owes it still.

A record is written before the sender is answered, so that an acknowledgement outlives the process (kill -9);
the disk is asked to keep it once a second, so that a power cut may take back the last second. Devices' own
sessions are not here: what they are owed, receipts, comes again when they repeat themselves.
"""

import json
import os
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from deploy.embedded.mqtt.packets import Publish

_HEAD = struct.Struct("!BHQI")  # kind, length of the client id, number, length of what follows
_LISTENS, _OWED, _DONE, _GONE = 1, 2, 3, 4
_SMALL, _LARGE = 1024 * 1024, 256 * 1024 * 1024


@dataclass
class Owed:
    """One session as it was."""

    filters: dict[str, int] = field(default_factory=dict)
    messages: dict[int, Publish] = field(default_factory=dict)


class Journal:
    """An append-only file; it starts anew when nothing is owed, and is rewritten when it has grown."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.sessions: dict[str, Owed] = {}
        self._last = 0
        for kind, client_id, number, body in _read(path):
            self._apply(kind, client_id, number, body)
            self._last = max(self._last, number)
        self._file = -1
        self._size = 0
        self._rewrite()

    def listens(self, client_id: str, filters: dict[str, int]) -> None:
        """Keep what a session listens to."""
        self._append(_LISTENS, client_id, 0, json.dumps(filters).encode())
        self._of(client_id).filters = dict(filters)

    def owe(self, client_id: str, message: Publish) -> int:
        """Keep a message; return its number."""
        self._append(_OWED, client_id, self._last + 1, _pack(message))
        self._last += 1
        self._of(client_id).messages[self._last] = message
        return self._last

    def done(self, client_id: str, number: int) -> None:
        """Forget a message that has been acknowledged."""
        self._append(_DONE, client_id, number, b"")
        self._of(client_id).messages.pop(number, None)
        is_idle = self._size > _SMALL and not any(one.messages for one in self.sessions.values())
        if is_idle or self._size > _LARGE:
            self._rewrite()

    def gone(self, client_id: str) -> None:
        """Forget a session."""
        if client_id in self.sessions:
            self._append(_GONE, client_id, 0, b"")
            del self.sessions[client_id]

    def sync(self) -> None:
        """Ask the disk to keep what is written (in a thread: it may take its time)."""
        with suppress(OSError):  # a rewriting has closed the file meanwhile, and asked for the new one itself
            os.fsync(self._file)

    def close(self) -> None:
        """Write no more."""
        self.sync()
        os.close(self._file)

    def _of(self, client_id: str) -> Owed:
        return self.sessions.setdefault(client_id, Owed())

    def _append(self, kind: int, client_id: str, number: int, body: bytes) -> None:
        """Write a record, or raise and leave the file as it was: the sender is then not answered."""
        data = _record(kind, client_id, number, body)
        try:
            _write(self._file, data)
        except OSError:
            os.ftruncate(self._file, self._size)
            raise
        self._size += len(data)

    def _apply(self, kind: int, client_id: str, number: int, body: bytes) -> None:
        if kind == _GONE:
            self.sessions.pop(client_id, None)
            return
        session = self._of(client_id)
        if kind == _LISTENS:
            session.filters = json.loads(body)
        elif kind == _OWED:
            session.messages[number] = _unpack(body)
        else:
            session.messages.pop(number, None)

    def _rewrite(self) -> None:
        """Write a new file with what is still owed, and put it in the place of the old one."""
        draft = self.path.with_suffix(".new")
        fresh = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        self._size = 0
        for client_id, session in self.sessions.items():
            records = [_record(_LISTENS, client_id, 0, json.dumps(session.filters).encode())]
            records += [
                _record(_OWED, client_id, number, _pack(one)) for number, one in session.messages.items()
            ]
            data = b"".join(records)
            self._size += len(data)
            _write(fresh, data)
        os.fsync(fresh)
        draft.replace(self.path)
        if self._file >= 0:
            os.close(self._file)
        self._file = fresh


def _write(file: int, data: bytes) -> None:
    """Write all of it."""
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]


def _record(kind: int, client_id: str, number: int, body: bytes) -> bytes:
    name = client_id.encode()
    return _HEAD.pack(kind, len(name), number, len(body)) + name + body


def _pack(message: Publish) -> bytes:
    topic = message.topic.encode()
    return struct.pack("!BH", message.qos << 1 | message.retain, len(topic)) + topic + message.payload


def _unpack(body: bytes) -> Publish:
    flags, length = struct.unpack_from("!BH", body)
    return Publish(body[3 : 3 + length].decode(), body[3 + length :], flags >> 1, bool(flags & 1))


def _read(path: Path) -> Iterator[tuple[int, str, int, bytes]]:
    """Read every whole record; the last one may have been cut off by the kill."""
    if not path.exists():
        return
    data, at = path.read_bytes(), 0
    while at + _HEAD.size <= len(data):
        kind, name, number, size = _HEAD.unpack_from(data, at)
        at += _HEAD.size
        if at + name + size > len(data):
            return
        client_id, body = data[at : at + name].decode(), data[at + name : at + name + size]
        at += name + size
        yield kind, client_id, number, body
