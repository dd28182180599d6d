"""What a device says, whatever the ecosystem; pure."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from asyncpg.pgproto.pgproto import UUID as FastUUID  # noqa: N811 - the same type, parsed in C

SKEW = timedelta(hours=24)
"""A clock that is wrong by more is not believed."""
TELEMETRY, ALARM, STATUS, IGNORED = "telemetry", "alarm", "status", "ignored"
ANSWER = "answer"
"""What became of a command (`Message.answer`: result and reason; its id is the command's)."""
LEARNED = "learned"
"""Something to remember about a hub, not a message of a device."""
ZONE = "zone_alarm"
"""The alarm bit of a Zigbee zone whose kind the message does not say: the thing model does."""
Memory = Mapping[str, Any]
"""What earlier learned messages of one hub and ecosystem said, by key."""
Recall = Callable[[str, str], Memory]
"""Says what is remembered of (hub, ecosystem)."""
MOST_VALUES, LONGEST_NAME, LONGEST_ID, LONGEST_KEY = 256, 64, 200, 400


@dataclass(slots=True, frozen=True)
class Reply:
    """What the ecosystem's own protocol wants back after the commit.

    The topic is relative to `eco/{hub}/{ecosystem}/`; what came over HTTP has none: it is the answer's body.
    """

    topic: str
    accepted: bytes
    rejected: bytes


class Rejected(Exception):  # noqa: N818 - it is the answer that the device gets
    """A message that is not understood: a stable reason, the field, the message's id if it could be read."""

    def __init__(
        self,
        reason: str,
        field: str | None = None,
        message_id: str | None = None,
        reply: Reply | None = None,
    ) -> None:
        super().__init__(f"{reason} {field}" if field else reason)
        self.reason = reason
        self.field = field
        self.message_id = message_id
        self.reply = reply


@dataclass(slots=True)
class Message:
    """One decoded message; `addresses` are the names under which its device may be registered.

    `learned` is a key and JSON-able data to remember of the hub; None as data forgets the key.
    """

    kind: str
    hub: str | None
    ecosystem: str
    addresses: tuple[str, ...]
    id: str
    at: datetime | None = None
    values: dict[str, Any] = field(default_factory=dict)
    alarm: str | None = None
    cancels: str | None = None
    is_press: bool = False
    is_online: bool | None = None
    is_historical: bool = False
    wants_receipt: bool = False
    is_id_derived: bool = False
    has_bad_clock: bool = False
    model: str | None = None
    reply: Reply | None = None
    learned: tuple[str, Any] | None = None
    is_of_hub: bool = False
    """If nobody has registered the part that speaks, its hub is meant: a controller's pendant."""
    answer: tuple[str, str | None] | None = None
    wrong: Rejected | None = None
    """This part of what was said is not understood; its other parts are."""


_WILD = frozenset("+#\0")
_LONGEST_TOPIC = 65_535


def is_topic(text: str) -> bool:
    """Say whether a broker takes a publish on this: one wildcard ends the connection of who says it."""
    try:
        return not _WILD.intersection(text) and 0 < len(text.encode()) <= _LONGEST_TOPIC
    except UnicodeEncodeError:
        return False


def learn(hub: str, ecosystem: str, key: str, data: Any) -> Message:  # noqa: ANN401 - JSON of any shape
    """Return a message that says what to remember of a hub."""
    return Message(LEARNED, hub, ecosystem, (hub,), "", learned=(key, data))


def ignored(hub: str | None, ecosystem: str, address: str) -> Message:
    """Return a message that says nothing about a home."""
    return Message(IGNORED, hub, ecosystem, (address,), "")


def unread(hub: str | None, ecosystem: str, wrong: Rejected) -> Message:
    """Return a part that is not understood, beside parts that are."""
    return Message(IGNORED, hub, ecosystem, (hub or ecosystem,), "", wrong=wrong)


def key_of(message_id: str) -> UUID:
    """Return the inbox key of a message id: itself if it is a UUID, else its hash."""
    try:
        found: UUID = FastUUID(message_id)
    except ValueError:
        found = UUID(bytes=hashlib.sha256(message_id.encode()).digest()[:16])
    return found


def check_text(text: str, longest: int, name: str) -> str:
    """Return a text that the database can hold, or raise Rejected."""
    if not text or len(text) > longest:
        raise Rejected("too_long" if text else "missing_field", name)
    if "\0" in text:
        raise Rejected("bad_text", name)
    return text
