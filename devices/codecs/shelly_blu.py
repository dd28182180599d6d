"""Shelly's Bluetooth devices (BTHome), as a gateway's script repeats what they say."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from devices import thing_models
from devices.codecs import reading
from devices.messages import TELEMETRY, Message

ECOSYSTEM = "shelly"
MAP = reading.names_of(__file__.replace("_blu", ""))
_BTHOME = MAP["bthome"]
_ITSELF = frozenset(_BTHOME["itself"])


@dataclass(frozen=True, slots=True)
class Source:
    """One publish: whose, when."""

    hub: str
    names: tuple[str, ...]
    payload: bytes
    received_at: datetime
    at: datetime | None
    has_bad_clock: bool

    def message(self, addresses: tuple[str, ...], nth: int = 0) -> Message:
        """Begin a message of one device."""
        parts = (self.hub, self.names[0], addresses[0], str(nth))
        return Message(
            TELEMETRY,
            self.hub,
            ECOSYSTEM,
            addresses,
            reading.derive("shelly", parts, self.payload, self.at, self.received_at),
            self.at,
            is_id_derived=True,
            has_bad_clock=self.has_bad_clock,
        )


def is_said_by(found: dict[str, Any]) -> bool:
    """Say whether an object is what a Bluetooth device has said."""
    address = found.get("address", found.get("addr"))
    return reading.name(address) is not None and not {"BTHome_version", "pid"}.isdisjoint(found)


def decode(source: Source, found: dict[str, Any], nth: int = 0) -> Message:
    """Read one packet of one device; a packet number makes its repetition by a second gateway the same."""
    address = str(found.get("address", found.get("addr")))
    message = source.message((address,), nth)
    for theirs, value in found.items():
        if theirs in _ITSELF or value is None:
            continue
        if theirs.lower() == "button":
            _press(message, value)
        else:
            metric = _BTHOME["names"].get(theirs.lower())
            unit = "mm" if theirs.endswith("_mm") else None
            reading.put(message.values, metric, theirs, value, unit)
    message.model = thing_models.guess(message.values) or ("sos_button_v1" if message.is_press else None)
    return message


def _press(message: Message, value: object) -> None:
    """Read a button, or a list of several: 0 says that none was pressed."""
    pressed = [one for one in (value if isinstance(value, list) else [value]) if one not in (0, None, False)]
    if pressed:
        message.is_press = True
        message.values["action"] = _BTHOME["buttons"].get(str(pressed[0]), str(pressed[0])[:100])
