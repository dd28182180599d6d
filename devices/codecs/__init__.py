"""From a topic and its bytes to messages: one file per ecosystem, all pure."""

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from devices.codecs import (
    alink,
    chirpstack,
    esphome,
    home_assistant,
    native_v1,
    onenet,
    plain,
    reading,
    rtl_433,
    scaip,
    shelly,
    sparkplug_b,
    tasmota,
    thingsboard,
    watch,
    zigbee2mqtt,
)
from devices.messages import Memory, Message, Recall, Rejected, ignored, unread

Codec = Callable[[str, str, bytes, datetime, Memory], list[Message]]
"""decode(hub, rest of the topic, payload, received_at, memory)."""
ECOSYSTEMS: dict[str, Codec] = {
    alink.ECOSYSTEM: alink.decode,
    chirpstack.ECOSYSTEM: chirpstack.decode,
    esphome.ECOSYSTEM: esphome.decode,
    home_assistant.ECOSYSTEM: home_assistant.decode,
    onenet.ECOSYSTEM: onenet.decode,
    plain.ECOSYSTEM: plain.decode,
    rtl_433.ECOSYSTEM: rtl_433.decode,
    scaip.ECOSYSTEM: scaip.decode,
    sparkplug_b.ECOSYSTEM: sparkplug_b.decode,
    shelly.ECOSYSTEM: shelly.decode,
    tasmota.ECOSYSTEM: tasmota.decode,
    thingsboard.ECOSYSTEM: thingsboard.decode,
    watch.ECOSYSTEM: watch.decode,
    zigbee2mqtt.ECOSYSTEM: zigbee2mqtt.decode,
}
"""Each by its name in `eco/{hub}/{ecosystem}/…`, which is its module's ECOSYSTEM."""
ALIASES: dict[str, str] = {
    "alink_thing_model": alink.ECOSYSTEM,
    "bed_and_radar": plain.ECOSYSTEM,
    "cn_other": plain.ECOSYSTEM,
    "enos": alink.ECOSYSTEM,
    "homeassistant": home_assistant.ECOSYSTEM,
    "homeassistant_discovery": home_assistant.ECOSYSTEM,
    "lorawan": chirpstack.ECOSYSTEM,
    "mqtt": plain.ECOSYSTEM,
    "openmqttgateway": rtl_433.ECOSYSTEM,
    "rtl_433_openmqttgateway": rtl_433.ECOSYSTEM,
    "sparkplug": sparkplug_b.ECOSYSTEM,
    "theengs": rtl_433.ECOSYSTEM,
    "ttn": chirpstack.ECOSYSTEM,
    "watches": watch.ECOSYSTEM,
    "wearable": watch.ECOSYSTEM,
}
"""Other names that recordings and bridges use."""
_NATIVE, _HUB = "yl/v1/", "eco/"
_HUB_LEVELS = 4
_NOTHING: Memory = {}


_PATTERNS = [
    (re.compile(pattern), ecosystem)
    for pattern, ecosystem in reading.names_of(str(Path(__file__).with_name("topics.py")))["patterns"]
]


def guess(topic: str) -> str | None:
    """Guess the ecosystem of a recorded topic that has no prefix of a hub."""
    return next((ecosystem for pattern, ecosystem in _PATTERNS if pattern.search(topic)), None)


def no_memory(_hub: str, _ecosystem: str) -> Memory:
    """Remember nothing."""
    return _NOTHING


def decode(topic: str, payload: bytes, received_at: datetime, recall: Recall = no_memory) -> list[Message]:
    """Decode one message, or raise Rejected with its reason."""
    if "\0" in topic:
        raise Rejected("bad_topic")
    try:
        return _decode(topic, payload, received_at, recall)
    except RecursionError as error:
        raise Rejected("too_large", "nesting") from error


def _decode(topic: str, payload: bytes, received_at: datetime, recall: Recall) -> list[Message]:
    if topic.startswith(_NATIVE):
        device, _, kind = topic[len(_NATIVE) :].partition("/")
        return [native_v1.decode(device, kind, payload)]
    place = place_of(topic)
    if place is None:
        raise Rejected("foreign_topic")
    hub, ecosystem, rest = place
    codec = ECOSYSTEMS.get(ecosystem)
    if codec is None:
        raise Rejected("unknown_ecosystem", ecosystem[:50])
    try:
        said = codec(hub, rest, payload, received_at, recall(hub, ecosystem))
    except (Rejected, RecursionError):
        raise
    except Exception as error:  # a codec's own mistake costs this message, never its neighbours
        raise Rejected("poison", type(error).__name__) from error
    named = [one if one.addresses and all(one.addresses) else None for one in said]
    if said and not any(named):
        raise Rejected("bad_topic", "device")
    nameless = Rejected("bad_topic", "device")
    return [one or unread(hub, ecosystem, nameless) for one in named] or [ignored(hub, ecosystem, hub)]


def place_of(topic: str) -> tuple[str, str, str] | None:
    """Return (hub, ecosystem, rest) of a hub's topic, the ecosystem by its own name; None for another's."""
    if not topic.startswith(_HUB):
        return None
    levels = topic.split("/", _HUB_LEVELS - 1)
    if len(levels) != _HUB_LEVELS:
        return None
    _, hub, ecosystem, rest = levels
    return (hub, ALIASES.get(ecosystem, ecosystem), rest) if hub else None
