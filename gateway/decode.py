"""`yinling decode`: what each recorded message would become; nothing is stored."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from devices import codecs, thing_models, values
from devices.messages import IGNORED, Message, Rejected
from gateway import receipts
from gateway.heard import Uplink, clock
from gateway.recorded import Line, read


def run(lines: Iterable[str]) -> Iterator[str]:
    """Return one JSON line for each recorded message: {device, kind, values, alarms, receipt, rejected}."""
    for line in read(lines, needs_time=False):
        yield msgspec.json.encode(one(line)).decode()


def one(line: Line) -> dict[str, Any]:
    """Decode one message against the names that every thing model shares."""
    received_at = line.at or datetime.now(UTC)
    uplink = Uplink(line.topic, line.payload, received_at)
    try:
        message = codecs.decode(line.topic, line.payload, received_at)
        _, extras, good = values.check(message.values, thing_models.metrics())
        observed_at, is_skewed = clock(message, received_at)
    except Rejected as wrong:
        return _rejected(line, uplink, wrong)
    found: dict[str, Any] = {
        "device": message.addresses[0],
        "kind": message.kind,
        "values": {**good, **{name: msgspec.json.decode(text) for name, text, _ in extras}},
        "alarms": alarms(message, good),
        "receipt": _receipt(message),
        "rejected": None,
    }
    if message.kind != IGNORED:
        found |= {"id": message.id, "observed_at": observed_at, "skewed": is_skewed}
    if message.is_online is not None:
        found["online"] = message.is_online
    return found


def alarms(message: Message, good: dict[str, float]) -> list[str]:
    """Return the alarms of one message by itself; what needs time or memory is `yinling rules replay`."""
    own = [message.alarm] if message.alarm else []
    if message.is_historical:
        return own
    metrics = thing_models.metrics()
    flags = [metrics[name].alarm for name, value in good.items() if metrics[name].alarm and value]
    return own + [flag for flag in flags if flag]


def _receipt(message: Message) -> dict[str, Any] | None:
    if not message.wants_receipt or message.hub is not None:
        return None
    return {"id": message.id, "result": receipts.ACCEPTED}


def _rejected(line: Line, uplink: Uplink, wrong: Rejected) -> dict[str, Any]:
    refusal = receipts.refusal(uplink, wrong)
    levels = line.topic.split("/")
    return {
        "device": levels[2] if levels[0] == "yl" and len(levels) > 2 else None,  # noqa: PLR2004 - yl/v1/{device}
        "kind": None,
        "values": {},
        "alarms": [],
        "receipt": msgspec.json.decode(refusal.payload) if refusal else None,
        "rejected": {"reason": wrong.reason, "field": wrong.field},
    }
