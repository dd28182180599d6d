"""What ecosystems say once and mean for ever, by hub: stored with the message, a copy in memory, bounded."""

import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from core.db import Conn
from core.ids import parse_id
from core.sql import load
from devices import values
from devices.messages import LONGEST_KEY, Memory, Message, Rejected, check_text

SQL = load(__file__)
MOST_KEYS, MOST_BYTES, MOST_OF_ONE = 5_000, 4 << 20, 256 << 10
"""A hostile hub fills its own share and no more: keys and bytes of one ecosystem, bytes of one key."""
_MOST_COPIES = 2_000
_PATIENCE = 1.0  # seconds before a copy is read again because a message was not understood
_NOTHING: Memory = {}


@dataclass(slots=True)
class _Copy:
    data: dict[str, Any] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    size: int = 0
    read_at: float = 0.0

    def put(self, key: str, data: Any, size: int) -> None:  # noqa: ANN401 - JSON of any shape
        """Keep one key."""
        self.drop(key)
        self.data[key], self.sizes[key] = data, size
        self.size += size

    def drop(self, key: str) -> None:
        """Forget one key."""
        if key in self.data:
            del self.data[key]
            self.size -= self.sizes.pop(key)


class HubMemory:
    """The copies, the least used one dropped first."""

    def __init__(self) -> None:
        self._copies: OrderedDict[tuple[str, str], _Copy] = OrderedDict()

    def recall(self, hub: str, ecosystem: str) -> Memory:
        """Return what the copy says; `read` has filled it."""
        found = self._copies.get((hub, ecosystem))
        return found.data if found else _NOTHING

    def knows(self, hub: str, ecosystem: str) -> bool:
        """Say whether there is a copy of what a hub has taught, be it nothing."""
        return (hub, ecosystem) in self._copies

    async def read(self, conn: Conn, hub: str, ecosystem: str, *, again: bool = False) -> bool:
        """Fill the copy of a hub if there is none; `again`: unless it is fresh. Say whether it was read."""
        key = (hub, ecosystem)
        found = self._copies.get(key)
        if found is not None and not (again and time.monotonic() - found.read_at > _PATIENCE):
            self._copies.move_to_end(key)
            return False
        identity = parse_id(hub)
        fresh = _Copy(read_at=time.monotonic())
        for row in await conn.fetch(SQL.list_memory, identity, ecosystem) if identity else ():
            fresh.put(row["key"], row["data"], len(msgspec.json.encode(row["data"])))
        self._copies[key] = fresh
        while len(self._copies) > _MOST_COPIES:
            self._copies.popitem(last=False)
        return True

    def clear(self) -> None:
        """Read everything again when it is needed: another process has learned something."""
        self._copies.clear()

    @contextmanager
    def tentative(self) -> Iterator[None]:
        """Forget the copies if the transaction inside fails: what was learned in it is not stored."""
        try:
            yield
        except BaseException:
            self.clear()
            raise

    async def learn(
        self, conn: Conn, hub: str, ecosystem: str, messages: Sequence[Message], now: datetime
    ) -> None:
        """Remember what one uplink teaches, or raise Rejected: all of it or nothing."""
        identity = parse_id(hub)
        if identity is None:
            raise Rejected("unknown_device", "hub")
        await self.read(conn, hub, ecosystem)
        copy = self._copies[hub, ecosystem]
        taught = dict(message.learned for message in messages if message.learned is not None)
        texts = {key: _text(key, data) for key, data in taught.items() if data is not None}
        _check_room(copy, texts)
        gone = [key for key in taught if key not in texts]
        if await _store(conn, identity, ecosystem, texts, gone, now):
            await conn.execute(SQL.ring_memory)
        for key, text in texts.items():
            copy.put(key, taught[key], len(text))
        for key in gone:
            copy.drop(key)


async def _store(
    conn: Conn, hub: UUID, ecosystem: str, texts: Mapping[str, str], gone: Sequence[str], now: datetime
) -> bool:
    changed: list[Any] = []
    if texts:
        changed += await conn.fetch(SQL.learn, hub, ecosystem, list(texts), list(texts.values()), now)
    if gone:
        changed += await conn.fetch(SQL.forget, hub, ecosystem, list(gone))
    return bool(changed)


def _text(key: str, data: Any) -> str:  # noqa: ANN401 - JSON of any shape
    check_text(key, LONGEST_KEY, "key")
    text = values.as_json(data)
    if text is None or len(text) > MOST_OF_ONE:
        raise Rejected("bad_text" if text is None else "too_large", "memory")
    return text


def _check_room(copy: _Copy, texts: Mapping[str, str]) -> None:
    keys = len(copy.data.keys() | texts.keys())
    size = copy.size + sum(len(text) - copy.sizes.get(key, 0) for key, text in texts.items())
    if keys > MOST_KEYS or size > MOST_BYTES:
        raise Rejected("too_much_to_remember", "memory")


async def forget(conn: Conn) -> None:
    """Delete what is remembered of hubs that are out of use."""
    await conn.execute(SQL.drop_memory)
