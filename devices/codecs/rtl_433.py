"""433 MHz and Bluetooth through rtl_433 and OpenMQTTGateway; the device's name is its model and its number.

A radio repeats what it says within a second or two; times without a zone are not believed.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeGuard

from devices.codecs import moments, reading, translation, wire
from devices.codecs.moments import Moment, Wire
from devices.messages import STATUS, Memory, Message, Rejected, check_text, ignored

ECOSYSTEM = "rtl_433"
_MAP = reading.names_of(__file__)
_ABOUT = frozenset(_MAP["about"])
_SPOKEN = ("event", "state", "data", "switch1", "status", "extradata")
_IN_BRACKETS = re.compile(r"\(([^)]*)\)")
_ONLINE = {"online": True, "offline": False}
_JSON = b"{"
_REMOTE = "433toMQTT"
_LEVEL = "battery_ok"


def decode(hub: str, rest: str, payload: bytes, received_at: datetime, _memory: Memory) -> list[Message]:
    """Decode one publish."""
    topic = check_text(rest.strip("/"), wire.LONGEST_ADDRESS, "topic")
    levels = topic.split("/")
    came = Wire(hub, ECOSYSTEM, payload, received_at)
    if levels[-1] in {"LWT", "availability"}:
        return [_gateway(hub, levels, reading.text_of(payload))]
    if not set(levels).isdisjoint(_MAP["gateway"]):
        return [ignored(hub, ECOSYSTEM, topic)]
    if not payload.lstrip().startswith(_JSON):
        return _value(came, levels, reading.text_of(payload))
    body = reading.object_of(payload)
    values = {name: value for name, value in body.items() if name not in _ABOUT}
    moment = Moment(_names(body, levels), body.get("time"), _meant(body, _spoken(values)))
    return moments.told(came, [moment], translation.words(ECOSYSTEM))


def _gateway(hub: str, levels: list[str], word: str) -> Message:
    if word.lower() not in _ONLINE:
        raise Rejected("unknown_status", "online")
    names = ("/".join(levels[:-1]) or levels[0],)
    return Message(STATUS, hub, ECOSYSTEM, names, "", is_online=_ONLINE[word.lower()])


def _value(came: Wire, levels: list[str], word: str) -> list[Message]:
    """Take one value of `rtl_433/{host}/devices/{model}/…/{name}`."""
    *path, name = levels
    if "devices" not in path or name in _ABOUT:
        return [ignored(came.hub, ECOSYSTEM, "/".join(levels))]
    own = "/".join(path[path.index("devices") + 1 :])
    if not own or not word:
        raise Rejected("missing_field", "topic")
    number = reading.number(word)
    said = _spoken({name: word if number is None else number})
    return moments.told(came, [Moment((own,), None, said)], translation.words(ECOSYSTEM))


def _names(body: Mapping[str, Any], levels: list[str]) -> tuple[str, ...]:
    """Name a device: by model and number, by its Bluetooth address, a remote control by its code."""
    model, number = body.get("model"), body.get("id")
    if _REMOTE in levels and body.get("value") is not None:
        return (f"433/{wire.id_of(body['value'], 'value')}",)
    if isinstance(model, str) and number is not None and not _is_address(number):
        name = check_text(f"{model}/{wire.id_of(number, 'id')}", wire.LONGEST_ADDRESS, "model")
        channel = body.get("channel")
        return reading.names(name, f"{model}/{channel}/{number}" if channel is not None else None)
    if _is_address(number):
        return (check_text(number, wire.LONGEST_ADDRESS, "id"),)
    if levels[-2:-1] in (["BTtoMQTT"], ["RTL_433toMQTT"]):
        return (levels[-1],)
    if isinstance(model, str):
        return (check_text(model, wire.LONGEST_ADDRESS, "model"),)
    return ("/".join(levels),)


def _is_address(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and value.count(":") == 5  # noqa: PLR2004 - six bytes of a Bluetooth address


def _meant(body: Mapping[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    """Say what a model means by sending at all, and what a fraction of a battery is."""
    found = dict(values)
    level = reading.number(found.get(_LEVEL))
    if level is not None and 0 < level < 1:
        found["battery_level"] = round(level * 100, 2)
        del found[_LEVEL]
    if not body.get("learn"):
        found |= _MAP["sends"].get(str(body.get("model")), {})
    return found


def _spoken(values: dict[str, Any]) -> dict[str, Any]:
    """Read what stands in words: `Water Leak`, `0xe (open)`; a code of a remote control is a press."""
    found = dict(values)
    for name in _SPOKEN:
        word = values.get(name)
        if not isinstance(word, str):
            continue
        inner = _IN_BRACKETS.search(word)
        said = _MAP["says"].get((inner[1] if inner else word).strip().lower())
        if said is not None:
            found |= said
    if "protocol" not in found and "value" in found and "rssi" not in found:
        found["press"] = True
    return found
