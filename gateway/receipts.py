"""What a device hears back, after the commit; pure."""

from dataclasses import dataclass
from uuid import UUID

import msgspec

from devices.codecs import native_v1
from devices.messages import ALARM, TELEMETRY, Message, Rejected, is_topic
from gateway.heard import Heard, Uplink

ACCEPTED, DUPLICATE, REJECTED = "accepted", "duplicate", "rejected"
_LEVELS = 4


@dataclass(frozen=True, slots=True)
class Receipt:
    """One answer and where it goes."""

    topic: str
    payload: bytes


def of(heard: Heard) -> Receipt | None:
    """Answer a message that is stored, if its sender waits for that."""
    if heard.message.reply is not None:
        return reply(heard.uplink, heard.message)
    if not heard.message.wants_receipt or heard.message.hub is not None:
        return None
    result = ACCEPTED if heard.is_fresh else DUPLICATE
    return _receipt(heard.message.addresses[0], heard.message.id, result, heard.alarm_id)


def refusal(uplink: Uplink, wrong: Rejected) -> Receipt | None:
    """Answer a message that is not understood, if its sender waits for that and its topic says who it is."""
    if wrong.reply is not None:
        return _beneath(uplink.topic, wrong.reply.topic, wrong.reply.rejected)
    levels = uplink.topic.split("/")
    if len(levels) != _LEVELS or levels[:2] != ["yl", "v1"] or not levels[2]:
        return None
    if levels[3] == ALARM or (levels[3] == TELEMETRY and native_v1.asks(uplink.payload)):
        reason = f"{wrong.reason}: {wrong.field}" if wrong.field else wrong.reason
        return _receipt(levels[2], wrong.message_id, REJECTED, None, reason)
    return None


def reply(uplink: Uplink, message: Message) -> Receipt | None:
    """Say in the ecosystem's own words that a message is taken."""
    if message.reply is None:
        return None
    return _beneath(uplink.topic, message.reply.topic, message.reply.accepted)


def _beneath(heard_on: str, topic: str, payload: bytes) -> Receipt | None:
    """Return an answer under the prefix of the hub that spoke, which alone may hear it."""
    if not topic:
        return Receipt("", payload)
    levels = heard_on.split("/", 3)
    whole = "/".join([*levels[:3], topic])
    if levels[0] != "eco" or len(levels) < _LEVELS or not is_topic(whole):
        return None
    return Receipt(whole, payload)


def _receipt(
    device: str, message_id: str | None, result: str, alarm: UUID | None, reason: str | None = None
) -> Receipt:
    body: dict[str, str | None] = {"id": message_id, "result": result}
    if alarm is not None:
        body["alarm_id"] = str(alarm)
    if reason is not None:
        body["reason"] = reason
    return Receipt(f"yl/v1/{device}/receipt", msgspec.json.encode(body))
