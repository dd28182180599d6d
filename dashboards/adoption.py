"""Who may adopt an unknown device: who holds it in the hand, or the box in which its hub came."""

from datetime import datetime, timedelta
from uuid import UUID

from core.db import Row
from core.errors import Forbidden, NotFound
from dashboards import claim_codes
from dashboards.auth import Scope
from gateway import unknown_devices

PRESSED = timedelta(minutes=2)
_MANY = 10_000


def is_pressed(stranger: Row, now: datetime) -> bool:
    """Say whether it has just spoken: somebody at its side has pressed it."""
    return bool(now - stranger["last_seen_at"] <= PRESSED)


async def check(scope: Scope, unknown: UUID, claim_code: str | None) -> None:
    """Raise Forbidden when an installer shows neither; an administrator answers for the whole district."""
    rows = await unknown_devices.list_(scope.conn, None, _MANY)
    found = next((row for row in rows if row["id"] == unknown), None)
    if found is None:
        raise NotFound(f"no unknown device {unknown}")
    if scope.person.role != "installer" or is_pressed(found, scope.now):
        return
    hub, code = found["hub_id"], (claim_code or "").strip()
    if not (hub and code and await claim_codes.opens(scope, hub, code)):
        raise Forbidden("press the device now, or give the claim code of its kit", code="not_pressed")
