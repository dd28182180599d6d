"""How much speaks for a visit besides the caregiver's word. Pure; reads the proof, weighs nothing again."""

from services.fraud.records import Visit

_TWICE = 3
"""Opened and shut, and opened again: two movements of a door."""
_WEIGHTS = {
    "devices": (2.0, -2.0),
    "elder": (2.0, -3.0),
    "phone": (0.4, -0.6),
    "companion": (1.0, -0.5),
    "photo": (0.3, -1.0),
    "signature": (0.2, -0.5),
}


def of(visit: Visit) -> float:
    """Return the sum of what the witnesses say: only for comparing two visits with each other."""
    total = 0.0
    for name, (good, bad) in _WEIGHTS.items():
        says = visit.says(name)
        total += good if says == "agrees" else bad if says == "contradicts" else 0.0
    if visit.code("devices") in {"motion", "bed_changed"}:
        total -= 1.5  # the elder makes these alone
    if visit.says("code") == "agrees":
        total += 2.0 if is_strong(visit) else 0.3
    if visit.start.is_mock or visit.end.is_mock:
        total -= 2.0
    if visit.says("phone") == "absent":
        total -= 0.4
    return total


def is_strong(visit: Visit) -> bool:
    """Say whether a code that changes every minute was scanned."""
    return visit.says("code") == "agrees" and bool(visit.witnesses["code"].get("strong"))


def is_independent(visit: Visit) -> bool:
    """Say whether somebody or something besides the caregiver noticed the visit."""
    seen = (
        visit.says("devices") == "agrees" and visit.code("devices") == "door_moved" and _came_and_left(visit)
    )
    return seen or is_strong(visit) or visit.says("elder") == "agrees" or visit.says("companion") == "agrees"


def _came_and_left(visit: Visit) -> bool:
    """Say whether the door moved often enough for coming and leaving; once may be the elder's own."""
    moved = visit.witnesses["devices"].get("traces", {}).get("door_moved")
    return moved is None or moved >= _TWICE
