"""What a device hears back, after the commit; pure."""

from dataclasses import dataclass
from uuid import UUID

import msgspec

from devices.codecs import native_v1
from devices.messages import ALARM, TELEMETRY, Rejected
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
    if not heard.message.wants_receipt or heard.message.hub is not None:
        return None
    result = ACCEPTED if heard.is_fresh else DUPLICATE
    return _receipt(heard.message.addresses[0], heard.message.id, result, heard.alarm_id)


def refusal(uplink: Uplink, wrong: Rejected) -> Receipt | None:
    """Answer a message that is not understood, if its sender waits for that and its topic says who it is."""
    levels = uplink.topic.split("/")
    if len(levels) != _LEVELS or levels[:2] != ["yl", "v1"] or not levels[2]:
        return None
    if levels[3] == ALARM or (levels[3] == TELEMETRY and native_v1.asks(uplink.payload)):
        reason = f"{wrong.reason}: {wrong.field}" if wrong.field else wrong.reason
        return _receipt(levels[2], wrong.message_id, REJECTED, None, reason)
    return None


def _receipt(
    device: str, message_id: str | None, result: str, alarm: UUID | None, reason: str | None = None
) -> Receipt:
    body: dict[str, str | None] = {"id": message_id, "result": result}
    if alarm is not None:
        body["alarm_id"] = str(alarm)
    if reason is not None:
        body["reason"] = reason
    return Receipt(f"yl/v1/{device}/receipt", msgspec.json.encode(body))
