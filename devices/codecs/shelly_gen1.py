"""Shelly's first generation: plain words beneath `shellies/{id}/…`."""

from datetime import datetime
from typing import Any

from devices import thing_models
from devices.codecs import reading, shelly_blu
from devices.messages import STATUS, Message, Rejected, ignored

_ECOSYSTEM = shelly_blu.ECOSYSTEM
_GEN1 = shelly_blu.MAP["gen1"]
_QUIET = frozenset(_GEN1["quiet"])


def decode(hub: str, rest: str, payload: bytes, received_at: datetime) -> Message:
    """Decode what came beneath `shellies/`."""
    name, _, topic = rest.partition("/")
    if not topic or _QUIET.intersection(topic.split("/")):
        return ignored(hub, _ECOSYSTEM, name or "shellies")
    source = shelly_blu.Source(hub, (name,), payload, received_at, None, has_bad_clock=False)
    message = source.message((name,))
    message.id = reading.derive("shelly", (hub, rest), payload, None, received_at)
    if topic == "online":
        state = reading.truth(reading.text_of(payload))
        if state is None:
            raise Rejected("unknown_status", "online")
        return Message(STATUS, hub, _ECOSYSTEM, (name,), "", is_online=state)
    if topic.startswith("input_event"):
        return _pressed(message, topic, reading.object_of(payload))
    if topic == "status":
        for theirs, value in reading.object_of(payload).items():
            reading.put(message.values, _GEN1["status"].get(theirs), theirs, value)
    else:
        _plain(message.values, topic, reading.text_of(payload))
    message.model = thing_models.guess(message.values)
    return message


def _pressed(message: Message, topic: str, found: dict[str, Any]) -> Message:
    """Read `{"event": "S", "event_cnt": 5}`; an empty event is what the button said when it woke."""
    press = _GEN1["presses"].get(str(found.get("event")))
    if press is None:
        return ignored(message.hub, _ECOSYSTEM, message.addresses[0])
    message.values["action"] = f"{topic.replace('input_event/', 'input')}_{press}"[:200]
    message.is_press = True
    message.model = "sos_button_v1"
    return message


def _plain(values: dict[str, Any], topic: str, text: str) -> None:
    words = _GEN1["words"].get(topic)
    levels = topic.split("/")
    if words is not None and text in words["yes"] + words["no"]:
        values[words["metric"]] = text in words["yes"]
    elif levels[0] == "relay":
        _relay(values, levels, topic, text)
    else:
        unit = "V" if topic == "voltage" else None
        reading.put(values, _GEN1["topics"].get(topic), topic, text, unit)


def _relay(values: dict[str, Any], levels: list[str], topic: str, text: str) -> None:
    """Read `relay/0`, `relay/0/power` and `relay/0/energy`, which counts watt minutes."""
    number = reading.number(text)
    if levels[-1] == "energy" and number is not None:
        values["energy"] = round(number / 60_000, 6)
    elif levels[-1] == "power":
        reading.put(values, "power", topic, text)
    else:
        is_state = len(levels) == 2  # noqa: PLR2004 - relay/0
        reading.put(values, "switched_on" if is_state else None, topic, text)
