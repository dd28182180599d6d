"""Whose people somebody looks after: a manager the own provider's, the office the district's."""

from uuid import UUID

from core.db import Row
from core.errors import NotFound
from dashboards import visible
from dashboards.auth import Scope
from dispatch import caregivers

MANAGERS = ("provider_manager", "clerk", "admin")
"""Who may change rosters, people, wishes and coverage."""


async def provider(scope: Scope, asked: UUID | None) -> UUID | None:
    """Return the provider whose rows are listed (None: all); raise NotFound for one that is not theirs."""
    await visible.check(scope, "provider", asked)
    if scope.person.role != "provider_manager":
        return asked
    mine = scope.person.provider_id
    if mine is None or asked not in {None, mine}:
        raise NotFound(f"no provider {asked}")
    return mine


async def caregiver(scope: Scope, caregiver_id: UUID) -> Row:
    """Return a caregiver whom the person may look after, or is; raise NotFound."""
    row, person = await caregivers.find(scope.conn, caregiver_id), scope.person
    foreign = person.role == "caregiver" and person.caregiver_id != caregiver_id
    if foreign or (person.role == "provider_manager" and row["provider_id"] != person.provider_id):
        raise NotFound(f"no caregiver {caregiver_id}")
    return row


async def of(scope: Scope, row: Row, noun: str) -> Row:
    """Return a row {id, caregiver_id, provider_id} that the person may see; raise NotFound."""
    person = scope.person
    foreign = person.role == "caregiver" and row["caregiver_id"] != person.caregiver_id
    if foreign or (person.role == "provider_manager" and row["provider_id"] != person.provider_id):
        raise NotFound(f"no {noun} {row['id']}")
    return row


def own(scope: Scope, asked: UUID | None) -> UUID | None:
    """Return the caregiver whose rows are listed: a caregiver's own only."""
    if scope.person.role != "caregiver":
        return asked
    if asked not in {None, scope.person.caregiver_id} or scope.person.caregiver_id is None:
        raise NotFound(f"no caregiver {asked}")
    return scope.person.caregiver_id
