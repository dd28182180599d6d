"""Yinling's own messages: `yl/v1/{device}/telemetry|alarm|status` (DESIGN §3.2)."""

import re
from datetime import datetime
from typing import Annotated, Any

import msgspec

from devices import command_states, thing_models
from devices.messages import ALARM, ANSWER, LONGEST_ID, STATUS, TELEMETRY, Message, Rejected, check_text

ECOSYSTEM = "native"
_AT = re.compile(r"`\$\.?([^`]*)`")
_MISSING = re.compile(r"required field `([^`]*)`")
Instant = Annotated[datetime, msgspec.Meta(tz=True)]


class Telemetry(msgspec.Struct):
    """Values over time."""

    id: str
    at: Instant | None = None
    values: dict[str, Any] = {}
    historical: bool = False
    ack: bool = False


class Alarm(msgspec.Struct):
    """Something may be wrong; a clock that cannot be read never loses an alarm."""

    id: str
    type: str
    at: Any = None
    values: dict[str, Any] = {}
    cancels: str | None = None
    historical: bool = False


class Answer(msgspec.Struct):
    """What became of a command."""

    id: str
    result: str
    reason: str | None = None


class _Id(msgspec.Struct):
    id: Any = None


class _Asks(msgspec.Struct):
    ack: Any = False


class _Status(msgspec.Struct):
    online: bool | None = None
    state: str | None = None
    status: str | None = None


_telemetry = msgspec.json.Decoder(Telemetry).decode
_alarm = msgspec.json.Decoder(Alarm).decode
_status = msgspec.json.Decoder(_Status).decode
_answer = msgspec.json.Decoder(Answer).decode
_asks = msgspec.json.Decoder(_Asks).decode
_id = msgspec.json.Decoder(_Id).decode
_WORDS = {"online": True, "offline": False}


def decode(device: str, kind: str, payload: bytes) -> Message:
    """Decode what came on one of a device's topics."""
    try:
        if kind == TELEMETRY:
            return _read_telemetry(device, payload)
        if kind == ALARM:
            return _read_alarm(device, payload)
        if kind == STATUS:
            return _read_status(device, payload)
        if kind == "command/result":
            return _read_answer(device, payload)
    except msgspec.ValidationError as error:
        raise _rejected(str(error), payload) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Rejected("not_json") from error
    raise Rejected("unknown_topic", kind[:50])


def _read_telemetry(device: str, payload: bytes) -> Message:
    found = _telemetry(payload)
    return Message(
        TELEMETRY,
        None,
        ECOSYSTEM,
        (device,),
        check_text(found.id, LONGEST_ID, "id"),
        found.at,
        found.values,
        is_historical=found.historical,
        wants_receipt=found.ack,
    )


def _read_alarm(device: str, payload: bytes) -> Message:
    found = _alarm(payload)
    identity = check_text(found.id, LONGEST_ID, "id")
    if found.type not in thing_models.alarm_types():
        raise Rejected("unknown_alarm_type", "type", identity)
    at = _instant(found.at)
    return Message(
        ALARM,
        None,
        ECOSYSTEM,
        (device,),
        identity,
        at,
        found.values,
        alarm=found.type,
        cancels=None if found.cancels is None else check_text(found.cancels, LONGEST_ID, "cancels"),
        is_historical=found.historical,
        wants_receipt=True,
        has_bad_clock=at is None and found.at is not None,
    )


def _instant(value: object) -> datetime | None:
    try:
        return msgspec.convert(value, Instant)
    except msgspec.ValidationError:
        return None


def _read_status(device: str, payload: bytes) -> Message:
    word = payload.strip().strip(b'"').decode()
    if word not in _WORDS:
        found = _status(payload)
        word = found.state or found.status or ""
        if found.online is not None:
            word = "online" if found.online else "offline"
    if word not in _WORDS:
        raise Rejected("unknown_status", "online")
    return Message(STATUS, None, ECOSYSTEM, (device,), "", is_online=_WORDS[word])


def _read_answer(device: str, payload: bytes) -> Message:
    found = _answer(payload)
    identity = check_text(found.id, LONGEST_ID, "id")
    if found.result not in command_states.RESULTS:
        raise Rejected("unknown_result", "result", identity)
    reason = None if not found.reason else check_text(found.reason[:LONGEST_ID], LONGEST_ID, "reason")
    return Message(ANSWER, None, ECOSYSTEM, (device,), identity, answer=(found.result, reason))


def asks(payload: bytes) -> bool:
    """Say whether a telemetry message that is not understood asks for a receipt."""
    try:
        return _asks(payload).ack is True
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False


def _rejected(words: str, payload: bytes) -> Rejected:
    missing, place = _MISSING.search(words), _AT.search(words)
    identity = None
    try:
        given = _id(payload).id
        identity = given[:LONGEST_ID] if isinstance(given, str) else None
    except (msgspec.MsgspecError, UnicodeDecodeError):
        pass
    if missing:
        return Rejected("missing_field", missing[1], identity)
    return Rejected("wrong_type", place[1] if place else None, identity)
