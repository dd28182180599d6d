"""Logs of real messages, one JSON object a line: `{at, topic, payload, ecosystem?, hub?}`; pure."""

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from core.clock import ZONE
from core.errors import Failure
from devices import codecs
from devices.codecs import ALIASES, ECOSYSTEMS, zigbee2mqtt
from devices.messages import Memory, Message

_ANY_HUB = "hub"
_BASED = frozenset({zigbee2mqtt.ECOSYSTEM})
"""Ecosystems whose own base topic a hub's prefix replaces; the others stand whole behind it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One recorded message; `topic` is as the gateway would hear it, `raw_topic` as it was written."""

    number: int
    at: datetime | None
    topic: str
    raw_topic: str
    payload: bytes


@dataclass(slots=True)
class Remembered:
    """What the hubs of a recording have said so far that explains what they say next."""

    _learned: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    def recall(self, hub: str, ecosystem: str) -> Memory:
        """Return what is remembered of a hub."""
        return self._learned.setdefault((hub, ecosystem), {})

    def decode(self, line: Line, received_at: datetime) -> list[Message]:
        """Decode one recorded message and remember what it teaches, or raise Rejected."""
        messages = codecs.decode(line.topic, line.payload, received_at, self.recall)
        for message in messages:
            if message.learned is not None:
                memory = self._learned.setdefault((message.hub or "", message.ecosystem), {})
                key, data = message.learned
                if data is None:
                    memory.pop(key, None)
                else:
                    memory[key] = data
        return messages


def read(lines: Iterable[str], *, needs_time: bool = True) -> Iterator[Line]:
    """Read a log; raise Failure naming the line that is none."""
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            row = msgspec.json.decode(text)
            at = _instant(row.get("at"))
            topic = row["topic"]
            payload = _payload(row)
        except (
            msgspec.MsgspecError,
            KeyError,
            AttributeError,
            ValueError,
            TypeError,
            RecursionError,
        ) as error:
            raise Failure(f"line {number}: {error}") from error
        if needs_time and at is None:
            raise Failure(f"line {number}: `at` is missing")
        if not isinstance(topic, str):
            raise Failure(f"line {number}: `topic` is no text")
        yield Line(number, at, _heard_as(topic, row), topic, payload)


def _payload(row: dict[str, Any]) -> bytes:
    """Return the bytes of a message: a text, JSON as it stands, or `payload_base64` of what is no text."""
    if "payload_base64" in row:
        return base64.b64decode(row["payload_base64"], validate=True)
    payload = row["payload"]
    return payload.encode() if isinstance(payload, str) else msgspec.json.encode(payload)


def _instant(value: object) -> datetime | None:
    """Read a time; without a zone it is the homes' own."""
    if value is None:
        return None
    at = datetime.fromisoformat(str(value))
    return at if at.tzinfo else at.replace(tzinfo=ZONE)


def _heard_as(topic: str, row: dict[str, Any]) -> str:
    """Put a foreign topic under its hub's prefix, as the hub's own base topic would."""
    if topic.startswith(("yl/v1/", "eco/")):
        return topic
    ecosystem = str(row.get("ecosystem") or codecs.guess(topic) or topic.partition("/")[0])
    ecosystem = ALIASES.get(ecosystem, ecosystem)
    if ecosystem not in ECOSYSTEMS:
        return topic
    rest = topic.removeprefix(f"{ecosystem}/") if ecosystem in _BASED else topic
    return f"eco/{row.get('hub') or _ANY_HUB}/{ecosystem}/{rest}"
