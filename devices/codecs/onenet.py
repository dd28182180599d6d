"""China Mobile's OneNET with its replies: `$sys/{product}/{device}/thing/…`, older `dp/post/json`."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from devices.codecs import moments, reading, translation, wire
from devices.codecs.moments import Moment, Wire
from devices.messages import STATUS, Memory, Message, Rejected, Reply, ignored

ECOSYSTEM = "onenet"
_MAP = reading.names_of(__file__)
_SHORTEST = 4
_OK, _WRONG = 200, 2000
_POINTS = "dp/post/json"


def decode(hub: str, rest: str, payload: bytes, received_at: datetime, _memory: Memory) -> list[Message]:
    """Decode one publish."""
    levels = rest.removeprefix("/").split("/")
    if len(levels) < _SHORTEST or levels[0] != "$sys":
        raise Rejected("unknown_topic", rest[:50])
    own, method = _addresses(levels[1], levels[2]), "/".join(levels[3:])
    if levels[-1] in _MAP["downward"] or levels[3] in _MAP["aside"]:
        return [ignored(hub, ECOSYSTEM, own[0])]
    if method == "dp/post/bin":
        raise Rejected("binary", "payload")
    body = reading.object_of(payload)
    reply = _accepted(rest, body) if method == _POINTS else _reply(rest, body)
    came = Wire(hub, ECOSYSTEM, payload, received_at)
    try:
        if method in _MAP["sessions"]:
            return [_session(hub, body, is_online=_MAP["sessions"][method], reply=reply)]
        if method in _MAP["answered"]:
            answer = ignored(hub, ECOSYSTEM, own[0])
            answer.reply = reply
            return [answer]
        return moments.told(came, _moments(own, method, body), translation.words(ECOSYSTEM), reply)
    except Rejected as wrong:
        wrong.reply = _rejected(reply)
        raise


def _addresses(product: object, device: object) -> tuple[str, ...]:
    name = wire.id_of(device, "deviceName")
    return name, f"{wire.id_of(product, 'productID')}/{name}"


def _moments(own: tuple[str, ...], method: str, body: dict[str, Any]) -> Iterator[Moment]:
    if method == _POINTS:
        yield from _points(own, wire.table_in(body, "dp"))
    elif method == "thing/property/post":
        found = list(moments.by_clock(own, wire.table_in(body, "params")))
        yield from found or [Moment(own, None, {})]
    elif method == "thing/event/post":
        yield from moments.events(own, wire.table_in(body, "params"))
    elif method in _MAP["packs"]:
        is_history = _MAP["packs"][method]
        parts = _parts(body.get("params"))
        yield from moments.each(parts, lambda one: _pack(own, one, is_history=is_history))
    else:
        raise Rejected("unknown_topic", method[:50])


def _points(own: tuple[str, ...], found: Mapping[str, Any]) -> Iterator[Moment]:
    """Read `{name: [{"v": …, "t": …}]}`."""
    timed: dict[str, Any] = {}
    for name, series in found.items():
        many = series if isinstance(series, list) else [series]
        if not all(isinstance(one, dict) and "v" in one for one in many):
            raise Rejected("wrong_type", f"dp.{name}"[:60])
        timed[name] = [{"value": one["v"], "time": one.get("t")} for one in many]
    return moments.by_clock(own, timed)


def _parts(params: object) -> list[dict[str, Any]]:
    found = [params] if isinstance(params, dict) else params
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise Rejected("wrong_type", "params")
    return found


def _pack(own: tuple[str, ...], one: dict[str, Any], *, is_history: bool) -> Iterator[Moment]:
    who = wire.table_in(one, "identity")
    if who:
        own = _addresses(who.get("productID"), who.get("deviceName"))
    yield from moments.each(
        ["properties"],
        lambda name: moments.by_clock(own, wire.table_in(one, name), is_history=is_history),
    )
    yield from moments.each(
        ["events"], lambda name: moments.events(own, wire.table_in(one, name), is_history=is_history)
    )


def _session(hub: str, body: dict[str, Any], *, is_online: bool, reply: Reply) -> Message:
    who = wire.table_in(body, "params")
    names = _addresses(who.get("productID"), who.get("deviceName"))
    return Message(STATUS, hub, ECOSYSTEM, names, "", is_online=is_online, reply=reply)


def _reply(rest: str, body: Mapping[str, Any]) -> Reply:
    good = msgspec.json.encode({"id": body.get("id"), "code": _OK, "msg": "success"})
    bad = msgspec.json.encode({"id": body.get("id"), "code": _WRONG, "msg": "params error"})
    return Reply(f"{rest}/reply", good, bad)


def _accepted(rest: str, body: Mapping[str, Any]) -> Reply:
    good = msgspec.json.encode({"id": body.get("id")})
    bad = msgspec.json.encode({"id": body.get("id"), "err_code": _WRONG, "err_msg": "invalid data point"})
    return Reply(f"{rest}/accepted", good, bad)


def _rejected(reply: Reply) -> Reply:
    """Say no on the topic that the older protocol has for it."""
    return Reply(reply.topic.replace("/json/accepted", "/json/rejected"), reply.accepted, reply.rejected)
