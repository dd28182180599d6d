"""Which alarms a visit in progress explains: motion, door, bed, room; of a visit that the home saw."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from devices import thing_models

LOWERABLE = frozenset(name for name, kind in thing_models.alarm_types().items() if kind.is_lowered_by_visit)
"""As data says (DOMAIN §4); SOS, fall, smoke, gas, water, vital signs, and what is not known, never are."""
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
