"""Tasmota under a hub: `eco/{hub}/tasmota/{full topic}`, in whatever order prefix and name stand in it.

Its clock has no zone unless it gives an epoch or an offset: then the time received counts, unflagged.
"""

from datetime import datetime
from typing import Any

from devices import thing_models
from devices.codecs import naming, reading, tasmota_radio
from devices.messages import STATUS, Memory, Message, Rejected, check_text, ignored

ECOSYSTEM = tasmota_radio.ECOSYSTEM
_MAP = tasmota_radio.MAP
_ITSELF = frozenset(_MAP["aside"]["itself"])
_PREFIXES = frozenset(_MAP["prefixes"])
_UNITS = {"C": "°C", "F": "°F", "K": "K"}
_DEEPEST = 3
_SILENT = tuple(_MAP["aside"]["kinds"])


def decode(hub: str, rest: str, payload: bytes, received_at: datetime, memory: Memory) -> list[Message]:
    """Decode one publish of a device, or of a bridge for its children."""
    check_text(rest, reading.LONGEST_TOPIC, "topic")
    levels = [level for level in rest.split("/") if level]
    if levels[:1] == ["domoticz"]:
        return [_domoticz(hub, payload, received_at)]
    if levels[:2] == ["tasmota", "discovery"]:
        return [ignored(hub, ECOSYSTEM, levels[-1])]
    prefix = next((level for level in levels if level in _PREFIXES), None)
    name = "/".join(level for level in levels[:-1] if level != prefix)
    if prefix is None or not name:
        raise Rejected("unknown_topic", rest[:50])
    kind = levels[-1].upper()
    if kind == "LWT":
        return [_lwt(hub, name, payload)]
    if prefix == "cmnd" or (kind.startswith(_SILENT) and kind not in _SENSORS):
        return [ignored(hub, ECOSYSTEM, name)]
    if kind.startswith("POWER"):
        found: dict[str, Any] = {kind: reading.text_of(payload)}
    else:
        found = reading.object_of(payload)
    source = tasmota_radio.Source(hub, name, payload, received_at, *_clock(found))
    return _all(source, found, memory) or [ignored(hub, ECOSYSTEM, name)]


_SENSORS = {"STATUS8": "StatusSNS", "STATUS10": "StatusSNS", "STATUS11": "StatusSTS"}


def _lwt(hub: str, name: str, payload: bytes) -> Message:
    word = reading.text_of(payload).lower()
    if word not in {"online", "offline"}:
        raise Rejected("unknown_status", "LWT")
    return Message(STATUS, hub, ECOSYSTEM, (name,), "", is_online=word == "online")


def _clock(found: dict[str, Any]) -> tuple[datetime | None, bool]:
    if "Epoch" in found:
        return reading.instant(reading.number(found["Epoch"]))
    at, _ = reading.instant(found.get("Time"))
    return at, False


def _domoticz(hub: str, payload: bytes, received_at: datetime) -> Message:
    """Read what is written for Domoticz: a number that only Domoticz knows, and its value."""
    found = reading.object_of(payload)
    index = reading.name(str(found.get("idx", "")))
    if index is None:
        raise Rejected("missing_field", "idx")
    source = tasmota_radio.Source(hub, f"domoticz/{index[:50]}", payload, received_at, None, False)
    message = source.message((source.name,))
    for theirs, value in found.items():
        if theirs != "idx":
            reading.put(message.values, {"Battery": "battery"}.get(theirs), theirs, value)
    return message


def _all(source: tasmota_radio.Source, found: dict[str, Any], memory: Memory) -> list[Message]:
    """Read a device's own values, and those of whom it hears by radio: Zigbee, 433 MHz, Bluetooth."""
    for inner in _SENSORS.values():
        if isinstance(found.get(inner), dict):
            found = found[inner]
    others: list[Message] = []
    own = source.message((source.name,))
    units = {metric: _unit(found.get(key)) for key, metric in _MAP["units"].items()}
    for key, value in found.items():
        radio = tasmota_radio.RADIOS.get(key)
        if radio is not None and isinstance(value, dict):
            others += radio(source, value, memory)
        elif isinstance(value, dict) and isinstance(value.get("mac"), str):
            other = source.message(reading.names(value["mac"], key))
            _block(other.values, key, value, units)
            others.append(other)
        else:
            _one(own, key, value, units)
    for other in others:
        other.model = other.model or thing_models.guess(other.values)
    own.model = thing_models.guess(own.values)
    return ([own] if own.values or own.is_press else []) + others


def _unit(value: object) -> str | None:
    return _UNITS.get(value, value) if isinstance(value, str) else None


def _one(message: Message, key: str, value: object, units: dict[str, str | None]) -> None:
    values = message.values
    if key in _ITSELF or value is None:
        return
    if isinstance(value, dict) and isinstance(value.get("Action"), str):
        action = value["Action"]
        values["action"] = f"{key}_{action}"[:200].lower()
        message.is_press = action.upper() in _MAP["actions"]["press"]
    elif key.startswith("POWER") and isinstance(value, str):
        reading.put(values, None if "switched_on" in values else "switched_on", key.lower(), value)
    elif isinstance(value, dict):
        _block(values, key, value, units)
    else:
        measure(values, key, "", value, units)


def _block(
    values: dict[str, Any],
    block: str,
    found: dict[str, Any],
    units: dict[str, str | None],
    left: int = _DEEPEST,
) -> None:
    for key, value in found.items():
        if key in _ITSELF or value is None:
            continue
        if isinstance(value, dict) and value and left:
            _block(values, f"{block}_{key}", value, units, left - 1)
        else:
            measure(values, key, block, value, units)


def measure(
    values: dict[str, Any], key: str, block: str, value: object, units: dict[str, str | None]
) -> None:
    """Put a value under our name, or aside under theirs if it has none or another sensor has taken it."""
    theirs = f"{block}_{key}" if block else key
    told = _MAP["names"].get(key)
    if told is None or (key in _MAP["energy"]["only"] and block != "ENERGY"):
        found = naming.metric_of(key, is_bool=reading.number(value) is None) if block else None
        told = {"metric": found}
    metric = told["metric"]
    if metric == "temperature" and block in _MAP["chips"]["names"]:
        metric = "device_temperature"
    unit = units.get(metric) or told.get("unit") if metric else None
    fitted = (
        reading.fit(metric, value, unit, told.get("yes", ())) if metric and metric not in values else None
    )
    if fitted is None:
        reading.put_aside(values, theirs, value)
    else:
        values[metric] = fitted
