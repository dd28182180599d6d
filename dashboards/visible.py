"""What of a district a person may see: a family only its own elders, a manager their provider."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from core import people
from core.db import Row
from core.errors import NotFound
from core.sql import load
from dashboards.auth import Scope, exists

SQL = load(__file__)


async def elders(scope: Scope) -> list[UUID] | None:
    """Return the only elders that the person may see, or None: all of the district."""
    if scope.person.role != "family":
        return None
    member = scope.person.family_member_id
    rows = await people.elders_of_family(scope.conn, member) if member else []
    return [row["id"] for row in rows]


def own_provider(scope: Scope) -> UUID | None:
    """Return the only provider a provider's manager may see, or None: all; raise NotFound without one."""
    if scope.person.role != "provider_manager":
        return None
    if scope.person.provider_id is None:
        raise NotFound("your account belongs to no provider")
    return scope.person.provider_id


async def check_elder(scope: Scope, elder: UUID | None) -> None:
    """Raise NotFound for an elder that the person may not know of (None: nothing is asked)."""
    if elder is None:
        return
    mine = await elders(scope)
    known = elder in mine if mine is not None else await exists(scope.conn, "elder", str(elder))
    if not known:
        raise NotFound(f"no elder {elder}")


async def check_served(scope: Scope, elder: UUID) -> None:
    """Raise NotFound for an elder to whom a caregiver has never been sent (of others nothing is asked)."""
    if scope.person.role != "caregiver":
        return
    if not await scope.conn.fetchval(SQL.is_served, elder, scope.person.caregiver_id):
        raise NotFound(f"no elder {elder}")


async def check(scope: Scope, noun: str, identity: UUID | None) -> None:
    """Raise NotFound for a thing that the district has not (None: nothing is asked)."""
    if identity is not None and not await exists(scope.conn, noun, str(identity)):
        raise NotFound(f"no {noun.replace('_', ' ')} {identity}")


async def check_owner(scope: Scope, noun: str, identity: UUID, elder: UUID | None) -> None:
    """Raise NotFound when a thing belongs to an elder of whom the person may not know."""
    mine = await elders(scope)
    if mine is not None and elder not in mine:
        raise NotFound(f"no {noun.replace('_', ' ')} {identity}")


async def of_elders(
    scope: Scope,
    elder: UUID | None,
    fetch: Callable[[UUID | None], Awaitable[list[Row]]],
    *,
    order: Callable[[Row], Any] = lambda row: str(row["id"]),
    newest_first: bool = False,
) -> list[Row]:
    """Fetch the rows of one elder, of all elders of the district, or of a family's own, merged in order."""
    await check_elder(scope, elder)
    mine = await elders(scope)
    if mine is None or elder is not None:
        return await fetch(elder)
    rows = [row for one in mine for row in await fetch(one)]
    return sorted(rows, key=order, reverse=newest_first)
