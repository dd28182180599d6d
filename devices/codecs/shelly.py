"""Shelly, second generation on: `eco/{hub}/shelly/{prefix}/events/rpc`, `/status/{component}`, `/online`.

A clock that counts from the start of the device is not believed. The first generation is in shelly_gen1.py.
"""

from datetime import datetime
from typing import Any

from devices import thing_models
from devices.codecs import reading, shelly_blu, shelly_gen1
from devices.messages import STATUS, Memory, Message, Rejected, check_text, ignored, learn

ECOSYSTEM = shelly_blu.ECOSYSTEM
_MAP = shelly_blu.MAP
_EVENTS = _MAP["events"]
_QUIET, _FIELDS = frozenset(_MAP["quiet"]["components"]), frozenset(_MAP["quiet"]["fields"])
_FURTHER = tuple(f"{field}_" for field in _FIELDS)
_METHODS = frozenset({"NotifyStatus", "NotifyFullStatus"})
_LAST = frozenset({"debug", "log", "command", "set"})


def decode(hub: str, rest: str, payload: bytes, received_at: datetime, memory: Memory) -> list[Message]:
    """Decode one publish of a device."""
    check_text(rest, reading.LONGEST_TOPIC, "topic")
    if rest.startswith("shellies/"):
        return [shelly_gen1.decode(hub, rest.removeprefix("shellies/"), payload, received_at)]
    if rest.endswith("/online"):
        return [_online(hub, rest.removesuffix("/online"), payload)]
    if _LAST.intersection(rest.split("/")[1:]):
        return [ignored(hub, ECOSYSTEM, rest.split("/", 1)[0])]
    found = reading.object_of(payload)
    prefix, _, component = rest.rpartition("/status/")
    if reading.name(prefix) is not None:
        at, is_bad = reading.instant(found.get("ts"))
        source = shelly_blu.Source(hub, (prefix,), payload, received_at, at, is_bad)
        return _status(source, {component: found}, memory)
    if shelly_blu.is_said_by(found):
        source = shelly_blu.Source(hub, (rest,), payload, received_at, None, has_bad_clock=False)
        return [shelly_blu.decode(source, found)]
    return _rpc(hub, rest, payload, found, received_at, memory)


def _online(hub: str, name: str, payload: bytes) -> Message:
    state = reading.truth(reading.text_of(payload), ["online"], ["offline"])
    if state is None:
        raise Rejected("unknown_status", "online")
    return Message(STATUS, hub, ECOSYSTEM, (name,), "", is_online=state)


def _rpc(
    hub: str, rest: str, payload: bytes, found: dict[str, Any], received_at: datetime, memory: Memory
) -> list[Message]:
    prefix = rest.removesuffix("/rpc").removesuffix("/events")
    names = reading.names(prefix, found.get("src"))
    if isinstance(found.get("result"), dict) and names:
        return _answer(hub, reading.names(found.get("src")) or names, found["result"], memory)
    method, params = found.get("method"), found.get("params")
    if not isinstance(method, str) or not isinstance(params, dict):
        raise Rejected("missing_field", "params" if isinstance(method, str) else "method")
    if not names:
        raise Rejected("bad_topic", "device")
    at, is_bad = reading.instant(params.get("ts"))
    source = shelly_blu.Source(hub, names, payload, received_at, at, is_bad)
    if method in _METHODS:
        return _status(source, params, memory)
    if method == "NotifyEvent":
        return _events(source, params, memory)
    return [ignored(hub, ECOSYSTEM, names[0])]


def _answer(hub: str, names: tuple[str, ...], result: dict[str, Any], memory: Memory) -> list[Message]:
    """Learn from a list of components which Bluetooth device and which of its values each stands for."""
    rows = result.get("components")
    taught = []
    for row in rows if isinstance(rows, list) else ():
        config = row.get("config") if isinstance(row, dict) else None
        key = reading.name(row.get("key")) if isinstance(config, dict) else None
        if key is None or not key.startswith("bthome") or not isinstance(config, dict):
            continue
        address = reading.name(config.get("addr"))
        data = {"address": address, "object": config.get("obj_id")}
        path = f"{names[0]}/{key}"[:300]
        if address and isinstance(data["object"], int | None) and memory.get(path) != data:
            taught.append(learn(hub, ECOSYSTEM, path, data))
    return taught or [ignored(hub, ECOSYSTEM, names[0])]


def _known(source: shelly_blu.Source, component: str, memory: Memory) -> dict[str, Any] | None:
    found = (memory.get(f"{name}/{component}") for name in source.names)
    return next((one for one in found if one), None)


def _status(source: shelly_blu.Source, params: dict[str, Any], memory: Memory) -> list[Message]:
    own = source.message(source.names)
    others: dict[str, Message] = {}
    for component, state in params.items():
        kind = component.partition(":")[0]
        if kind in _QUIET or not isinstance(state, dict):
            continue
        known = _known(source, component, memory)
        if kind.startswith("bthome") and known is not None:
            other = others.setdefault(known["address"], source.message((known["address"],)))
            _child(other.values, kind, state, known)
        else:
            _component(own.values, component, state)
    said = [one for one in (own, *others.values()) if one.values]
    for one in said:
        one.model = thing_models.guess(one.values)
    return said or [ignored(source.hub, ECOSYSTEM, source.names[0])]


def _child(values: dict[str, Any], kind: str, state: dict[str, Any], known: dict[str, Any]) -> None:
    if kind == "bthomesensor":
        metric = _MAP["bthome"]["objects"].get(str(known["object"]))
        reading.put(values, metric, f"object_{known['object']}", state.get("value"))
    else:
        _component(values, kind, state)


def _component(values: dict[str, Any], component: str, state: dict[str, Any]) -> None:
    kind = component.partition(":")[0]
    ours = _MAP["components"].get(kind, {})
    laid = reading.flat(state)
    for field, value in laid.items():
        metric = ours.get(field)
        if value is None or field in _FIELDS or (metric is None and field.startswith(_FURTHER)):
            continue
        theirs = f"{component}_{field}"
        unit = _MAP["units"].get(metric) if metric else None
        if metric in values and not isinstance(values[metric], bool):
            metric = None
        fitted = reading.fit(metric, value, unit) if metric else None
        if metric is None or fitted is None:
            reading.put_aside(values, theirs, value)
        else:
            values[metric] = fitted or values.get(metric) is True or fitted


def _events(source: shelly_blu.Source, params: dict[str, Any], memory: Memory) -> list[Message]:
    rows = params.get("events")
    if not isinstance(rows, list):
        raise Rejected("missing_field", "params.events")
    said = []
    for nth, row in enumerate(row for row in rows if isinstance(row, dict)):
        message = _event(source, row, nth, memory)
        if message is not None:
            said.append(message)
    return said or [ignored(source.hub, ECOSYSTEM, source.names[0])]


def _event(source: shelly_blu.Source, row: dict[str, Any], nth: int, memory: Memory) -> Message | None:
    event, component = row.get("event"), str(row.get("component"))[:100]
    if not isinstance(event, str) or event in _EVENTS["quiet"]:
        return None
    data = row.get("data")
    if isinstance(data, dict) and shelly_blu.is_said_by(data):
        return shelly_blu.decode(source, data, nth)
    known = _known(source, component, memory)
    names = (known["address"],) if known else source.names
    message = source.message(names, nth)
    metric = next(iter(_MAP["components"].get(component.partition(":")[0], {}).values()), None)
    if event in _EVENTS["press"]:
        message.values["action"] = f"{component}_{event}"
        message.is_press = True
    elif (
        metric in {"smoke", "leak", "gas", "co"} and event in _EVENTS["alarm"]["yes"] + _EVENTS["alarm"]["no"]
    ):
        message.values[metric] = event in _EVENTS["alarm"]["yes"]
    else:
        message.values["event"] = f"{component}_{event}"[:200]
    message.model = thing_models.guess(message.values) or ("sos_button_v1" if message.is_press else None)
    return message
