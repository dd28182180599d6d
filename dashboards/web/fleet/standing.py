"""What a device's live state comes to: its standing, its firmware, its values in words; pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from devices.thing_models import Metric

NEVER, OFFLINE, SILENT, ONLINE = "never", "offline", "silent", "online"
FIRMWARE = (
    *("firmware", "fw", "fw_version", "firmware_version", "sw_version", "software_version"),
    *("software_build_id", "version", "ver"),
)
_UPDATE, _INSTALLED = "update", "installed_version"
_LONGEST = 40


def standing(said: Mapping[str, Any] | None) -> str:
    """Say how a device stands: never heard, offline by its own last word, silent for too long, or online."""
    if said is None or said["last_seen_at"] is None:
        return NEVER
    if not said["is_online"]:
        return OFFLINE
    return SILENT if said["silent_since"] else ONLINE


def latest(said: Mapping[str, Any] | None, name: str) -> Any:  # noqa: ANN401 - a device may say anything
    """Return the last value of a name, or None."""
    found = (said["values"] or {}).get(name) if said else None
    return found[0] if isinstance(found, list) and found else None


def battery(said: Mapping[str, Any] | None) -> float | None:
    """Return the battery in per cent, if the device tells it."""
    value = latest(said, "battery")
    return value if type(value) in {int, float} else None


def firmware(said: Mapping[str, Any] | None) -> str | None:
    """Return the version of its firmware by any of the names that devices have for it."""
    for name in FIRMWARE:
        value = latest(said, name)
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            return str(value)[:_LONGEST]
    update = latest(said, _UPDATE)
    installed = update.get(_INSTALLED) if isinstance(update, dict) else None
    return None if installed is None else str(installed)[:_LONGEST]


def values(
    said: Mapping[str, Any] | None, metrics: Mapping[str, Metric]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return what the model knows {name, value, unit, is_bool, at}, and what else the device says."""
    known: list[dict[str, Any]] = []
    other: list[dict[str, Any]] = []
    for name, (value, at) in sorted(((said or {}).get("values") or {}).items()):
        metric = metrics.get(name)
        one = {"name": name, "value": value, "at": datetime.fromisoformat(at)}
        if metric is None or isinstance(value, str | list | dict):
            other.append(one)
        else:
            known.append({**one, "unit": metric.unit, "is_bool": metric.is_bool})
    return known, other
