"""GPS and SOS watches: `[3G*{id}*{length}*{command},…]` frames, and JSON that names the watch in itself.

A heart rate of 0 is a watch that is not worn; the status word of an alarm is bits. What a frame of a blind
area says is history.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from devices.codecs import moments, plain, reading, translation
from devices.codecs.moments import Wire
from devices.codecs.translation import Said, Source
from devices.messages import Memory, Message, Rejected, Reply, check_text, ignored

ECOSYSTEM = "watch"
_MAP = reading.names_of(__file__)
_FRAME = re.compile(rb"\[([A-Z0-9]{2})\*(\w{1,40})\*((?:[0-9A-Fa-f]{4}\*){1,2})([^\[\]]*)\]")
_START = b"["
_POSITIONS = frozenset(_MAP["positions"] + _MAP["late"])
_ALARM = "AL"
_POSITIONED = tuple(_MAP["positioned"])
_MOST_FRAMES = 100
_LONGEST_TOPIC = 300
# Places in a position's arguments.
_DATE, _TIME, _VALID, _LAT, _NORTH, _LON, _EAST, _SPEED, _COURSE, _ALTITUDE, _SATELLITES = range(11)
_BATTERY, _STEPS, _STATUS = 12, 13, 15


def decode(hub: str, rest: str, payload: bytes, received_at: datetime, _memory: Memory) -> list[Message]:
    """Decode one publish: frames, or JSON."""
    topic = check_text(rest.strip("/"), _LONGEST_TOPIC, "topic")
    came = Wire(hub, ECOSYSTEM, payload, received_at)
    text = payload.strip()
    frames = list(_FRAME.finditer(text)) if text.startswith(_START) else []
    if frames:
        if len(frames) > _MOST_FRAMES:
            raise Rejected("too_many_values", "frames")
        return [message for nth, frame in enumerate(frames) for message in _frame(came, topic, frame, nth)]
    body = reading.json_of(payload)
    last = topic.rpartition("/")[2]
    table = translation.words(ECOSYSTEM)
    if translation.key_of(last) in table.alarms and isinstance(body, dict):
        body = {**body, "event_type": body.get("event_type", last)}
    kind = body.get("type") if isinstance(body, dict) else None
    if isinstance(kind, str) and translation.key_of(kind) in table.alarms:
        body = {"event_type": kind, **body}
    found = plain.told(came, topic, _flattened(body), table)
    for message in found:
        _take_off(message.values)
    return found


def _take_off(values: dict[str, Any]) -> None:
    """Say of a heart rate of 0 that the watch is not worn."""
    if values.get("heart_rate") == 0:
        del values["heart_rate"]
        values["worn"] = False


def _flattened(body: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    """Let a gateway's heartbeat say that it is there: `{"type": "HB_Msg", "data": {"msg": "Online"}}`."""
    if not isinstance(body, dict):
        return body
    data = body.get("data")
    if isinstance(data, dict) and isinstance(data.get("msg"), str):
        body = {**body, "online": data["msg"]}
    elif isinstance(data, dict) and isinstance(data.get("arguments"), dict):
        said = data["arguments"]
        body = {
            **body,
            "data": {str(said.get("attribute")).replace("gateway.status", "online"): said.get("value")},
        }
    if body.get("status") in ("online", "offline"):
        body = {**body, "online": body["status"]}
        del body["status"]
    return {name: value for name, value in body.items() if name not in {"type", "name"}}


def _frame(came: Wire, topic: str, frame: re.Match[bytes], nth: int) -> list[Message]:
    maker, watch, _, content = (part.decode("ascii", "replace") for part in frame.groups())
    command, *arguments = [part.strip() for part in content.split(",")]
    command = command.upper()
    answer = f"[{maker}*{watch}*{len(command):04X}*{command}]".encode()
    is_answered = command in _MAP["answered"] or command.startswith(_ALARM)
    reply = Reply(f"{topic}/reply", answer, b"") if is_answered else None
    if command in _MAP["aside"]:
        aside = ignored(came.hub, ECOSYSTEM, watch)
        aside.reply = reply
        return [aside]
    said, at, is_bad = _said(command, arguments)
    source = Source(
        came.hub,
        ECOSYSTEM,
        (watch,),
        moments.identity(came, (watch, str(nth)), at),
        is_id_derived=True,
        at=at,
        has_bad_clock=is_bad,
        is_historical=command in _MAP["late"],
    )
    return translation.messages(source, said, model="watch_v1", reply=reply)


def _said(command: str, arguments: list[str]) -> tuple[Said, datetime | None, bool]:
    if command in _POSITIONS or (command.startswith(_POSITIONED) and len(arguments) > _STATUS):
        return _position(arguments)
    said = Said()
    for name, value in zip(_MAP["arguments"].get(command, ()), arguments, strict=False):
        number = reading.fit(name, value) if name != "-" else None
        if number is not None:
            said.values[name] = number
    _take_off(said.values)
    if command not in _MAP["arguments"]:
        said.values["command"] = command[:50]
    return said, None, False


def _position(arguments: list[str]) -> tuple[Said, datetime | None, bool]:
    """Read a position with its battery, steps and status word; a frame that is cut short says less."""
    given = dict(enumerate(arguments))
    said = Said()
    places = {_BATTERY: "battery", _STEPS: "steps", _SATELLITES: "satellites"}
    if given.get(_VALID) == "A":
        places |= {_LAT: "lat", _LON: "lon", _SPEED: "speed", _COURSE: "course", _ALTITUDE: "altitude"}
    for place, name in places.items():
        number = reading.number(given.get(place, "").replace(" ", ""))
        if number is not None:
            said.values[name] = -number if (name, given.get(place + 1)) in _SOUTH_WEST else number
    _flag(said, given.get(_STATUS, ""))
    try:
        at = datetime.strptime(given[_DATE] + given[_TIME], "%d%m%y%H%M%S").replace(tzinfo=UTC)
    except (KeyError, ValueError):
        return said, None, True
    return said, at, False


_SOUTH_WEST = frozenset({("lat", "S"), ("lon", "W")})


def _flag(said: Said, status: str) -> None:
    """Take the states and alarms of a status word."""
    for word in _bits(status):
        if word == "removed":
            said.values["worn"] = False
            said.alarms.append("tamper")
        elif word == "battery_low":
            said.values[word] = True
        elif word not in said.alarms:
            said.alarms.append(word)


def _bits(status: str) -> Iterator[str]:
    try:
        found = int(status, 16)
    except ValueError:
        return
    for bit, word in _MAP["bits"].items():
        if found >> int(bit) & 1:
            yield word
