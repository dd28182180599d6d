"""What devices answer to commands, and whose commands wait no longer."""

from collections.abc import Sequence
from datetime import datetime

from core import db, events, log
from core.db import Conn, Row
from devices import commands
from gateway.heard import Heard

ROLES = ("operator", "duty_manager", "installer", "admin")


async def take_answers(conn: Conn, answers: Sequence[Heard], now: datetime) -> None:
    """Note what devices answer; an answer to what was never asked of this device is logged and forgotten."""
    for heard in answers:
        assert heard.message.answer is not None  # noqa: S101 - only answers come here
        result, reason = heard.message.answer
        await db.enter(conn, heard.device.district)
        found = await commands.answered(conn, heard.key, heard.device.id, result, reason, now)
        if found is None:
            log.get().info("commands.unasked_answer", device=heard.device.text)
            continue
        await tell(conn, [{"device_id": heard.device.id, "district_id": heard.device.district}], now)


async def wake(conn: Conn, statuses: Sequence[Heard], now: datetime) -> None:
    """Send at once what waits for devices that have come back."""
    back = [one.device.id for one in statuses if one.message.is_online and not one.uplink.is_retained]
    if back:
        await commands.wake(conn, back, now)


async def tell(conn: Conn, changed: Sequence[Row], now: datetime) -> None:
    """Write an event for each command that has changed."""
    for row in changed:
        district, device = row["district_id"], row["device_id"]
        await db.enter(conn, district)
        await events.write(
            conn, district=district, kind="device.command", subject=device, roles=ROLES, at=now
        )
