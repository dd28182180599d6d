"""`yinling decode`: what each recorded message would become; nothing is stored."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from devices import thing_models, values
from devices.messages import IGNORED, LEARNED, TELEMETRY, Message, Rejected
from gateway import receipts
from gateway.heard import Uplink, clock
from gateway.recorded import Line, Remembered, read

_ASIDE = {IGNORED, LEARNED}


def run(lines: Iterable[str]) -> Iterator[str]:
    """Return one JSON line for each recorded message: {device, kind, values, alarms, receipt, rejected}."""
    remembered = Remembered()
    for line in read(lines, needs_time=False):
        yield msgspec.json.encode(one(line, remembered)).decode()


def one(line: Line, remembered: Remembered) -> dict[str, Any]:
    """Decode one recorded message; of several, a device's first live one is on top, the rest in `others`."""
    received_at = line.at or datetime.now(UTC)
    uplink = Uplink(line.topic, line.payload, received_at)
    try:
        messages = remembered.decode(line, received_at)
    except Rejected as wrong:
        return _rejected(line, uplink, wrong)
    found = [_part(line, uplink, message) for message in _ordered(messages)]
    receipt = next((one["receipt"] for one in found if one["receipt"] and not one["rejected"]), None)
    found.sort(key=_rank)
    if not found[0]["rejected"]:
        found[0]["receipt"] = receipt  # one message, one answer
    if learned := [message.learned[0] for message in messages if message.learned is not None]:
        found[0]["learned"] = learned
    return found[0] | {"others": found[1:]} if len(found) > 1 else found[0]


def _rank(one: dict[str, Any]) -> tuple[bool, bool, bool]:
    """Put last what is refused, before it history, before that what measures nothing: a gateway's name."""
    is_silent = thing_models.metrics().keys().isdisjoint(one["values"]) and not one["alarms"]
    is_name = one["kind"] == TELEMETRY and is_silent
    return one["rejected"] is not None, one.get("historical", False), is_name


def _part(line: Line, uplink: Uplink, message: Message) -> dict[str, Any]:
    """Describe one message of several; that one is too old refuses the others nothing."""
    if line.at is None and message.is_historical and message.at is not None:
        uplink = Uplink(uplink.topic, uplink.payload, message.at)  # nobody wrote down when it came: in time
    try:
        return _described(uplink, message)
    except Rejected as wrong:
        return _rejected(line, uplink, wrong) | {"device": message.addresses[0]}


def _ordered(messages: Sequence[Message]) -> list[Message]:
    """Put what says most about a home first; what is learned beside it goes without saying."""
    said = [one for one in messages if one.wrong is not None or one.kind not in _ASIDE] or list(messages[:1])
    return sorted(said, key=lambda message: message.is_historical)


def _described(uplink: Uplink, message: Message) -> dict[str, Any]:
    """Check one message against the names that every thing model shares."""
    if message.wrong is not None:
        raise message.wrong
    _, extras, good = values.check(message.values, thing_models.metrics())
    observed_at, is_skewed = clock(message, uplink.received_at)
    found: dict[str, Any] = {
        "device": message.addresses[0],
        "kind": message.kind,
        "values": {**good, **{name: msgspec.json.decode(text) for name, text, _ in extras}},
        "alarms": alarms(message, good),
        "receipt": _receipt(uplink, message),
        "rejected": None,
    }
    if message.kind not in _ASIDE:
        found |= {"id": message.id, "observed_at": observed_at, "skewed": is_skewed}
    if message.is_online is not None:
        found["online"] = message.is_online
    if message.is_historical:
        found["historical"] = True
    return found


def alarms(message: Message, good: dict[str, float]) -> list[str]:
    """Return the alarms of one message by itself; what needs time or memory is `yinling rules replay`."""
    own = [message.alarm] if message.alarm else []
    if message.is_historical:
        return own
    metrics = thing_models.metrics()
    flags = [metrics[name].alarm for name, value in good.items() if metrics[name].alarm and value]
    return own + [flag for flag in flags if flag and flag not in own]


def _receipt(uplink: Uplink, message: Message) -> dict[str, Any] | None:
    answer = receipts.reply(uplink, message)
    if answer is not None:
        return {"topic": answer.topic, "payload": _text(answer.payload)}
    if not message.wants_receipt or message.hub is not None:
        return None
    return {"id": message.id, "result": receipts.ACCEPTED}


def _text(payload: bytes) -> object:
    """Show JSON as JSON, words as words, other bytes as hexadecimal."""
    try:
        return msgspec.json.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        pass
    try:
        return payload.decode()
    except UnicodeDecodeError:
        return payload.hex()


def _rejected(line: Line, uplink: Uplink, wrong: Rejected) -> dict[str, Any]:
    refusal = receipts.refusal(uplink, wrong)
    levels = line.topic.split("/")
    receipt: object = None
    if refusal is not None:
        told = _text(refusal.payload)
        receipt = told if levels[0] == "yl" else {"topic": refusal.topic, "payload": told}
    return {
        "device": levels[2] if levels[0] == "yl" and len(levels) > 2 else None,  # noqa: PLR2004 - yl/v1/{device}
        "kind": None,
        "values": {},
        "alarms": [],
        "receipt": receipt,
        "rejected": {"reason": wrong.reason, "field": wrong.field},
    }
