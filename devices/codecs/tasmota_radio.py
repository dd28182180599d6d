"""Whom a Tasmota bridge hears: Zigbee children (`ZbReceived`, `ZbInfo`), remotes at 433 MHz."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from devices import thing_models
from devices.codecs import naming, reading
from devices.messages import ALARM, TELEMETRY, ZONE, Memory, Message, learn

ECOSYSTEM = "tasmota"
MAP = reading.names_of(__file__.replace("_radio", ""))
_ZIGBEE = MAP["zigbee"]
_ITSELF = frozenset(_ZIGBEE["itself"])
_ALARMS, _TAMPER, _LOW = 0b11, 0b100, 0b1000
_CODE_DIGITS = 6
"""A learning code of 24 bits: five digits say who, the last what."""


@dataclass(frozen=True, slots=True)
class Source:
    """One publish: whose, when."""

    hub: str
    name: str
    payload: bytes
    received_at: datetime
    at: datetime | None
    has_bad_clock: bool

    def message(self, addresses: tuple[str, ...]) -> Message:
        """Begin a message of one device."""
        parts = (self.hub, self.name, addresses[0])
        return Message(
            TELEMETRY,
            self.hub,
            ECOSYSTEM,
            addresses,
            reading.derive("tas", parts, self.payload, self.at, self.received_at),
            self.at,
            is_id_derived=True,
            has_bad_clock=self.has_bad_clock,
        )


def zigbee(source: Source, found: dict[str, Any], memory: Memory) -> list[Message]:
    """Read what each child of a Zigbee bridge says."""
    said: list[Message] = []
    for key, child in found.items():
        names = reading.names(child.get("Name"), key, child.get("Device")) if isinstance(child, dict) else ()
        if not names:
            continue
        zone = _ZIGBEE["zones"].get(str(child.get("ZoneType")))
        learned = memory.get(f"zone/{names[-1]}")
        if zone is not None and zone != learned:
            said.append(learn(source.hub, ECOSYSTEM, f"zone/{names[-1]}", zone))
        message = source.message(names)
        _child(message, child, zone or learned)
        if message.values or message.alarm:
            said.append(message)
    return said


def info(source: Source, found: dict[str, Any], memory: Memory) -> list[Message]:
    """Learn what a child is; what it said long ago is not said again."""
    return [one for one in zigbee(source, found, memory) if one.learned is not None]


def _child(message: Message, child: dict[str, Any], zone: str | None) -> None:
    values = message.values
    status = child.get("ZoneStatusChange", child.get("ZoneStatus"))
    for key, value in child.items():
        if key in _ITSELF or value is None:
            continue
        if key in _ZIGBEE["alarms"] and reading.truth(value):
            message.kind, message.alarm = ALARM, _ZIGBEE["alarms"][key]
        elif key == _ZIGBEE["switch"]:
            _switch(message, value)
        else:
            _put(values, key, value)
    if isinstance(child.get("Click"), str):
        values["action"] = child["Click"][:200]
        message.is_press = child["Click"].upper() in MAP["actions"]["press"]
    if isinstance(status, int) and not isinstance(status, bool):
        _zone(message, status, zone)
    message.model = "sos_button_v1" if message.alarm == "sos" else thing_models.guess(values)


def _put(values: dict[str, Any], key: str, value: object) -> None:
    told = MAP["names"].get(key) or {"metric": naming.metric_of(key, is_bool=reading.number(value) is None)}
    metric = told["metric"]
    fitted = reading.fit(metric, value, told.get("unit"), told.get("yes", ())) if metric else None
    if fitted is None:
        reading.put_aside(values, key, value)
    elif key == "BatteryPercentage" and fitted > 100:  # noqa: PLR2004 - of 200 halves, before they are halved
        values["battery"] = fitted / 2
    else:
        values[metric] = fitted


def _switch(message: Message, value: object) -> None:
    """Read `Power`: a state if it is one, a press of a remote if it toggles."""
    state = reading.truth(value)
    if state is None:
        message.values["action"] = str(value)[:200]
    else:
        message.values["switched_on"] = state
    message.is_press = str(value).upper() in MAP["actions"]["press"] or value == 2  # noqa: PLR2004 - toggle


def _zone(message: Message, status: int, zone: str | None) -> None:
    """Read the bits of an alarm zone; what the alarm bits mean hangs on its kind."""
    values, is_raised = message.values, bool(status & _ALARMS)
    if status & _TAMPER:
        values["tamper"] = True
    if status & _LOW:
        values["battery_low"] = True
    if zone == "sos":
        if is_raised:
            message.kind, message.alarm = ALARM, "sos"
    elif zone is not None:
        values.setdefault(zone, is_raised)
    elif not set(values) & set(_ZIGBEE["zones"].values()) and message.alarm is None:
        values[ZONE] = is_raised


def remote(source: Source, found: dict[str, Any], _memory: Memory) -> list[Message]:
    """Read a code at 433 MHz: who sent it and what it says share one number."""
    code = reading.name(found.get("Data"))
    if code is None or len(code) > reading.LONGEST_TOPIC // 2:
        return []
    who = code[:-1] if len(code) == _CODE_DIGITS else code
    message = source.message(reading.names(f"rf-{who}", f"rf-{code}"))
    message.values = {"action": code[-1] if who != code else "received", "code": code}
    key = found.get("RfKey")
    if isinstance(key, str | int) and key != "None":
        message.values["key"] = key
    message.is_press = True
    message.model = "sos_button_v1"
    return [message]


RADIOS: dict[str, Callable[[Source, dict[str, Any], Memory], list[Message]]] = {
    "ZbReceived": zigbee,
    "ZbInfo": info,
    "RfReceived": remote,
}
