"""How many visits a day a provider has undertaken: what is beyond that is not planned, and named. Pure."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from dispatch.planning.shapes import Asked, DayFacts, Reason
from dispatch.roster.fitness import Covered, covers


def surplus(facts: DayFacts) -> dict[UUID, Reason]:
    """Return the wanted visits beyond what their provider has undertaken for a day; the least urgent go."""
    found: dict[UUID, Reason] = {}
    for provider, rows in _undertaken(facts).items():
        for row in rows:
            mine = sorted(_of(facts, provider, row), key=_rank)
            found |= {
                one.visit_id: {"code": "capacity", "capacity": row.capacity}
                for one in mine[row.capacity :]
                if one.state == "wanted"
            }
    return found


def _undertaken(facts: DayFacts) -> Mapping[UUID, tuple[Covered, ...]]:
    """Return the undertakings that have a limit, by provider."""
    return {
        one.provider_id: tuple(row for row in one.coverage if row.capacity is not None)
        for one in facts.caregivers
    }


def _of(facts: DayFacts, provider: UUID, row: Covered) -> Iterator[Asked]:
    for one in facts.visits:
        is_planned = one.provider_id == provider and not one.is_emergency and not one.held
        if is_planned and covers(row, one.service, one.region, facts.on):
            yield one


def _rank(one: Asked) -> tuple[bool, bool, int, str]:
    """Order visits: those with somebody, then by urgency; optional ones last."""
    return one.state == "wanted", one.is_optional, one.priority, str(one.visit_id)
