"""Whatever announces itself by Home Assistant's MQTT discovery: `eco/{hub}/home_assistant/{topic as it was}`.

Configurations teach (home_assistant_config.py); what comes on the topics they name is read by them.
"""

from datetime import datetime
from typing import Any

import msgspec

from devices import thing_models
from devices.codecs import home_assistant_config as config
from devices.codecs import home_assistant_memory, reading, templates
from devices.messages import ALARM, STATUS, TELEMETRY, Memory, Message, Rejected, check_text, ignored

ECOSYSTEM = home_assistant_memory.ECOSYSTEM
_MAP = config.MAP
_PREFIX = "homeassistant/"
_PRESS, _RELEASE = frozenset(_MAP["presses"]["words"]), frozenset(_MAP["presses"]["release"])


def decode(hub: str, rest: str, payload: bytes, received_at: datetime, memory: Memory) -> list[Message]:
    """Decode a configuration, a state or an availability."""
    check_text(rest, reading.LONGEST_TOPIC, "topic")
    component = config.is_config(rest, payload)
    if component is not None:
        taught, names = config.learn_from(hub, rest, component, payload, memory)
        return taught or [ignored(hub, ECOSYSTEM, next(iter(names), hub))]
    if rest in _MAP["aside"]["topics"]:
        return [ignored(hub, ECOSYSTEM, hub)]
    refs = home_assistant_memory.refs_of(rest, memory)
    if not refs:
        raise Rejected("not_discovered", rest[:100])
    return _heard(hub, rest, payload, received_at, memory, refs)


def _heard(
    hub: str, rest: str, payload: bytes, received_at: datetime, memory: Memory, refs: list[list[str]]
) -> list[Message]:
    value = reading.text_of(payload)
    value_json = _json(payload)
    found: dict[str, Message] = {}
    online: dict[str, Message] = {}
    for path, role in refs:
        entity = memory.get(f"entity/{path}")
        if entity is None:
            continue
        address = entity["device"][0]
        if role == config.ONLINE:
            status = _status(hub, rest, entity, value, value_json)
            if status is not None:
                online[address] = status
            continue
        if address not in found:
            found[address] = _message(hub, rest, payload, received_at, memory, entity, value_json)
        _add(found[address], entity, role, value, value_json, memory)
    return _all(hub, online, found)


def _all(hub: str, online: dict[str, Message], found: dict[str, Message]) -> list[Message]:
    """Return what is said; an availability of several devices is that of the hub which speaks for them."""
    statuses = list(online.values())
    if len(statuses) > 1:
        statuses = [Message(STATUS, None, "native", (hub,), "", is_online=statuses[0].is_online)]
    said = [one for one in found.values() if one.values or one.alarm or one.is_press]
    return statuses + said or [ignored(hub, ECOSYSTEM, next(iter(found), hub))]


def _json(payload: bytes) -> Any:  # noqa: ANN401 - JSON of any shape
    try:
        return msgspec.json.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _status(hub: str, rest: str, entity: dict[str, Any], value: str, value_json: object) -> Message | None:
    known = entity.get("online", {})
    told = known.get(rest) or known.get(_PREFIX + rest) or {}
    said = _evaluated(told.get("template"), value, value_json)
    if isinstance(said, dict):
        said = said.get("state")  # Zigbee2MQTT says it as JSON, its older discovery without a template
    state = reading.truth(said, [told.get("yes", "online")], [told.get("no", "offline")])
    if state is None:
        return None
    return Message(STATUS, hub, ECOSYSTEM, tuple(entity["device"]), "", is_online=state)


def _message(
    hub: str,
    rest: str,
    payload: bytes,
    received_at: datetime,
    memory: Memory,
    entity: dict[str, Any],
    value_json: object,
) -> Message:
    seen = value_json.get("last_seen") if isinstance(value_json, dict) else None
    at, has_bad_clock = reading.instant(seen)
    names = tuple(entity["device"])
    metrics = memory.get(f"device/{names[0]}") or {}
    return Message(
        TELEMETRY,
        hub,
        ECOSYSTEM,
        names,
        reading.derive("ha", (hub, rest, names[0]), payload, at, received_at),
        at,
        is_id_derived=True,
        has_bad_clock=has_bad_clock,
        model=thing_models.guess(metrics.values()),
    )


def _evaluated(template: str | None, value: str, value_json: object) -> Any:  # noqa: ANN401 - JSON of any shape
    if template is None:
        return value if not isinstance(value_json, dict | list) else value_json
    if template == config.NEVER:
        return None
    return templates.evaluate(template, value, value_json)


def _add(
    message: Message, entity: dict[str, Any], role: str, value: str, value_json: object, memory: Memory
) -> None:
    if role == config.ATTRIBUTES:
        _attributes(message, _evaluated(entity.get("attributes"), value, value_json))
        return
    said = _evaluated(entity.get("template"), value, value_json)
    if said is None or said in ("", "None", "unknown", "unavailable"):
        return
    kind = entity["kind"]
    if kind == "event":
        event = said.get("event_type") if isinstance(said, dict) else said
        press(message, entity, str(event))
    elif kind == "trigger":
        if (not entity.get("payload") or str(said) == entity["payload"]) and not _is_said_twice(
            entity, memory
        ):
            press(message, entity, entity.get("press") or str(said))
    elif kind == "tracker" and isinstance(said, dict):
        _attributes(message, said)
    else:
        _measure(message, entity, said)


def _is_said_twice(entity: dict[str, Any], memory: Memory) -> bool:
    """Say whether the topic above tells the same press as JSON: the first of the two counts."""
    for topic in entity["topics"]:
        above, _, last = topic.rpartition("/")
        refs = memory.get(f"topic/{above}") or () if last == "action" else ()
        if any((memory.get(f"entity/{path}") or {}).get("name") == "action" for path, _ in refs):
            return True
    return False


def press(message: Message, entity: dict[str, Any], event: str) -> None:
    """Note a press, or what else an event says."""
    words = event.lower().replace(" ", "_").replace("-", "_").split("_")
    message.values["action"] = event[:200]
    message.is_press = not _PRESS.isdisjoint(words) and _RELEASE.isdisjoint(words)
    said = next((_MAP["alarms"][word] for word in words if word in _MAP["alarms"]), None)
    alarm = said or (entity.get("alarm") if message.is_press else None)
    if alarm:
        message.kind, message.alarm = ALARM, alarm


def _measure(message: Message, entity: dict[str, Any], said: object) -> None:
    metric, name = entity.get("metric"), entity["name"]
    if entity["kind"] == "value" and name == "action":
        press(message, entity, str(said))
        return
    yes, no = entity.get("yes", ()), entity.get("no", ())
    if entity["kind"] == "truth" and entity.get("alarm") and reading.truth(said, yes, no):
        message.kind, message.alarm = ALARM, entity["alarm"]
    fitted = reading.fit(metric, said, entity.get("unit"), yes, no) if metric else None
    if metric is None or fitted is None:
        reading.put_aside(message.values, name, said)
    elif isinstance(fitted, bool):
        fitted = fitted is not entity.get("inverted", False)
        message.values[metric] = fitted or message.values.get(metric) is True
    else:
        message.values[metric] = fitted


def _attributes(message: Message, said: object) -> None:
    """Read of an entity's attributes what has a name of ours: the rest is for people's eyes."""
    if isinstance(said, dict):
        for theirs, ours in _MAP["attributes"].items():
            if ours not in message.values and (fitted := reading.fit(ours, said.get(theirs))) is not None:
                message.values[ours] = fitted
