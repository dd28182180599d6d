"""What a command is on the wire, by ecosystem: a topic and its bytes; pure.

A native device answers on `/command/result`. The ecosystems below take a command and say nothing that names
it, so what was handed to their hub ends as unconfirmed. What an ecosystem cannot say is refused at once.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from devices.messages import is_topic

NATIVE = "native"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A command as it must be told."""

    id: UUID
    name: str
    params: Mapping[str, Any]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Downlink:
    """One publish; `is_answered`: the device says what became of it."""

    topic: str
    payload: bytes
    is_answered: bool


_Encode = Callable[[str, Wanted], tuple[str, bytes]]
"""(the device's address, what is wanted) → topic under its ecosystem's prefix, payload."""


def _json(body: object) -> bytes:
    return json.dumps(body, separators=(",", ":")).encode()


def _tasmota(topic: str, command: str, value: object = "") -> tuple[str, bytes]:
    return f"cmnd/{topic}/{command}", str(value).encode()


def _shelly(device: str, wanted: Wanted, method: str) -> tuple[str, bytes]:
    number = wanted.id.int >> 96
    return f"{device}/rpc", _json({"id": number, "src": "yinling", "method": method, "params": {}})


def _thingsboard(device: str, wanted: Wanted) -> tuple[str, bytes]:
    number = wanted.id.int & 0x7FFF_FFFF
    call = {"id": number, "method": wanted.name, "params": dict(wanted.params)}
    return "v1/gateway/rpc", _json({"device": device, "data": call})


_SIREN = {"warning": {"mode": "emergency", "level": "medium", "strobe": True, "duration": 10}}
_WAYS: Mapping[tuple[str, str], _Encode] = {
    ("zigbee2mqtt", "ring"): lambda device, _: (f"{device}/set", _json(_SIREN)),
    ("tasmota", "reboot"): lambda device, _: _tasmota(device, "Restart", 1),
    ("tasmota", "set_interval"): lambda device, wanted: _tasmota(
        device, "TelePeriod", wanted.params["seconds"]
    ),
    ("shelly", "reboot"): lambda device, wanted: _shelly(device, wanted, "Shelly.Reboot"),
    ("thingsboard", "ring"): _thingsboard,
    ("thingsboard", "reboot"): _thingsboard,
    ("thingsboard", "set_interval"): _thingsboard,
}


def can(ecosystem: str, name: str) -> bool:
    """Say whether devices of an ecosystem can be told a command."""
    return ecosystem == NATIVE or (ecosystem, name) in _WAYS


def encode(
    device: UUID, hub: UUID | None, ecosystem: str, address: str | None, wanted: Wanted
) -> Downlink | None:
    """Return what to publish; None: the ecosystem has no word for it, or the name makes no topic."""
    if ecosystem == NATIVE:
        body = {
            "id": str(wanted.id),
            "name": wanted.name,
            "params": dict(wanted.params),
            "expires_at": wanted.expires_at.isoformat(),
        }
        return Downlink(f"yl/v1/{device}/command", _json(body), is_answered=True)
    way = _WAYS.get((ecosystem, wanted.name))
    if way is None or hub is None or not address:
        return None
    topic, payload = way(address, wanted)
    whole = f"eco/{hub}/{ecosystem}/{topic}"
    return Downlink(whole, payload, is_answered=False) if is_topic(whole) else None
