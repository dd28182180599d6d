"""What a caregiver records of each service: codes to tick, the person's condition, a note."""

from collections.abc import Iterable
from typing import Any

TASKS: dict[str, tuple[str, ...]] = {
    "meal": ("meal_delivered", "meal_eaten", "fed"),
    "bath": ("bathed", "skin_checked", "clothes_changed"),
    "clean": ("room_cleaned", "laundry_done", "rubbish_out"),
    "walk": ("walked_outside", "walked_inside", "errand_together"),
    "medical": ("taken_to_clinic", "medicine_fetched", "results_explained"),
    "emergency": ("spoke_with_elder", "first_aid", "ambulance_called", "family_informed", "device_checked"),
}
GENERAL = ("done_as_planned", "measured_blood_pressure", "medicine_taken", "talked")
CONDITIONS = ("well", "as_usual", "unwell", "needs_doctor")


def tasks_of(service: str) -> tuple[str, ...]:
    """Return what may be ticked for a service."""
    return TASKS.get(service, ()) + (() if service == "emergency" else GENERAL)


def make(service: str, done: Iterable[str], condition: str, note: str) -> dict[str, Any]:
    """Return the record; ticks that do not belong to the service are dropped."""
    allowed = tasks_of(service)
    record: dict[str, Any] = {"done": [task for task in allowed if task in set(done)]}
    if condition in CONDITIONS:
        record["condition"] = condition
    if note.strip():
        record["note"] = note.strip()
    return record
