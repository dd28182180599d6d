"""What a device says, whatever the ecosystem; pure."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from asyncpg.pgproto.pgproto import UUID as FastUUID  # noqa: N811 - the same type, parsed in C

SKEW = timedelta(hours=24)
"""A clock that is wrong by more is not believed."""
TELEMETRY, ALARM, STATUS, IGNORED = "telemetry", "alarm", "status", "ignored"
MOST_VALUES, LONGEST_NAME, LONGEST_ID = 256, 64, 200


class Rejected(Exception):  # noqa: N818 - it is the answer that the device gets
    """A message that is not understood: a stable reason, the field, the message's id if it could be read."""

    def __init__(self, reason: str, field: str | None = None, message_id: str | None = None) -> None:
        super().__init__(f"{reason} {field}" if field else reason)
        self.reason = reason
        self.field = field
        self.message_id = message_id


@dataclass(slots=True)
class Message:
    """One decoded message; `addresses` are the names under which its device may be registered."""

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
