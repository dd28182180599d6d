"""Public ids: UUID version 7 (RFC 9562 §5.7), sortable by the time they were made."""

import os
import time
from uuid import UUID

_VERSION = 0x7 << 76
_VARIANT = 0x2 << 62
_RANDOM_A = 0xFFF << 64
_RANDOM_B = (1 << 62) - 1


def new_id() -> UUID:
    """Return a new UUIDv7."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds & ((1 << 48) - 1)) << 80
    return UUID(int=value | _VERSION | (random & _RANDOM_A) | _VARIANT | (random & _RANDOM_B))


def parse_id(text: str) -> UUID | None:
    """Return the UUID that `text` spells, or None: an id that is none simply does not exist."""
    try:
        return UUID(text)
    except ValueError:
        return None
