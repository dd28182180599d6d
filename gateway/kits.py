"""Kit files: which thing model and room stand behind each topic of a recording; pure."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.errors import Failure
from devices import rooms, thing_models
from gateway.rules.memory import Device

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
    listed = [row for key in ("devices", "device") for row in _rows(found.pop(key, []))]
    named = found.pop("topics", {}) | {key: row for key, row in found.items() if isinstance(row, dict)}
    devices: dict[str, Device] = {}
    for topic, row in [*named.items(), *((row.get("topic"), row) for row in listed)]:
        if not isinstance(topic, str) or "thing_model" not in row:
            raise Failure("kit: each device needs its topic and its thing_model")
        model = thing_models.all_().get(row["thing_model"])
        if model is None:
            raise Failure(
                f"kit: no thing model {row['thing_model']}; there are {', '.join(thing_models.all_())}"
            )
        device = Device(name_of(topic), model, rooms.code_of(row.get("room")))
        devices[topic] = devices[name_of(topic)] = device
    return Kit(devices)


def _rows(value: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - whatever stands in the file
    return list(value) if isinstance(value, list) else [{"topic": key, **row} for key, row in value.items()]
