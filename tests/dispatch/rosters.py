"""Shifts of a week for tests of rosters."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from core.clock import at_local
from dispatch.roster.weeks import Laid
from tests.dispatch.worlds import World, make_caregiver

MONDAY = date(2026, 11, 23)


async def carer(world: World, name: str = "a", **given: Any) -> UUID:
    found = (await make_caregiver(world, name, on_shift=False, **given)).caregiver_id
    assert found is not None
    return found


def laid(caregiver: UUID, day: int = 0, since: str = "08:00", hours: float = 8, **given: Any) -> Laid:
    start = at_local(MONDAY + timedelta(days=day), since)
    return Laid(caregiver, start, start + timedelta(hours=hours), **given)
