"""Alibaba's Alink thing model: `sys/{product}/{device}/thing/…`, with its replies; EnOS and look-alikes too.

Its ids are counters that restart, so an id is made from the bytes; a long one counts as never used again.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from devices.codecs import moments, reading, translation, wire
from devices.codecs.moments import Moment, Wire
from devices.messages import STATUS, Memory, Message, Rejected, Reply, ignored

ECOSYSTEM = "alink"
_MAP = reading.names_of(__file__)
_ANSWERED = frozenset(_MAP["answered"])
_LONG_ID = 8
_SYS, _EXT = "sys", "ext"
_SHORTEST = 4
_OK, _WRONG = 200, 460


def decode(hub: str, rest: str, payload: bytes, received_at: datetime, _memory: Memory) -> list[Message]:
    """Decode one publish of a device or of a gateway with its sub-devices."""
    levels = rest.removeprefix("/").split("/")
    if levels[0] in _MAP["beside"]:
        return [ignored(hub, ECOSYSTEM, hub)]
    if len(levels) < _SHORTEST or levels[0] not in {_SYS, _EXT}:
        raise Rejected("unknown_topic", rest[:50])
    if levels[-1].endswith("_reply") or levels[-1] in _MAP["downward"] or "service" in levels:
        return [ignored(hub, ECOSYSTEM, hub)]
    if levels[0] == _EXT:
        return _extended(hub, rest, levels[1:], payload, received_at)
    own = _addresses(levels[1], levels[2])
    method = "/".join(levels[3:])
    if method.endswith("_raw"):
        raise Rejected("binary", "payload")
    body = reading.object_of(payload)
    reply = _reply(rest, method, body)
    if method in _ANSWERED:
        return [_answered(hub, own, reply)]
    try:
        found = _moments(own, method, body)
        identity = body.get("id")
        has_own_id = isinstance(identity, str) and len(identity) >= _LONG_ID
        came = Wire(hub, ECOSYSTEM, payload, received_at, has_own_id=has_own_id)
        return moments.told(came, found, translation.words(ECOSYSTEM), reply)
    except Rejected as wrong:
        wrong.reply = reply
        raise


def _addresses(product: object, device: object) -> tuple[str, ...]:
    name = wire.id_of(device, "deviceName")
    return name, f"{wire.id_of(product, 'productKey')}/{name}"


def _answered(hub: str, own: tuple[str, ...], reply: Reply | None) -> Message:
    message = ignored(hub, ECOSYSTEM, own[0])
    message.reply = reply
    return message


def _moments(own: tuple[str, ...], method: str, body: dict[str, Any]) -> Iterator[Moment]:
    params, clock = body.get("params"), body.get("timestamp")
    if method in _MAP["history"]:
        yield from _history(own, params)
    elif not isinstance(params, dict):
        raise Rejected("missing_field" if params is None else "wrong_type", "params")
    elif method in _MAP["packs"]:
        yield from _pack(own, params)
    elif method in _MAP["posts"]:
        yield from _post(own, params, clock)
    elif method.startswith("thing/event/") and method.endswith("/post"):
        name = method.removeprefix("thing/event/").removesuffix("/post")
        found = params.get("events", params.get("value", params))
        values = found if isinstance(found, dict) else {"value": found}
        bare = {key: _bare(value) for key, value in values.items() if key != "time"}
        yield Moment(own, params.get("time", clock), bare, event=name)
    else:
        raise Rejected("unknown_topic", method[:50])


def _bare(given: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    return given["value"] if isinstance(given, dict) and "value" in given else given


def _post(own: tuple[str, ...], params: dict[str, Any], clock: object) -> Iterator[Moment]:
    points = params.get("measurepoints", params.get("properties"))
    if isinstance(points, dict):
        params, clock = points, params.get("time", clock)
    found = list(moments.by_clock(own, params, clock=clock))
    yield from found or [Moment(own, clock, {})]


def _pack(own: tuple[str, ...], params: dict[str, Any]) -> Iterator[Moment]:
    """Read a gateway's pack or batch: its own properties and events, and those of its sub-devices."""
    yield from _both(own, params)
    yield from moments.each(_items(params.get("subDevices")), _part)


def _part(one: object) -> Iterator[Moment]:
    if not isinstance(one, dict):
        raise Rejected("wrong_type", "subDevices")
    yield from _both(_identity(one), one)


def _both(own: tuple[str, ...], params: dict[str, Any]) -> Iterator[Moment]:
    yield from moments.each(["properties"], lambda name: moments.by_clock(own, wire.table_in(params, name)))
    yield from moments.each(["events"], lambda name: moments.events(own, wire.table_in(params, name)))


def _history(own: tuple[str, ...], params: object) -> Iterator[Moment]:
    """Read buffered reports: properties and events are lists of what a post holds."""
    yield from moments.each(_list(params, "params"), lambda one: _then(own, one))


def _then(own: tuple[str, ...], one: dict[str, Any]) -> Iterator[Moment]:
    who = _identity(one) if "identity" in one else own
    for found in _list(one.get("properties"), "properties"):
        yield from moments.by_clock(who, found, is_history=True)
    for found in _list(one.get("events"), "events"):
        yield from moments.events(who, found, is_history=True)


def _items(given: object) -> list[Any]:
    found = [given] if isinstance(given, dict) else [] if given is None else given
    if not isinstance(found, list):
        raise Rejected("wrong_type", "subDevices")
    return found


def _list(given: object, name: str) -> list[dict[str, Any]]:
    found = [given] if isinstance(given, dict) else [] if given is None else given
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise Rejected("wrong_type", name)
    return found


def _identity(found: dict[str, Any]) -> tuple[str, ...]:
    who = wire.table_in(found, "identity")
    return _addresses(who.get("productKey"), who.get("deviceName"))


def _extended(hub: str, rest: str, levels: list[str], payload: bytes, received_at: datetime) -> list[Message]:
    """Sub-devices that come and go through their gateway, and the clock it asks for."""
    body = reading.object_of(payload)
    if levels[0] == "ntp":
        now = str(int(received_at.timestamp() * 1000))
        told = {
            "deviceSendTime": body.get("deviceSendTime"),
            "serverRecvTime": now,
            "serverSendTime": now,
        }
        answer = ignored(hub, ECOSYSTEM, hub)
        clock = msgspec.json.encode(told)
        answer.reply = Reply(rest.removesuffix("request") + "response", clock, clock)
        return [answer]
    last, params = levels[-1], wire.table_in(body, "params")
    if last not in _MAP["sessions"]:
        raise Rejected("unknown_topic", rest[:50])
    many = _list(params.get("deviceList", params), "params")
    found = [
        Message(STATUS, hub, ECOSYSTEM, _addresses(one.get("productKey"), one.get("deviceName")), "")
        for one in many
    ]
    for message in found:
        message.is_online = _MAP["sessions"][last]
    if found:
        found[0].reply = _reply(rest, f"combine/{last}", body)
    return found


def _reply(rest: str, method: str, body: Mapping[str, Any]) -> Reply | None:
    """Answer as the platform does, unless the device says that it does not wait for it."""
    asked = body.get("sys")
    if isinstance(asked, dict) and asked.get("ack") in (0, "0"):
        return None
    base: dict[str, Any] = {
        "id": body.get("id"),
        "version": "1.0",
        "method": method.replace("/", "."),
        "data": {},
    }
    good = msgspec.json.encode({"code": _OK, "message": "success", **base})
    bad = msgspec.json.encode({"code": _WRONG, "message": "request parameter error", **base})
    return Reply(f"{rest}_reply", good, bad)
