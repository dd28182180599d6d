"""Which alarms a visit in progress explains: motion, door and bed only, of a visit that the home saw."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

LOWERABLE = frozenset(
    {"bed_exit", "not_in_bed", "enuresis", "no_motion", "long_bathroom", "door_open", "wandering"}
)
"""Everything else (SOS, fall, smoke, gas, water, vital signs, and what is not known) is never lowered."""
LOWERED_SEVERITY = 5


@dataclass(frozen=True)
class VisitUnderWay:
    """A visit that has been checked in to; `witnessed`: a device of the home saw somebody arrive."""

    visit_id: UUID
    started_at: datetime
    planned_end: datetime
    witnessed: bool


@dataclass(frozen=True)
class Lowering:
    """The visit that explains an alarm, and until when it does."""

    visit_id: UUID
    until: datetime


def lower(
    alarm_type: str, observed_at: datetime, visits: Iterable[VisitUnderWay], grace: timedelta
) -> Lowering | None:
    """Return what explains the alarm, or None: then it pages as any other."""
    if alarm_type not in LOWERABLE:
        return None
    found = [
        Lowering(visit.visit_id, visit.planned_end + grace)
        for visit in visits
        if visit.witnessed and visit.started_at <= observed_at < visit.planned_end + grace
    ]
    return max(found, key=lambda one: (one.until, one.visit_id), default=None)
