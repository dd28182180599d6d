"""A home whose devices speak to the rules; time passes only where it is said."""

from datetime import UTC, datetime, timedelta
from typing import Any

from devices import thing_models
from gateway.rules import book, engine
from gateway.rules.memory import Device, Raised, Seen, Watch

MAT = Device("mat", thing_models.get("care_bed_v1"), "bedroom")
BEDROOM = Device("m1", thing_models.get("motion_v1"), "bedroom")
KITCHEN = Device("m2", thing_models.get("motion_v1"), "kitchen")
BATH = Device("m3", thing_models.get("motion_v1"), "bathroom")
DOOR = Device("d1", thing_models.get("door_v1"), "entrance")
FRIDGE = Device("d2", thing_models.get("door_v1"), "kitchen")
CABINET = Device("d3", thing_models.get("door_v1"), "bathroom")
SMOKE = Device("s1", thing_models.get("smoke_v1"), "kitchen")
WATCH = Device("w1", thing_models.get("watch_v1"), None)
NIGHT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
"""23:00 in Shanghai."""
MORNING = 9 * 60
"""08:00 in Shanghai, in minutes after NIGHT."""


class Home:
    """A home that speaks; time passes only where it is said."""

    def __init__(self, *overrides: tuple[str, bool, dict[str, Any]], has_mat: bool = False) -> None:
        self.watch, self.rules, self.has_mat = Watch(), book.compile_(overrides), has_mat
        self.raised: list[Raised] = []

    def says(self, minutes: float, device: Device, lag_s: float = 0.0, **values: float) -> bool:
        """Hear one message; return whether the memory changed."""
        seen = Seen(device, NIGHT + timedelta(minutes=minutes), lag_s, values)
        found, is_changed = engine.hear(self.watch, seen, self.rules, has_mat=self.has_mat)
        self.raised += found
        return is_changed

    def passes(self, minutes: float) -> None:
        self.raised += engine.sweep(self.watch, self.rules, NIGHT + timedelta(minutes=minutes))

    @property
    def types(self) -> list[str]:
        return [one.type for one in self.raised]

    @property
    def rooms(self) -> list[list[tuple[Any, ...]]]:
        return [[(row["room"], row["metric"], row["value"]) for row in one.evidence] for one in self.raised]


def only(*names: str) -> tuple[tuple[str, bool, dict[str, Any]], ...]:
    """Switch all rules off but these."""
    return tuple((name, name in names, {}) for name in book.defaults())
