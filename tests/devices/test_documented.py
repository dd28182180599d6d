"""Messages as the ecosystems' documentation shows them, each with what it should become."""

import base64
import json
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from devices import thing_models
from devices.codecs import ALIASES
from devices.messages import ALARM, IGNORED, LEARNED, Message
from tests.devices.saying import Hub

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
_FILE = Path(__file__).parent.parent / "data" / "documented.jsonl"


def _by_ecosystem() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found[ALIASES.get(row["ecosystem"], row["ecosystem"])].append(row)
    return found


LINES = _by_ecosystem()


def _payload(row: dict[str, Any]) -> bytes:
    text = row.get("payload")
    return base64.b64decode(row["payload_base64"]) if text is None else str(text).encode()


def _alarms(message: Message) -> set[str]:
    """Return the alarms of a message: its own, and of values that are one when they are true."""
    metrics = thing_models.metrics()
    flags = {
        metrics[name].alarm for name, value in message.values.items() if name in metrics and value is True
    }
    return {alarm for alarm in (*flags, message.alarm) if alarm}


def _check(said: list[Message], wanted: dict[str, Any]) -> None:
    parts = [one for one in said if one.kind not in {IGNORED, LEARNED}] or said
    live = [one for one in parts if not one.is_historical]
    alarms = {alarm for one in live for alarm in _alarms(one)}
    assert set(wanted.get("device", ())) <= {"*"} or {name for one in parts for name in one.addresses} & set(
        wanted["device"]
    )
    assert "kind" not in wanted or {one.kind for one in said} & {*wanted["kind"]}
    assert "alarms" not in wanted or alarms == set(wanted["alarms"])
    assert "anyalarm" not in wanted or wanted["anyalarm"] in alarms
    assert "press" not in wanted or any(one.is_press or one.kind == ALARM for one in parts) is wanted["press"]
    assert "online" not in wanted or wanted["online"] in {one.is_online for one in parts}
    assert "receipt" not in wanted or any(one.reply for one in said)
    assert "historical" not in wanted or any(one.is_historical for one in parts)
    assert "others" not in wanted or len(parts) > 1
    values = {name: value for one in reversed(parts) for name, value in one.values.items()}
    for name, value in wanted.get("values", {}).items():
        assert values.get(name) == pytest.approx(value, abs=0.01), (name, values)


@pytest.mark.parametrize("ecosystem", sorted(LINES))
def test_what_an_ecosystem_documents_becomes_what_it_means(ecosystem: str) -> None:
    hub = Hub(ecosystem)
    for row in LINES[ecosystem]:
        if row["becomes"].get("rejected"):
            hub.refusal(row["topic"], _payload(row))
            continue
        rest = row["topic"].removeprefix("zigbee2mqtt/")
        _check(hub.says(rest, _payload(row), NOW), row["becomes"])
