"""Commands: what people want of a device. The row is the message; the gateway sends it and notes answers."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core.db import Conn, Row
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from core.sql import load
from devices import command_states as states
from devices import downlinks, registry, thing_models

SQL = load(__file__)
RETENTION = timedelta(days=730)
LOOK = timedelta(minutes=1)


def possible(device: Row) -> tuple[str, ...]:
    """Return the commands that a device understands and can be told: none when it is out of use."""
    if device["retired_at"] is not None:
        return ()
    model = thing_models.get(device["thing_model"])
    return tuple(name for name in model.commands if downlinks.can(device["ecosystem"], name))


async def create(
    conn: Conn,
    device_id: UUID,
    *,
    name: str,
    params: Mapping[str, object],
    by: UUID | None,
    now: datetime,
    lasts: timedelta = states.DEFAULT,
) -> UUID:
    """Queue a command; raise Conflict when the device does not know it, Invalid when it is wrong."""
    device = await registry.find(conn, device_id)
    if name not in states.COMMANDS:
        raise Invalid(f"name: no command {name}", [{"field": "name", "code": "unknown"}])
    if name not in possible(device):
        raise Conflict(f"this device does not understand {name}", code="command_not_supported", command=name)
    wrong = states.wrong_params(name, params)
    if not states.SHORTEST <= lasts <= states.LONGEST:
        wrong.append({"field": "expires_in_s", "code": "invalid"})
    if wrong:
        raise Invalid(f"{wrong[0]['field']}: {wrong[0]['code']}", wrong)
    identity = new_id()
    values = (identity, device["district_id"], device_id, name, dict(params), by, now, now + lasts)
    await conn.execute(SQL.create_command, *values)
    return identity


async def find(conn: Conn, command: UUID) -> Row:
    """Return a command or raise NotFound."""
    row = await conn.fetchrow(SQL.find_command, command)
    if row is None:
        raise NotFound(f"no command {command}")
    return row


async def list_(conn: Conn, device: UUID, after: UUID | None = None, limit: int = 50) -> list[Row]:
    """Return a device's commands {id, name, params, state, …, result, reason}, the newest first."""
    return await conn.fetch(SQL.list_commands, device, after, limit)


async def due(conn: Conn, now: datetime, most: int) -> list[Row]:
    """Return commands of all districts that must be looked at (for the gateway)."""
    return await conn.fetch(SQL.list_due, now, most)


async def expire(conn: Conn, commands: Sequence[UUID], now: datetime) -> list[Row]:
    """End those of these commands whose time is over; return them."""
    return await conn.fetch(SQL.expire_commands, list(commands), now)


async def take(conn: Conn, command: Row, now: datetime) -> bool:
    """Take a command to send it; False: another gateway has it, or it is over."""
    again = states.again_at(command["tries"] + 1, now, command["expires_at"])
    taken = await conn.fetchrow(SQL.take_to_send, command["id"], command["tries"], now, again)
    return taken is not None


async def end_unanswered(conn: Conn, command: UUID) -> None:
    """Note that the hub's ecosystem will not answer: nobody waits for it."""
    await conn.fetchrow(SQL.end_unanswered, command)


async def end_unsendable(conn: Conn, command: UUID, reason: str, now: datetime) -> None:
    """Note that a device cannot be told any more (it was retired, or its model has changed)."""
    await conn.fetchrow(SQL.end_unsendable, command, reason, now)


async def postpone(conn: Conn, rows: Sequence[Row], now: datetime) -> None:
    """Let commands of devices that are away wait for them, but those whose device has just come back."""
    ids, seen = [row["id"] for row in rows], [row["next_at"] for row in rows]
    await conn.execute(SQL.postpone, ids, seen, now + LOOK)


async def wake(conn: Conn, devices: Sequence[UUID], now: datetime) -> int:
    """Send what waits for devices that have come back; return how many."""
    return len(await conn.fetch(SQL.wake, list(devices), now))


async def answered(
    conn: Conn, command: UUID, device: UUID, result: str, reason: str | None, now: datetime
) -> Row | None:
    """Take a device's answer; return {state, district_id} as it was before, None: no such command of its."""
    row = await conn.fetchrow(SQL.find_for_answer, command, device)
    if row is None:
        return None
    state = states.after(row["state"], result)
    if state is not None:
        await conn.fetchrow(SQL.answer, command, row["state"], state, result, reason, now)
    else:
        await conn.execute(SQL.keep_answer, command, result, reason, now)
    return row


async def forget_old(conn: Conn, now: datetime) -> None:
    """Drop a district's commands past their retention."""
    await conn.execute(SQL.drop_commands, now - RETENTION)


def describe(rows: Sequence[Mapping[str, Any]], now: datetime) -> list[dict[str, Any]]:
    """Return rows for a page, each with `is_open` and `is_late`: the answer came after the end."""
    return [
        {
            **row,
            "is_open": row["state"] in states.OPEN and row["expires_at"] > now,
            "is_late": row["state"] == states.EXPIRED and row["answered_at"] is not None,
        }
        for row in rows
    ]
