"""Zigbee2MQTT under a hub's own prefix: `eco/{hub}/zigbee2mqtt/{friendly name}`.

One press is up to three publishes (the action, its empty echo, plain text on `/action`): the first counts.
Duplicates: with `last_seen` the same bytes are the same message; without, the same bytes within a second are.
The bridge's list of devices (zigbee2mqtt_bridge.py) says what each property means; without it the names do.
"""

from datetime import datetime
from typing import Any

import msgspec

from devices import thing_models
from devices.codecs import reading, zigbee2mqtt_bridge
from devices.messages import ALARM, STATUS, TELEMETRY, Memory, Message, check_text, ignored

ECOSYSTEM = "zigbee2mqtt"
_MAP = reading.names_of(__file__)
_NAMES: dict[str, str] = _MAP["names"]
_ITSELF = frozenset(_MAP["aside"]["itself"])
_ACTIONS = _MAP["actions"]
_PRESS, _RELEASE = frozenset(_ACTIONS["press"]), frozenset(_ACTIONS["release"])


def decode(hub: str, rest: str, payload: bytes, received_at: datetime, memory: Memory) -> list[Message]:
    """Decode one publish of a bridge."""
    check_text(rest, reading.LONGEST_TOPIC, "topic")
    if rest.startswith("bridge/"):
        return zigbee2mqtt_bridge.decode(hub, rest.removeprefix("bridge/"), payload, received_at, memory)
    name, _, last = rest.rpartition("/")
    if name and last == "availability":
        state = zigbee2mqtt_bridge.state(payload)
        return [Message(STATUS, hub, ECOSYSTEM, _addresses(name, {}, memory), "", is_online=state)]
    if name and memory.get("output") == "attribute" and f"name/{name}" in memory:
        return _attribute(hub, name, last, payload, received_at, memory)
    if rest in memory.get("groups", ()) or (name and last in _MAP["aside"]["suffixes"]):
        return [ignored(hub, ECOSYSTEM, name or rest)]
    return [_device(hub, rest, payload, reading.object_of(payload), received_at, memory)]


def _attribute(
    hub: str, name: str, last: str, payload: bytes, received_at: datetime, memory: Memory
) -> list[Message]:
    """Read one property on a topic of its own, as a bridge with `output: attribute` publishes."""
    if last in {"set", "get"}:
        return [ignored(hub, ECOSYSTEM, name)]
    try:
        value = msgspec.json.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        value = reading.text_of(payload)
    return [_device(hub, name, last.encode() + b"\0" + payload, {last: value}, received_at, memory)]


def _addresses(name: str, found: dict[str, Any], memory: Memory) -> tuple[str, ...]:
    """Return the names of a device: the friendly one, the lasting one, and those it had before."""
    block = found.get("device")
    ieee = block.get("ieeeAddr") if isinstance(block, dict) else None
    lasting = memory.get(f"name/{name}")
    known = memory.get(f"device/{lasting}", {})
    before = [old for old in known.get("was", ()) if f"name/{old}" not in memory]
    return reading.names(name, ieee, lasting, *before)


def _device(
    hub: str, name: str, payload: bytes, found: dict[str, Any], received_at: datetime, memory: Memory
) -> Message:
    at, has_bad_clock = reading.instant(found.get("last_seen"))
    known = memory.get(f"device/{memory.get(f'name/{name}')}", {})
    action = found.get("action") or found.get("click")
    values = _values(found, known.get("exposes", {}))
    tokens = action.split("_") if isinstance(action, str) else []
    _act(values, action, tokens)
    alarm = _alarm(found, tokens)
    return Message(
        ALARM if alarm else TELEMETRY,
        hub,
        ECOSYSTEM,
        _addresses(name, found, memory),
        reading.derive("z2m", (hub, name), payload, at, received_at),
        at,
        values,
        alarm=alarm,
        is_press=not _PRESS.isdisjoint(tokens) and _RELEASE.isdisjoint(tokens),
        is_historical=found.get("historical") is True,
        is_id_derived=True,
        has_bad_clock=has_bad_clock,
        model=known.get("model") or _model(found, values, alarm),
    )


def _alarm(found: dict[str, Any], tokens: list[str]) -> str | None:
    for token in tokens:
        if token in _ACTIONS["alarms"]:
            return str(_ACTIONS["alarms"][token])
    said = (kind for theirs, kind in _MAP["alarms"].items() if reading.truth(found.get(theirs)))
    return next(said, None)


def _values(found: dict[str, Any], exposes: dict[str, Any]) -> dict[str, Any]:
    """Give our names, types and units to what has some; keep the rest as it is."""
    values: dict[str, Any] = {}
    for theirs, value in found.items():
        if theirs in _ITSELF or value is None:
            continue
        ours, fitted = _fit(theirs, value, exposes.get(theirs, {}), found)
        if ours is None or fitted is None:
            reading.put_aside(values, theirs, value)
        elif isinstance(fitted, bool) and values.get(ours) is True:
            continue  # two parts of one device: an alarm of either is an alarm
        else:
            values[ours] = fitted
    return values


def _fit(
    theirs: str, value: object, exposed: dict[str, Any], found: dict[str, Any]
) -> tuple[str | None, float | bool | None]:
    words = _MAP["words"].get(theirs)
    if words is not None and isinstance(value, str):
        return words["metric"], _word(value.lower(), words)
    ours = exposed["metric"] if "metric" in exposed else _NAMES.get(theirs)
    if not ours:
        return None, None
    unit = exposed.get("unit")
    if ours == "voltage" and unit is None and any(name in found for name in _MAP["volts"]["mains"]):
        unit = "V"
    fitted = reading.fit(ours, value, unit, exposed.get("yes", ()), exposed.get("no", ()))
    inversion = _MAP["invert"].get(exposed.get("name", theirs))
    inverted = inversion == "always" or (inversion is not None and "yes" not in exposed)
    return ours, not fitted if inverted and isinstance(fitted, bool) else fitted


def _word(value: str, words: dict[str, Any]) -> bool | None:
    return True if value in words["yes"] else False if value in words["no"] else None


def _act(values: dict[str, Any], action: object, tokens: list[str]) -> None:
    if action:
        values["action"] = action
    for token in tokens:
        if token in _ACTIONS["values"]:
            values[_ACTIONS["values"][token]] = True


def _model(found: dict[str, Any], values: dict[str, Any], alarm: str | None) -> str | None:
    if alarm == "sos":
        return "sos_button_v1"
    own = next((kind for theirs, kind in _MAP["kinds"].items() if theirs in found), None)
    return own or thing_models.guess(values)
