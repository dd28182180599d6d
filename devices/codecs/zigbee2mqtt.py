"""Zigbee2MQTT under a hub's own prefix: `eco/{hub}/zigbee2mqtt/{friendly name}`.

One press is up to three publishes (the action, its empty echo, plain text on `/action`): the first counts.
Duplicates: with `last_seen` the same bytes are the same message; without, the same bytes within a second are.
"""

import hashlib
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from devices import thing_models
from devices.messages import ALARM, IGNORED, STATUS, TELEMETRY, Memory, Message, Rejected, check_text

ECOSYSTEM = "zigbee2mqtt"
_MAP = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_NAMES: dict[str, str] = _MAP["names"]
_ASIDE: dict[str, list[str]] = _MAP["aside"]
_WORDS = {b"online": True, b"offline": False}
_LONGEST_TOPIC = 300
_ABOUT_ITSELF = frozenset({"last_seen", "device", "update", "action", "historical"})
_EPOCH_MS = 10_000_000_000


def decode(hub: str, rest: str, payload: bytes, received_at: datetime, _memory: Memory) -> list[Message]:
    """Decode one publish of a bridge."""
    return [_one(hub, rest, payload, received_at)]


def _one(hub: str, rest: str, payload: bytes, received_at: datetime) -> Message:
    check_text(rest, _LONGEST_TOPIC, "topic")
    if rest.startswith("bridge/"):
        return _bridge(hub, rest.removeprefix("bridge/"), payload, received_at)
    name, _, last = rest.rpartition("/")
    if name and last == "availability":
        return Message(STATUS, hub, ECOSYSTEM, (name,), "", is_online=_state(payload))
    if name and last in _ASIDE["suffixes"]:
        return Message(IGNORED, hub, ECOSYSTEM, (name,), "")
    return _device(hub, rest, payload, received_at)


def _object(payload: bytes) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Rejected("not_json") from error
    if not isinstance(found, dict):
        raise Rejected("wrong_type", "payload")
    return found


def _state(payload: bytes) -> bool:
    word = payload.strip()
    if word not in _WORDS:
        state = _object(payload).get("state")
        word = state.encode() if isinstance(state, str) else b""
    if word not in _WORDS:
        raise Rejected("unknown_status", "state")
    return _WORDS[word]


def _bridge(hub: str, topic: str, payload: bytes, received_at: datetime) -> Message:
    if topic == "state":
        return Message(STATUS, None, "native", (hub,), "", is_online=_state(payload))
    if topic == "event":
        found = _object(payload)
        data = found.get("data")
        if found.get("type") == "device_leave" and isinstance(data, dict):
            return _left(hub, data, payload, received_at)
        return Message(IGNORED, hub, ECOSYSTEM, (hub,), "")
    if topic.split("/", 1)[0] in _ASIDE["bridge"]:
        return Message(IGNORED, hub, ECOSYSTEM, (hub,), "")
    raise Rejected("unknown_topic", f"bridge/{topic[:50]}")


def _left(hub: str, data: dict[str, Any], payload: bytes, received_at: datetime) -> Message:
    names = tuple(
        check_text(data[key], _LONGEST_TOPIC, key)
        for key in ("friendly_name", "ieee_address")
        if data.get(key) and isinstance(data[key], str)
    )
    if not names:
        raise Rejected("missing_field", "data.friendly_name")
    identity = _derive(hub, "bridge/event", payload, received_at, None)
    return Message(ALARM, hub, ECOSYSTEM, names, identity, alarm="fault", is_id_derived=True)


def _device(hub: str, name: str, payload: bytes, received_at: datetime) -> Message:
    found = _object(payload)
    at, has_bad_clock = _last_seen(found.get("last_seen"))
    block = found.get("device")
    ieee = block.get("ieeeAddr") if isinstance(block, dict) else None
    names = (name, ieee) if isinstance(ieee, str) and ieee != name and "\0" not in ieee else (name,)
    action = found.get("action")
    sos = action in _MAP["actions"]["sos"] if isinstance(action, str) else False
    return Message(
        ALARM if sos else TELEMETRY,
        hub,
        ECOSYSTEM,
        names,
        _derive(hub, name, payload, received_at, at),
        at,
        _values(found),
        alarm="sos" if sos else None,
        is_press=isinstance(action, str) and action in _MAP["actions"]["press"],
        is_historical=found.get("historical") is True,
        is_id_derived=True,
        has_bad_clock=has_bad_clock,
        model=_model(found, sos=sos),
    )


def _values(found: dict[str, Any]) -> dict[str, Any]:
    """Give our names and types to what has some; keep the rest as it is."""
    values: dict[str, Any] = {}
    for theirs, value in found.items():
        ours = _NAMES.get(theirs)
        if ours is None:
            if theirs not in _ABOUT_ITSELF and not isinstance(value, dict | list):
                values[theirs] = value
        elif (number := _cast(ours, value)) is not None:
            values[ours] = not number if theirs in _MAP["invert"] and isinstance(number, bool) else number
    if found.get("action"):
        values["action"] = found["action"]
    return values


def _cast(ours: str, value: object) -> object:
    """Read `80` and `"80.00"` alike, other words as null; any other wrong type is left to the check."""
    metric = thing_models.metrics().get(ours)
    if metric is None or value is None:
        return value
    if metric.is_bool:
        return {"true": True, "false": False, 1: True, 0: False}.get(value, value) if isinstance(
            value, str | int
        ) else value  # fmt: skip
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return None
    return value


def _last_seen(value: object) -> tuple[datetime | None, bool]:
    """Read ISO with an offset or epoch milliseconds; anything else is a clock that is not believed."""
    if value is None:
        return None, False
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            seconds = value / 1000 if value > _EPOCH_MS else value
            return datetime.fromtimestamp(seconds, UTC), False
        if isinstance(value, str):
            at = datetime.fromisoformat(value)
            return (at, False) if at.tzinfo else (None, True)
    except (ValueError, OverflowError, OSError):
        pass
    return None, True


def _derive(hub: str, name: str, payload: bytes, received_at: datetime, at: datetime | None) -> str:
    second = "" if at else str(int(received_at.timestamp()))
    text = b"\0".join((hub.encode(), name.encode(), payload, second.encode()))
    return f"z2m-{hashlib.sha256(text).hexdigest()[:40]}"


def _model(found: dict[str, Any], *, sos: bool) -> str | None:
    if sos:
        return "sos_button_v1"
    return next((kind for key, kind in _MAP["kinds"].items() if key in found), None)
