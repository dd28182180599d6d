"""Kit files: which thing model and room stand behind each topic of a recording; pure."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.errors import Failure
from devices import rooms, thing_models
from gateway.rules.memory import Device

_LISTS = ("devices", "device")
_GUESSES = {
    "in_bed": "care_bed_v1",
    "open": "door_v1",
    "smoke": "smoke_v1",
    "gas": "gas_v1",
    "co": "co_v1",
    "leak": "water_v1",
    "worn": "watch_v1",
    "steps": "watch_v1",
    "occupied": "motion_v1",
    "heart_rate": "care_bed_v1",
    "humidity": "climate_v1",
}


@dataclass(frozen=True)
class Kit:
    """Devices by topic; a topic that the file does not name is guessed from what it says."""

    devices: Mapping[str, Device]
    silent_after_s: Mapping[str, float] = field(default_factory=dict)
    """How long a device (by name) may be silent, where the file says so; 0: as long as it likes."""

    def find(self, topic: str, values: Mapping[str, Any]) -> Device:
        """Return the device behind a topic."""
        found = self.devices.get(topic) or self.devices.get(name_of(topic))
        if found is not None:
            return found
        guess = next((model for metric, model in _GUESSES.items() if metric in values), "sos_button_v1")
        return Device(name_of(topic), thing_models.get(guess), rooms.code_of(name_of(topic)))


def name_of(topic: str) -> str:
    """Return a device's name from its topic: the same for its telemetry and its alarms."""
    levels = topic.split("/")
    if levels[0] == "yl" and len(levels) > 2:  # noqa: PLR2004 - yl/v1/{device}
        return levels[2]
    return "/".join(levels[3:]) if levels[0] == "eco" else topic


def parse(text: str) -> Kit:
    """Read `[topics."…"]` tables, `[[devices]]` with a `topic`, or tables named by topic; raise Failure."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Failure(f"kit: {error}") from error
    devices: dict[str, Device] = {}
    limits: dict[str, float] = {}
    for topic, row in _rows(found):
        devices[topic] = devices[name_of(topic)] = _device(topic, row)
        limit = row.get("silent_after_s")
        if limit is not None:
            if type(limit) not in {int, float} or limit < 0:
                raise Failure(f"kit: the silent_after_s of {topic} is no number of seconds")
            limits[name_of(topic)] = float(limit)
    return Kit(devices, limits)


def _rows(found: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each topic with its table; a figure or a text of the file itself is nobody's device."""
    rows: list[tuple[str | None, Any]]
    for key, value in found.items():
        if key in _LISTS and isinstance(value, list):
            rows = [(None, row) for row in value]
        elif key in _LISTS or key == "topics":
            rows = list(value.items()) if isinstance(value, dict) else [(None, value)]
        else:
            rows = [(key, value)] if isinstance(value, dict) else []
        for topic, row in rows:
            named = row.get("topic", topic) if isinstance(row, dict) else None
            if not isinstance(named, str):
                raise Failure("kit: each device needs its topic and its thing_model")
            yield named, row


def _device(topic: str, row: dict[str, Any]) -> Device:
    code, room = row.get("thing_model"), row.get("room")
    if not isinstance(code, str):
        raise Failure("kit: each device needs its topic and its thing_model")
    model = thing_models.all_().get(code)
    if model is None:
        raise Failure(f"kit: no thing model {code}; there are {', '.join(thing_models.all_())}")
    if not isinstance(room, str | None):
        raise Failure(f"kit: the room of {topic} is no text")
    return Device(name_of(topic), model, rooms.code_of(room))
