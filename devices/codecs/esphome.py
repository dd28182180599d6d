"""ESPHome's own topics, `eco/{hub}/esphome/{node}/{component}/{object}/state`, and its discovery if it is on.

A state is plain text without a unit: the object's name says what it is, unless its discovery has said it.
"""

from datetime import datetime

from devices import thing_models
from devices.codecs import home_assistant, home_assistant_config, naming, reading
from devices.messages import ALARM, STATUS, TELEMETRY, Memory, Message, Rejected, check_text, ignored

ECOSYSTEM = "esphome"
_MAP = reading.names_of(__file__)
_LEVELS = 4
_ABSENT = frozenset({"", "nan", "unknown", "unavailable", "none"})
_DISCOVERIES = ("homeassistant/", "esphome/discover")


def decode(hub: str, rest: str, payload: bytes, received_at: datetime, memory: Memory) -> list[Message]:
    """Decode a state, a birth or will, or a configuration."""
    check_text(rest, reading.LONGEST_TOPIC, "topic")
    levels = rest.split("/")
    if home_assistant_config.is_config(rest) or f"topic/{rest}" in memory:
        return _discovered(hub, rest, payload, received_at, memory)
    if rest.startswith(_DISCOVERIES) or levels[-1] in _MAP["aside"]["last"]:
        return [ignored(hub, ECOSYSTEM, levels[0])]
    if levels[-1] == "status" and len(levels) > 1:
        return [_status(hub, rest.removesuffix("/status"), payload)]
    if len(levels) < _LEVELS or levels[-1] != "state":
        raise Rejected("unknown_topic", rest[:50])
    return [_state(hub, levels, payload, received_at)]


def _discovered(hub: str, rest: str, payload: bytes, received_at: datetime, memory: Memory) -> list[Message]:
    """Read by discovery; the node is a name of the device as in its plain topics."""
    messages = home_assistant.decode(hub, rest, payload, received_at, memory)
    node = rest.rsplit("/", 3)[0] if rest.endswith("/state") else rest.rpartition("/")[0]
    for message in messages:
        if message.learned is None and message.hub is not None:
            message.addresses = reading.names(node, *message.addresses)
        message.ecosystem = ECOSYSTEM if message.hub is not None else message.ecosystem
    return messages


def _status(hub: str, node: str, payload: bytes) -> Message:
    word = reading.text_of(payload).lower()
    if word not in {"online", "offline"}:
        raise Rejected("unknown_status", "status")
    return Message(STATUS, hub, ECOSYSTEM, (node,), "", is_online=word == "online")


def _state(hub: str, levels: list[str], payload: bytes, received_at: datetime) -> Message:
    """Read `…/component/object/state`; a climate's and a cover's have one level more."""
    more = int(levels[-3] not in _MAP["components"] and len(levels) > _LEVELS)
    component, name = levels[-3 - more], levels[-2 - more]
    kind = _MAP["components"].get(component)
    node = "/".join(levels[: -3 - more])
    if kind is None or not node:
        raise Rejected("unknown_topic", "/".join(levels)[:50])
    if more:
        name = levels[-2]
        kind = "number" if name == "current_temperature" else "aside"
    text = reading.text_of(payload)
    if kind == "none" or text.lower() in _ABSENT:
        return ignored(hub, ECOSYSTEM, node)
    message = Message(TELEMETRY, hub, ECOSYSTEM, (node,), "", is_id_derived=True)
    message.id = reading.derive("esp", (hub, *levels), payload, None, received_at)
    _read(message, component, kind, name, text)
    message.model = thing_models.guess(message.values)
    return message


def _read(message: Message, component: str, kind: str, name: str, text: str) -> None:
    words = naming.words_of(name)
    alarm = next((_MAP["alarms"][word] for word in words if word in _MAP["alarms"]), None)
    if kind == "event":
        event = reading.object_of(text.encode()).get("event_type") if text.startswith("{") else text
        home_assistant.press(message, {"alarm": alarm}, str(event))
        return
    own = _MAP["yes"].get(component, {})
    if alarm and kind == "truth" and component == "binary_sensor" and reading.truth(text):
        message.kind, message.alarm = ALARM, alarm
    metric = _metric(component, kind, words)
    fitted = None
    if metric:
        unit = _MAP["units"].get(words[-1])
        fitted = reading.fit(metric, text, unit, own.get("yes", ()), own.get("no", ()))
    if metric is None or fitted is None:
        reading.put_aside(message.values, name, text)
    else:
        message.values[metric] = fitted


def _metric(component: str, kind: str, words: list[str]) -> str | None:
    if component in _MAP["truth"]:
        return str(_MAP["truth"][component])
    if kind == "cover":
        return "open" if not {"door", "window", "gate", "garage"}.isdisjoint(words) else None
    if kind not in {"number", "truth"} or not words:
        return None
    for cut in range(len(words)):
        own = _MAP["names"].get("_".join(words[cut:]))
        if own is not None:
            return own or None
    return naming.metric_of("_".join(words), is_bool=kind == "truth")
