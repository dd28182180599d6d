"""From a topic and its bytes to a message: one file per ecosystem, all pure."""

from datetime import datetime

from devices.codecs import native_v1, zigbee2mqtt
from devices.messages import Message, Rejected

ECOSYSTEMS = {"zigbee2mqtt": zigbee2mqtt.decode}
_NATIVE, _HUB = "yl/v1/", "eco/"
_HUB_LEVELS = 4


def decode(topic: str, payload: bytes, received_at: datetime) -> Message:
    """Decode one message, or raise Rejected with its reason."""
    if "\0" in topic:
        raise Rejected("bad_topic")
    try:
        return _decode(topic, payload, received_at)
    except RecursionError as error:
        raise Rejected("too_large", "nesting") from error


def _decode(topic: str, payload: bytes, received_at: datetime) -> Message:
    if topic.startswith(_NATIVE):
        device, _, kind = topic[len(_NATIVE) :].partition("/")
        return native_v1.decode(device, kind, payload)
    levels = topic.split("/", _HUB_LEVELS - 1)
    if topic.startswith(_HUB) and len(levels) == _HUB_LEVELS:
        _, hub, ecosystem, rest = levels
        codec = ECOSYSTEMS.get(ecosystem)
        if codec is None:
            raise Rejected("unknown_ecosystem", ecosystem[:50])
        return codec(hub, rest, payload, received_at)
    raise Rejected("foreign_topic")
