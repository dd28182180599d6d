"""What an installer's page knows: beds, devices, and which of those under test have been seen."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core.db import Conn, Row
from core.errors import NotFound
from core.sql import load
from devices import install_signs, installs, thing_models
from gateway import states

SQL = load(__file__)
WAITING, ARMED, SEEN, MISSED = "waiting", "armed", "seen", "missed"


async def bed(conn: Conn, care_bed: UUID) -> Row:
    """Return a bed with whom it is for, or raise NotFound."""
    row = await conn.fetchrow(SQL.find_bed, care_bed)
    if row is None:
        raise NotFound(f"no care bed {care_bed}")
    return row


async def devices(conn: Conn, care_bed: UUID) -> list[dict[str, Any]]:
    """Return what stands at a bed, with what it said last."""
    rows = await conn.fetch(SQL.list_devices, care_bed)
    said = {row["device_id"]: row for row in await states.of(conn, [row["id"] for row in rows])}
    return [{**row, "said": said.get(row["id"])} for row in rows]


async def arm(conn: Conn, test: UUID, device: UUID, now: datetime) -> None:
    """Expect a device to be triggered; what it has said until now does not count."""
    said = await states.of(conn, [device])
    await installs.arm(conn, test, device, said[0]["values"] if said else {}, now)


def is_open(test: Row, now: datetime) -> bool:
    """Say whether a test is still under way."""
    return test["finished_at"] is None and bool(now < test["ends_at"])


async def look(conn: Conn, test: Row, now: datetime) -> list[dict[str, Any]]:
    """Note which armed devices have been seen while the test goes on; return its lines with their state."""
    rows, open_ = await installs.checks(conn, test["id"]), is_open(test, now)
    armed = [row for row in rows if row["armed_at"] is not None and row["seen_at"] is None]
    if armed and open_:
        ids = [row["device_id"] for row in armed]
        said = {row["device_id"]: row["values"] for row in await states.of(conn, ids)}
        alarms = await _alarms(conn, ids, min(row["armed_at"] for row in armed))
        for row in armed:
            model = thing_models.get(row["thing_model"])
            raised = [one for one in alarms[row["device_id"]] if one[1] >= row["armed_at"]]
            found = install_signs.sign(model, row["before"], said.get(row["device_id"], {}), raised, now)
            if found is not None:
                await installs.see(conn, test["id"], row["device_id"], found)
        rows = await installs.checks(conn, test["id"])
    return [{**row, "state": _state(row, now, open_), "left": _left(row, now)} for row in rows]


async def _alarms(conn: Conn, devices: list[UUID], since: datetime) -> dict[UUID, list[tuple[str, datetime]]]:
    found: dict[UUID, list[tuple[str, datetime]]] = defaultdict(list)
    for row in await conn.fetch(SQL.list_alarms, devices, since):
        found[row["device_id"]].append((row["type"], row["received_at"]))
    return found


def _state(row: Row, now: datetime, open_: bool) -> str:  # noqa: FBT001 - a test is under way or not
    if row["seen_at"] is not None:
        return SEEN
    if row["armed_at"] is None:
        return WAITING
    return ARMED if open_ and now < row["armed_until"] else MISSED


def _left(row: Row, now: datetime) -> int:
    left: timedelta = (row["armed_until"] or now) - now
    return max(0, int(left.total_seconds()))
