"""What a Zigbee2MQTT bridge says of itself and its devices: state, leavings, the whole exposes model."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from devices import thing_models
from devices.codecs import reading
from devices.messages import ALARM, STATUS, Memory, Message, Rejected, ignored, learn

_ECOSYSTEM = "zigbee2mqtt"
_MAP = reading.names_of(__file__.replace("_bridge", ""))
_NAMES: dict[str, str] = _MAP["names"]
_WORDS = {b"online": True, b"offline": False}
_DEEPEST, _MOST_OLD_NAMES = 8, 5


def decode(hub: str, topic: str, payload: bytes, received_at: datetime, memory: Memory) -> list[Message]:
    """Decode what came beneath `bridge/`."""
    if topic == "state":
        return [Message(STATUS, None, "native", (hub,), "", is_online=state(payload))]
    if topic == "event":
        return [_event(hub, payload, received_at)]
    if topic in _LISTS:
        return _LISTS[topic](hub, reading.json_of(payload), memory) or [ignored(hub, _ECOSYSTEM, hub)]
    if topic.split("/", 1)[0] in _MAP["aside"]["bridge"]:
        return [ignored(hub, _ECOSYSTEM, hub)]
    raise Rejected("unknown_topic", f"bridge/{topic[:50]}")


def state(payload: bytes) -> bool:
    """Read `online`, or `{"state": "online"}`."""
    word = payload.strip()
    if word not in _WORDS:
        said = reading.object_of(payload).get("state")
        word = said.encode() if isinstance(said, str) else b""
    if word not in _WORDS:
        raise Rejected("unknown_status", "state")
    return _WORDS[word]


def _event(hub: str, payload: bytes, received_at: datetime) -> Message:
    found = reading.object_of(payload)
    data = found.get("data")
    if found.get("type") != "device_leave" or not isinstance(data, dict):
        return ignored(hub, _ECOSYSTEM, hub)
    names = reading.names(data.get("friendly_name"), data.get("ieee_address"))
    if not names:
        raise Rejected("missing_field", "data.friendly_name")
    identity = reading.derive("z2m", (hub, "bridge/event"), payload, None, received_at)
    return Message(ALARM, hub, _ECOSYSTEM, names, identity, alarm="fault", is_id_derived=True)


def _info(hub: str, found: object, memory: Memory) -> list[Message]:
    """Learn whether properties come on topics of their own only."""
    config = found.get("config") if isinstance(found, dict) else None
    advanced = config.get("advanced") if isinstance(config, dict) else None
    output = advanced.get("output") if isinstance(advanced, dict) else None
    wanted = output if output == "attribute" else None
    return [] if memory.get("output") == wanted else [learn(hub, _ECOSYSTEM, "output", wanted)]


def _groups(hub: str, found: object, memory: Memory) -> list[Message]:
    """Learn which names are groups: what they say, their members say as well."""
    rows = found if isinstance(found, list) else []
    names = reading.names(*(row.get("friendly_name") for row in rows if isinstance(row, dict)))
    fresh = sorted(names)
    return [] if memory.get("groups", []) == fresh else [learn(hub, _ECOSYSTEM, "groups", fresh)]


def _devices(hub: str, found: object, memory: Memory) -> list[Message]:
    """Learn each device's names and what its properties mean; forget those that are gone."""
    if not isinstance(found, list):
        raise Rejected("wrong_type", "payload")
    fresh: dict[str, Any] = {}
    for row in found:
        ieee = reading.name(row.get("ieee_address")) if isinstance(row, dict) else None
        name = reading.name(row.get("friendly_name")) or ieee if ieee else None
        if ieee is None or name is None or row.get("type") == "Coordinator":
            continue
        fresh[f"name/{name}"] = ieee
        fresh[f"device/{ieee}"] = _described(row, name, memory.get(f"device/{ieee}", {}))
    gone = [key for key in memory if key.startswith(("name/", "device/")) and key not in fresh]
    taught = [learn(hub, _ECOSYSTEM, key, data) for key, data in fresh.items() if memory.get(key) != data]
    return taught + [learn(hub, _ECOSYSTEM, key, None) for key in gone]


_LISTS = {"devices": _devices, "groups": _groups, "info": _info}


def _described(row: dict[str, Any], name: str, before: dict[str, Any]) -> dict[str, Any]:
    definition = row.get("definition")
    exposes = definition.get("exposes") if isinstance(definition, dict) else None
    properties = {
        theirs: told for theirs, told in (_told(one) for one in _flat(exposes, _DEEPEST)) if theirs and told
    }
    was = [old for old in (before.get("name"), *before.get("was", ())) if old and old != name]
    described: dict[str, Any] = {"name": name, "exposes": properties}
    if was:
        described["was"] = list(dict.fromkeys(was))[:_MOST_OLD_NAMES]
    model = _model(properties, exposes)
    if model:
        described["model"] = model
    return described


def _flat(exposes: object, left: int) -> Iterator[dict[str, Any]]:
    """Yield every property, also those of a light, a lock or a climate inside their `features`."""
    for one in exposes if isinstance(exposes, list) and left else ():
        if not isinstance(one, dict):
            continue
        if isinstance(one.get("property"), str) and one.get("type") != "composite":
            yield one
        else:
            yield from _flat(one.get("features"), left - 1)


def _told(one: dict[str, Any]) -> tuple[str | None, dict[str, Any]]:
    """Say what one property is: only what its name alone does not say."""
    theirs = reading.name(one["property"])
    name = one.get("name") if isinstance(one.get("name"), str) else theirs
    ours = _NAMES.get(str(name))
    if theirs is None or ours is None or name in _MAP["words"]:
        return None, {}
    metric = thing_models.metrics()[ours]
    told: dict[str, Any] = {"metric": ours}
    if one.get("type") == "numeric" and metric.is_bool:
        told["metric"] = _MAP["numeric"].get(name, "")
    if theirs != name:
        told["name"] = name
        if not (metric.is_bool and metric.alarm):
            told["metric"] = ""  # a part of a device: only its alarms are the whole device's
    if one.get("type") == "binary":
        told |= {ours: one[key] for key, ours in (("value_on", "yes"), ("value_off", "no")) if key in one}
        told = {key: [value] if key in {"yes", "no"} else value for key, value in told.items()}
    elif isinstance(one.get("unit"), str):
        told["unit"] = one["unit"][:20]
    return theirs, told


def _model(properties: dict[str, Any], exposes: object) -> str | None:
    """Guess a stranger's thing model from all that it can say."""
    names = {one.get("property") for one in _flat(exposes, _DEEPEST)}
    own = next((kind for theirs, kind in _MAP["kinds"].items() if theirs in names), None)
    found = own or thing_models.guess(told["metric"] for told in properties.values())
    if found is None and "action" in names:
        return "sos_button_v1"
    return found
