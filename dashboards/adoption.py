"""Who may adopt an unknown device: who holds it in the hand, or the box in which its hub came."""

from datetime import datetime, timedelta
from uuid import UUID

from core.db import Row
from core.errors import Forbidden, NotFound
from dashboards import audited, claim_codes
from dashboards.auth import Scope
from devices.registry import Credentials
from gateway import unknown_devices

PRESSED = timedelta(minutes=2)
_MANY = 10_000


def is_pressed(stranger: Row, now: datetime) -> bool:
    """Say whether it has just spoken: somebody at its side has pressed it."""
    return bool(now - stranger["last_seen_at"] <= PRESSED)


async def adopt(
    scope: Scope,
    unknown: UUID,
    claim_code: str | None,
    *,
    thing_model: str,
    care_bed: UUID | None,
    name: str | None,
    room: str | None,
) -> Credentials:
    """Register a stranger, on record; Forbidden when an installer neither holds it nor gives a code."""
    await _check(scope, unknown, claim_code)
    made = await unknown_devices.adopt(
        scope.conn,
        unknown,
        district=scope.person.district_id,
        thing_model=thing_model,
        now=scope.now,
        care_bed=care_bed,
        name=name,
        room=room,
    )
    await audited.note(scope, "device.adopt", "device", made.device_id)
    return made


async def _check(scope: Scope, unknown: UUID, claim_code: str | None) -> None:
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
