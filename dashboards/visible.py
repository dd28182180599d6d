"""What of a district a person may see: a family only its own elders, a manager their provider."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from core import people, rights
from core.db import Row
from core.errors import Forbidden, NotFound
from core.sql import load
from dashboards import family_rights
from dashboards.auth import Scope, exists

SQL = load(__file__)


async def elders(scope: Scope) -> list[UUID] | None:
    """Return the only elders that the person may see here, or None: all of the district.

    A relative's are those of whom they hold the right that the route needs (`family_rights.ROUTES`).
    """
    if scope.person.role != "family":
        return None
    return [row["id"] for row in await relatives(scope)]


async def own(scope: Scope) -> list[Row]:
    """Return a relative's elders, whatever the rights, each with its `sharing`: the rights in force."""
    member = scope.person.family_member_id
    rows = await people.elders_of_family(scope.conn, member) if member else []
    return [{**row, "sharing": rights.in_force(row["rights"], row["consents"])} for row in rows]


async def relatives(scope: Scope) -> list[Row]:
    """Return a relative's elders of whom they hold the right that the route needs."""
    right = family_rights.needed(*scope.route)
    return [row for row in await own(scope) if right is None or right in row["sharing"]]


async def relative(scope: Scope, elder: UUID) -> Row:
    """Return one of a relative's elders; NotFound of others, Forbidden without the route's right."""
    row = next((row for row in await own(scope) if row["id"] == elder), None)
    if row is None:
        raise NotFound(f"no elder {elder}")
    right = family_rights.needed(*scope.route)
    if right is not None and right not in row["sharing"]:
        raise _not_shared(row, right)
    return row


def need(row: Row, right: str) -> None:
    """Raise Forbidden when a relative (a row of `relative`) does not hold what a page shows.

    A form's route asks for the right to do something; a page that says why it was refused shows more.
    """
    if right not in row["sharing"]:
        raise _not_shared(row, right)


async def sharing(scope: Scope, elder: UUID | None) -> frozenset[str]:
    """Return the rights in force of who asks towards an elder: staff have them all."""
    if scope.person.role != "family":
        return frozenset(rights.RIGHTS)
    found: dict[UUID | None, frozenset[str]] = {row["id"]: row["sharing"] for row in await own(scope)}
    return found.get(elder, frozenset())


async def hidden_metrics(scope: Scope, elder: UUID | None) -> frozenset[str]:
    """Return the metrics that are not shown to who asks: a relative without `location` sees no place."""
    if "location" in await sharing(scope, elder):
        return frozenset()
    return family_rights.PLACES


def _not_shared(row: Row, right: str) -> Forbidden:
    """Say that a relative does not see this of their elder, and whether right or consent is missing."""
    why = rights.missing(right, row["rights"], row["consents"]) or "right"
    return Forbidden(f"not shared with you: {right}", code="not_shared", right=right, missing=why)


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
    if scope.person.role == "family":
        await relative(scope, elder)
    elif not await exists(scope.conn, "elder", str(elder)):
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
    if scope.person.role != "family":
        return
    try:
        if elder is not None:
            await relative(scope, elder)
            return
    except NotFound:
        pass  # that the elder exists is not said either: the thing is what was asked for
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
    mine = await elders(scope) if elder is None else None
    if mine is None:
        return await fetch(elder)
    rows = [row for one in mine for row in await fetch(one)]
    return sorted(rows, key=order, reverse=newest_first)
