"""A hub that speaks: what it teaches is remembered for what it says next."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from devices import codecs
from devices.messages import ALARM, STATUS, TELEMETRY, Message, Rejected

NOW = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)
_DATA = Path(__file__).parent.parent / "data"
_SAID = {TELEMETRY, ALARM, STATUS}


@dataclass
class Hub:
    """One hub of one ecosystem."""

    ecosystem: str
    memory: dict[str, Any] = field(default_factory=dict)

    def says(self, rest: str, body: Any, at: datetime = NOW) -> list[Message]:
        """Return everything that one publish becomes."""
        payload = body if isinstance(body, bytes) else json.dumps(body).encode()
        topic = f"eco/hub/{self.ecosystem}/{rest}"
        messages = codecs.decode(topic, payload, at, lambda _hub, _ecosystem: self.memory)
        for message in messages:
            if message.learned is not None:
                key, data = message.learned
                self.memory.pop(key, None) if data is None else self.memory.__setitem__(key, data)
        return messages

    def one(self, rest: str, body: Any, at: datetime = NOW) -> Message:
        """Return the one message of a device that a publish becomes."""
        (message,) = [one for one in self.says(rest, body, at) if one.kind in _SAID]
        return message

    def values(self, rest: str, body: Any) -> dict[str, Any]:
        """Return what a publish measures."""
        return self.one(rest, body).values

    def kinds(self, rest: str, body: Any) -> list[str]:
        """Return the kinds of what a publish becomes."""
        return [message.kind for message in self.says(rest, body)]

    def refusal(self, rest: str, body: Any) -> tuple[str, str | None]:
        """Return why a publish is refused."""
        with pytest.raises(Rejected) as wrong:
            self.says(rest, body)
        return wrong.value.reason, wrong.value.field


def recorded(name: str) -> list[dict[str, Any]]:
    """Return the lines of a file of tests/data."""
    lines = (_DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]
