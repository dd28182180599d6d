"""One message whose device is known: checked against its model, on a clock that can be believed; pure."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from devices import values
from devices.messages import SKEW, ZONE, Message, Rejected, key_of
from devices.values import Extra, Reading
from gateway.known import Known

OLDEST = timedelta(days=730)
_ZONES = ("leak", "smoke", "co", "gas", "heat", "fall", "open", "occupied", "vibration")
"""What the alarm bit of a Zigbee zone may be, the gravest that the model knows first."""


@dataclass(slots=True)
class Uplink:
    """A message as it came, and when."""

    topic: str
    payload: bytes
    received_at: datetime
    is_retained: bool = False


@dataclass(slots=True)
class Heard:
    """A message that is understood."""

    uplink: Uplink
    message: Message
    device: Known
    key: UUID
    observed_at: datetime
    is_skewed: bool
    alarm: str | None
    readings: list[Reading] = field(default_factory=list)
    extras: list[Extra] = field(default_factory=list)
    judged: dict[str, float] = field(default_factory=dict)
    alarm_id: UUID | None = None
    is_fresh: bool = True


def clock(message: Message, received_at: datetime) -> tuple[datetime, bool]:
    """Return when it was observed, and whether the device's clock was not believed."""
    at = message.at
    if at is None:
        return received_at, message.has_bad_clock
    if message.is_historical:
        if received_at - at > OLDEST:
            raise Rejected("too_old", "at", message.id)
        return (received_at, True) if at - received_at > SKEW else (at, False)
    if abs(received_at - at) > SKEW:
        return received_at, True
    return at, False


def _meant(message: Message, device: Known) -> str | None:
    """Say what a press means to this model; name the alarm bit of a zone as the model does."""
    raised = message.values.pop(ZONE, None)
    if device.model.press is not None:
        return device.model.press if message.is_press or raised else None
    if raised is not None:
        name = next((name for name in _ZONES if name in device.model.metrics), ZONE)
        message.values.setdefault(name, raised)
    return None


def understand(uplink: Uplink, message: Message, device: Known) -> Heard:
    """Check one message against its device's model, or raise Rejected."""
    observed_at, is_skewed = clock(message, uplink.received_at)
    alarm = message.alarm or _meant(message, device)
    heard = Heard(uplink, message, device, key_of(message.id), observed_at, is_skewed, alarm)
    if not message.values:
        return heard
    try:
        heard.readings, heard.extras, heard.judged = values.check(message.values, device.model.metrics)
    except Rejected as wrong:
        # A hub's alarm has no receipt that could say what is wrong with a value: it counts all the same.
        if alarm is None or message.wants_receipt:
            raise Rejected(wrong.reason, wrong.field, message.id) from wrong
    return heard
