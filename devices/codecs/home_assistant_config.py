"""Home Assistant's discovery: what each entity's configuration teaches about the topics to come."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from devices.codecs import naming, reading, templates
from devices.codecs.home_assistant_memory import Lesson
from devices.messages import Memory, Message, Rejected

MAP = reading.names_of(__file__.replace("_config", ""))
STATE, ATTRIBUTES, ONLINE = "state", "attributes", "online"
_LEVELS = (3, 4)
_DEVICE = re.compile(rb'^\s*\{.*"(?:device|dev)"\s*:\s*\{', re.DOTALL)
_MOST_ENTITIES = 256
NEVER = "!"
"""Stands for a template that cannot be evaluated here."""
_OWN = {ATTRIBUTES: "json_attributes_topic", STATE: "state_topic"}


def is_config(rest: str, payload: bytes = b"") -> str | None:
    """Return the component of a discovery topic: `[prefix/]component/[node/]object/config`, or None."""
    levels = rest.split("/")
    if levels[-1] == "config":
        found = (levels[-behind] for behind in _LEVELS if len(levels) >= behind)
        return next((level for level in found if level in MAP["components"]), None)
    second = levels[1] if len(levels) > 1 else ""
    if levels[0] == "homeassistant" and second in MAP["components"] and _DEVICE.search(payload):
        return second
    return None


def learn_from(
    hub: str, rest: str, component: str, payload: bytes, memory: Memory
) -> tuple[list[Message], tuple[str, ...]]:
    """Learn one configuration; an empty one forgets. Return also the names of the device."""
    lesson = Lesson(memory)
    before = [path for path in (rest, *(memory.get(f"bundle/{rest}") or ())) if f"entity/{path}" in memory]
    if not payload.strip():
        for path in before:
            lesson.drop(path)
        lesson.changed[f"bundle/{rest}"] = None
        return lesson.messages(hub, (hub,)), (hub,)
    config = _long(reading.object_of(payload))
    entities = dict(_entities(rest, component, config))
    for path in before:
        lesson.drop(path)
    for path, entity in entities.items():
        lesson.add(path, entity)
    if component == "device":
        lesson.changed[f"bundle/{rest}"] = list(entities)
    names = next((tuple(entity["device"]) for entity in entities.values()), _names(config, rest))
    return lesson.messages(hub, names), names


def _long(config: Mapping[str, Any]) -> dict[str, Any]:
    """Write abbreviations out, and put the base topic in where a topic begins or ends with `~`."""
    long = {MAP["short"].get(key, key): value for key, value in config.items()}
    base = long.get("~")
    if isinstance(base, str):
        long = {key: _based(key, value, base) for key, value in long.items()}
    device = long.get("device")
    if isinstance(device, dict):
        long["device"] = {MAP["short_device"].get(key, key): value for key, value in device.items()}
    if isinstance(long.get("availability"), dict):
        long["availability"] = [long["availability"]]
    if isinstance(long.get("availability"), list):
        long["availability"] = [
            {MAP["short"].get(key, key): _based("topic", value, base) for key, value in one.items()}
            for one in long["availability"]
            if isinstance(one, dict)
        ]
    return long


def _based(key: str, value: Any, base: object) -> Any:  # noqa: ANN401 - JSON of any shape
    if not isinstance(base, str) or not isinstance(value, str) or not key.endswith("topic"):
        return value
    if value.startswith("~"):
        return base + value[1:]
    return value[:-1] + base if value.endswith("~") else value


def _entities(rest: str, component: str, config: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    if component != "device":
        entity = _entity(rest, component, config)
        if entity is not None:
            yield rest, entity
        return
    parts = config.get("components")
    if not isinstance(parts, dict):
        raise Rejected("missing_field", "components")
    if len(parts) > _MOST_ENTITIES:
        raise Rejected("too_many_values", "components")
    shared = {key: value for key, value in config.items() if key != "components"}
    base = config.get("~")
    for key, part in parts.items():
        own = _long({"~": base, **part} if isinstance(base, str) else part) if isinstance(part, dict) else {}
        platform = own.get("platform")
        path = reading.name(f"{rest}#{key}")
        if isinstance(platform, str) and len(part) > 1 and path is not None:
            entity = _entity(path, platform, {**shared, **own})
            if entity is not None:
                yield path, entity


def _names(config: Mapping[str, Any], rest: str) -> tuple[str, ...]:
    """Return the names of the device that an entity belongs to, the surest first."""
    device = config.get("device")
    block = device if isinstance(device, dict) else {}
    ids = block.get("identifiers")
    found = ids if isinstance(ids, list) else [ids]
    pairs = block.get("connections")
    found += [pair[1] for pair in pairs if isinstance(pair, list) and len(pair) == 2] if isinstance(  # noqa: PLR2004 - [kind, id]
        pairs, list
    ) else []  # fmt: skip
    found = [str(one) if isinstance(one, int) else one for one in found]
    levels = rest.partition("#")[0].split("/")
    return reading.names(*found) or reading.names(config.get("unique_id"), "/".join(levels[-3:-1]))


def _entity(path: str, component: str, config: dict[str, Any]) -> dict[str, Any] | None:
    """Return what must be remembered of one entity, None if it says nothing of a home."""
    kind = MAP["components"].get(component, "none")
    if kind in {"none", "bundle"}:
        return None
    topics: dict[str, list[str]] = {}
    for role, topic in _topics(kind, config):
        topics[topic] = list(dict.fromkeys([*topics.get(topic, []), role]))
    names = _names(config, path)
    if not topics or not names:
        return None
    named = _words(path, config)
    metric = _metric(component, config, named)
    entity: dict[str, Any] = {"kind": kind, "device": list(names), "topics": topics, "name": named[0]}
    entity |= {key: value for key, value in _details(component, kind, config).items() if value}
    if metric:
        entity["metric"] = metric
    alarm = next((MAP["alarms"][word] for word in named if word in MAP["alarms"]), None)
    if alarm and kind in {"truth", "trigger", "event"} and metric not in {"switched_on", "locked"}:
        entity["alarm"] = alarm
    if config.get("device_class") in MAP["inverted"].get(component, ()):
        entity["inverted"] = True
    return entity


def _topics(kind: str, config: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    wanted = dict(_OWN)
    if kind == "trigger":
        wanted = {STATE: "topic"}
    if kind == "climate":
        wanted = {STATE: "current_temperature_topic", ATTRIBUTES: "json_attributes_topic"}
    for role, key in wanted.items():
        if (topic := reading.name(config.get(key))) is not None:
            yield role, topic
    for one in _availabilities(config):
        yield ONLINE, one["topic"]


def _availabilities(config: Mapping[str, Any]) -> list[dict[str, Any]]:
    single = {
        "topic": config.get("availability_topic"),
        "value_template": config.get("availability_template"),
        "payload_available": config.get("payload_available"),
        "payload_not_available": config.get("payload_not_available"),
    }
    several = config.get("availability")
    found = several if isinstance(several, list) else [single]
    return [one for one in found if reading.name(one.get("topic")) is not None]


def _details(component: str, kind: str, config: Mapping[str, Any]) -> dict[str, Any]:
    """Return templates, units and the words for yes and no."""
    own, usual = MAP["own_words"].get(component, {}), MAP["defaults"].get(component, {})
    template = "current_temperature_template" if kind == "climate" else "value_template"
    unit = config.get("temperature_unit") if kind == "climate" else config.get("unit_of_measurement")
    found: dict[str, Any] = {
        "template": _template(config.get(template) or config.get("state_value_template")),
        "attributes": _template(config.get("json_attributes_template")),
        "unit": unit[:20] if isinstance(unit, str) else None,
        "yes": _own_words(config, own.get("yes", ()), usual.get("yes", [])),
        "no": _own_words(config, own.get("no", ()), usual.get("no", [])),
        "online": {
            one["topic"]: {
                "template": _template(one.get("value_template")),
                "yes": _word(one.get("payload_available"), "online"),
                "no": _word(one.get("payload_not_available"), "offline"),
            }
            for one in _availabilities(config)
        },
    }
    if kind == "trigger":
        found["payload"] = _word(config.get("payload"), "")
        found["press"] = " ".join(str(config.get(key) or "") for key in ("type", "subtype"))[:100].strip()
    return found


def _template(text: object) -> str | None:
    """Return a template that can be evaluated; one that cannot is noted, so that nothing is misread."""
    if not isinstance(text, str) or not text.strip():
        return None
    return text if templates.is_allowed(text) else NEVER


def _own_words(config: Mapping[str, Any], keys: list[str], usual: list[str]) -> list[Any]:
    own = next((config[key] for key in keys if isinstance(config.get(key), str | bool | int | float)), None)
    return usual if own is None else [own]


def _word(value: object, usual: str) -> str:
    return str(value)[:200] if isinstance(value, str | bool | int | float) else usual


def _words(path: str, config: Mapping[str, Any]) -> list[str]:
    """Return an entity's name as keys: whole, and what of it is a word of ours."""
    levels = path.partition("#")[0].split("/")
    last = path.rpartition("#")[2] if "#" in path else levels[-2]
    texts = [last, *(config.get(key) for key in ("object_id", "name", "unique_id", "default_entity_id"))]
    texts += [config.get("subtype"), config.get("type"), config.get("payload")]
    found = [text.lower().replace(" ", "_").replace("-", "_") for text in texts if isinstance(text, str)]
    return list(dict.fromkeys(found + [part for text in found for part in text.split("_")]))


def _metric(component: str, config: Mapping[str, Any], words: list[str]) -> str | None:
    device_class = config.get("device_class")
    table = MAP.get(component, {})
    if component == "climate":
        return "temperature"
    metric: str | None = table.get(device_class) if isinstance(device_class, str) else None
    if metric is None and component in MAP["truth"]:
        return str(MAP["truth"][component])
    if metric is None and component in {"sensor", "binary_sensor", "number"}:
        metric = _by_name(component, words)
    return _sharper(metric, words, config)


def _by_name(component: str, words: list[str]) -> str | None:
    found = (naming.metric_of(word, is_bool=component == "binary_sensor") for word in words)
    return next((metric for metric in found if metric), None)


def _sharper(metric: str | None, words: list[str], config: Mapping[str, Any]) -> str | None:
    bed = MAP["said_in_bed"]
    if metric in bed["of"] and not set(words).isdisjoint(bed["words"]):
        return str(bed["metric"])
    if metric == "temperature" and "body" in words:
        return "body_temperature"
    if metric == "temperature" and config.get("entity_category") == "diagnostic":
        return "device_temperature"
    return metric
