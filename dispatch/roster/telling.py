"""A roster changed: the caregiver, the provider and the office hear of it."""

from datetime import datetime

from core import events
from core.db import Conn, Row

ROLES = ("caregiver", "provider_manager", "clerk", "admin", "duty_manager")


async def changed(conn: Conn, caregiver: Row, now: datetime) -> None:
    """Write the event that the roster of a caregiver {id, district_id} changed."""
    whose = {"subject": caregiver["id"], "caregiver": caregiver["id"]}
    district = caregiver["district_id"]
    await events.write(conn, district=district, kind="roster.changed", roles=ROLES, at=now, **whose)
