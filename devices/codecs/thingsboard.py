"""ThingsBoard's MQTT API: `v1/devices/me/…`, its short names `v2/…`, and the gateway's `v1/gateway/…`.

The device API has no name for its device: behind a hub it is `me`.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from devices.codecs import moments, reading, translation, wire
from devices.codecs.moments import Moment, Wire
from devices.messages import STATUS, Memory, Message, Rejected, ignored

ECOSYSTEM = "thingsboard"
_MAP = reading.names_of(__file__)
_ME = ("me",)


def decode(hub: str, rest: str, payload: bytes, received_at: datetime, _memory: Memory) -> list[Message]:
    """Decode one publish."""
    topic = rest.removeprefix("/")
    kind = _MAP["topics"].get(topic)
    if kind is None:
        if topic.startswith(tuple(_MAP["aside"])):
            return [ignored(hub, ECOSYSTEM, hub)]
        raise Rejected("unknown_topic", rest[:50])
    body = reading.json_of(payload)
    if kind in {"connect", "disconnect"}:
        return [_came(hub, body, is_online=kind == "connect")]
    found = list(_own(body) if kind == "own" else _gateway(body))
    came = Wire(hub, ECOSYSTEM, payload, received_at)
    return moments.told(came, found, translation.words(ECOSYSTEM))


def _own(body: object) -> Iterator[Moment]:
    for one in body if isinstance(body, list) else [body]:
        yield _moment(_ME, one, "payload")


def _gateway(body: object) -> Iterator[Moment]:
    """Read `{device: [{ts, values}]}`, of attributes `{device: {…}}`."""
    if not isinstance(body, dict):
        raise Rejected("wrong_type", "payload")
    yield from moments.each(body.items(), _device)


def _device(part: tuple[str, Any]) -> Iterator[Moment]:
    name, given = part
    own = (wire.id_of(name, "device"),)
    many = given if isinstance(given, list) else [given]
    yield from moments.each(many, lambda one: [_moment(own, one, name[:50])])


def _moment(own: tuple[str, ...], one: Any, name: str) -> Moment:  # noqa: ANN401 - JSON of any shape
    if not isinstance(one, dict):
        raise Rejected("wrong_type", name)
    inner = one.get("values")
    if isinstance(inner, dict):
        return Moment(own, one.get("ts"), inner)
    return Moment(own, None, one)


def _came(hub: str, body: object, *, is_online: bool) -> Message:
    if not isinstance(body, dict):
        raise Rejected("wrong_type", "payload")
    return Message(
        STATUS,
        hub,
        ECOSYSTEM,
        (wire.id_of(body.get("device"), "device"),),
        "",
        is_online=is_online,
        model=translation.kind_of(body.get("type")),
    )
