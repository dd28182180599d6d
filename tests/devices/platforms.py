"""What tests of codecs share: recorded lines of tests/data and a message by hand."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from devices import codecs
from devices.messages import Memory, Message, Rejected

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
MS = int(NOW.timestamp() * 1000)
_DATA = Path(__file__).parent.parent / "data"


def say(ecosystem: str, topic: str, body: Any, memory: Memory | None = None) -> list[Message]:
    """Decode a message of hub `hub` received at NOW."""
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    return codecs.decode(f"eco/hub/{ecosystem}/{topic}", payload, NOW, lambda _hub, _eco: memory or {})


def line(name: str, nth: int) -> list[Message]:
    """Decode a recorded line."""
    row = json.loads((_DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()[nth])
    return say(name, row["topic"], row["payload"].encode())


def reason(ecosystem: str, topic: str, body: Any) -> str:
    """Return why a message is rejected."""
    with pytest.raises(Rejected) as wrong:
        say(ecosystem, topic, body)
    return wrong.value.reason


def line_reason(name: str, nth: int) -> str:
    """Return why a recorded line is rejected."""
    with pytest.raises(Rejected) as wrong:
        line(name, nth)
    return wrong.value.reason
