"""Which day a movable visit is planned on: greedily the one with most room, the least patient first. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

NO_SHIFT = 1.0
"""Minutes that a day without shifts counts for: the last choice."""


@dataclass(frozen=True, slots=True)
class Movable:
    """A visit that may be made on any day up to `until`."""

    visit_id: UUID
    minutes: float
    until: date


def spread(asked: Sequence[Movable], room: Mapping[date, tuple[float, float]]) -> dict[UUID, date]:
    """Return a day for each visit; `room` says of each day the minutes wanted and the minutes worked."""
    wanted = {day: minutes for day, (minutes, _) in room.items()}
    found = {}
    for one in sorted(asked, key=lambda each: (each.until, each.visit_id)):
        days = [day for day in room if day <= one.until] or list(room)
        day = min(days, key=lambda each: ((wanted[each] + one.minutes) / max(room[each][1], NO_SHIFT), each))
        wanted[day] += one.minutes
        found[one.visit_id] = day
    return found
