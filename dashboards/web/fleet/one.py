"""One device: what it is, how it stands, its day, its past."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core.crypto import Keys
from core.db import Conn, Row
from core.errors import NotFound
from core.sql import load
from dashboards.web import sparks
from dashboards.web.fleet import standing
from devices import commands, thing_models
from gateway import alarms, dead_letters, fleet, states, traces
from gateway.dead_letters import Filter

SQL = load(__file__)
DAY, MONTH = timedelta(days=1), timedelta(days=30)
_DAY_STEP, _MONTH_STEP = timedelta(minutes=10), timedelta(hours=6)
_FEW, _LETTERS = 10, 5


async def find(conn: Conn, device: UUID) -> dict[str, Any]:
    """Return a device with its bed, hub, password, listening and successor; raise NotFound."""
    row = await conn.fetchrow(SQL.find_device, device)
    if row is None:
        raise NotFound(f"no device {device}")
    return dict(row)


async def live(
    conn: Conn, keys: Keys, device: dict[str, Any], now: datetime, *, may_listen: bool
) -> dict[str, Any]:
    """Return what changes while one looks: state, values, alarms, commands, letters, what was listened to."""
    identity = device["id"]
    found = await states.of(conn, [identity])
    said = found[0] if found else None
    known, other = standing.values(said, thing_models.get(device["thing_model"]).metrics)
    letters = await dead_letters.found(conn, Filter(device=identity), None, _LETTERS)
    listening = device["listening_ends_at"]
    return {
        "said": said,
        "state": standing.standing(said),
        "battery": standing.battery(said),
        "firmware": standing.firmware(said),
        "known": known,
        "other": other,
        "alarms": await alarms.list_(conn, device_id=identity, limit=_FEW),
        "commands": commands.describe(await commands.list_(conn, identity, limit=_FEW), now),
        "letters": letters,
        "messages": await traces.messages(conn, keys, identity) if may_listen and listening else [],
        "is_listening": bool(listening and listening > now),
    }


async def day(conn: Conn, device: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Return the charts: each value over the last day, the battery over a month."""
    until = now + _DAY_STEP
    rows = await fleet.binned(conn, device["id"], until - DAY, until, _DAY_STEP)
    metrics = thing_models.metrics()
    names = sorted({row["metric"] for row in rows} - {"battery"}, key=lambda name: metrics[name].id)
    charts = [
        sparks.draw(
            [row for row in rows if row["metric"] == name],
            until - DAY,
            until,
            name=name,
            unit=metrics[name].unit,
            is_bool=metrics[name].is_bool,
        )
        for name in names
    ]
    return {"charts": charts, "battery": await _battery(conn, device["id"], now)}


async def _battery(conn: Conn, device: UUID, now: datetime) -> sparks.Spark | None:
    until = now + _MONTH_STEP
    rows = await fleet.binned(conn, device, until - MONTH, until, _MONTH_STEP)
    told = [row for row in rows if row["metric"] == "battery"]
    return (
        sparks.draw(told, until - MONTH, until, name="battery", unit="%", bounds=(0, 100)) if told else None
    )


async def history(conn: Conn, device: UUID) -> list[Row]:
    """Return at which beds a device was, the newest first."""
    return await conn.fetch(SQL.list_bindings, device)


def orders(device: dict[str, Any]) -> tuple[str, ...]:
    """Return the commands that the device understands."""
    return commands.possible(device)
