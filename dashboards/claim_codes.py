"""The claim code on a box: who gives wrong ones waits, so that none is found by trying."""

from uuid import UUID

from core import accounts
from core.db import Row
from core.errors import NotFound
from dashboards.auth import Scope
from devices import kits


async def claim(scope: Scope, serial: str, code: str) -> Row:
    """Return the kit whose number and code somebody holds; raise NotFound, or TooMany after many tries."""
    await _check_patience(scope)
    try:
        return await kits.claim(scope.conn, scope.keys, serial, code)
    except NotFound:
        scope.guesses.append(_name(scope))
        raise


async def opens(scope: Scope, hub: UUID, code: str) -> bool:
    """Say whether a code is that of the kit which a hub came in; raise TooMany after many tries."""
    await _check_patience(scope)
    is_right = await kits.opens(scope.conn, scope.keys, scope.person.district_id, hub, code)
    if not is_right:
        scope.guesses.append(_name(scope))
    return is_right


async def _check_patience(scope: Scope) -> None:
    await accounts.check_patience(scope.conn, _name(scope), scope.now, scope.settings)


def _name(scope: Scope) -> str:
    return f"claim code {scope.person.account_id}"
