"""Commands on their way down: what is due is taken, published and said again until the device answers."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

import asyncpg

from core import log
from core.db import Conn, Pool, Row
from core.doorbell import listen
from core.sql import load
from devices import commands, downlinks
from devices.downlinks import Downlink, Wanted
from devices.mqtt import LOST, Link
from gateway.commands import tell
from gateway.listener import Gateway

SQL = load(__file__)
_LOOK_S, _RETRY_S, _MOST = 1.0, 2.0, 200
_AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError)


async def run(gateway: Gateway, dsn: str) -> None:
    """Deliver for ever, on a connection of its own; come back whenever the broker does."""
    async with listen(dsn, "command", name="gateway commands") as bell:
        while True:
            try:
                async with Link(gateway.url, f"{gateway.name}-command") as link:
                    while True:
                        await deliver(gateway, link)
                        await bell.wait(_LOOK_S)
            except LOST as error:
                log.get().warning("commands.broker_away", error=type(error).__name__)
            except _AWAY as error:
                log.get().warning("commands.database_away", error=type(error).__name__)
            except Exception as error:  # noqa: BLE001 - the lanes of this process must not end with it
                log.get().error("commands.failed", error=type(error).__name__)
            await asyncio.sleep(_RETRY_S)


async def deliver(gateway: Gateway, link: Link) -> int:
    """Send what is due; return how many. Taken first, published after: killed between, it is sent again."""
    now = gateway.clock()
    sent = 0
    for wanted, downlink in await prepare(gateway.pool, now):
        await link.publish(downlink.topic, downlink.payload)
        sent += 1
        if not downlink.is_answered:
            async with gateway.pool.transaction() as conn:
                await commands.end_unanswered(conn, wanted.id)
    return sent


async def prepare(pool: Pool, now: datetime) -> list[tuple[Wanted, Downlink]]:
    """Take what is due and can be sent now; end what is over, let wait what is for a device that is away."""
    async with pool.transaction() as conn:
        rows = await commands.due(conn, now, _MOST)
        if not rows:
            return []
        over = await commands.expire(conn, [row["id"] for row in rows], now)
        await tell(conn, over, now)
        ended = {row["id"] for row in over}
        places = {row["id"]: row for row in await conn.fetch(SQL.list_places, _devices(rows))}
        found, waiting = [], []
        for row in rows:
            place = places.get(row["device_id"])
            if row["id"] in ended:
                continue
            if place is not None and not place["is_online"]:
                waiting.append(row)
                continue
            taken = await _take(conn, row, place, now)
            if taken is not None:
                found.append(taken)
        await commands.postpone(conn, waiting, now)
    return found


async def _take(conn: Conn, row: Row, place: Row | None, now: datetime) -> tuple[Wanted, Downlink] | None:
    wanted = Wanted(row["id"], row["name"], row["params"], row["expires_at"])
    if place is None:
        await commands.end_unsendable(conn, row["id"], "retired", now)
        return None
    downlink = _encoded(place, wanted)
    if downlink is None:
        await commands.end_unsendable(conn, row["id"], "not_supported", now)
        return None
    return (wanted, downlink) if await commands.take(conn, row, now) else None


def _encoded(place: Row, wanted: Wanted) -> Downlink | None:
    try:
        return downlinks.encode(place["id"], place["hub_id"], place["ecosystem"], place["address"], wanted)
    except (KeyError, TypeError, ValueError) as error:  # one command that is wrong must not stop the others
        log.get().error("commands.not_encoded", command=str(wanted.id), error=type(error).__name__)
        return None


def _devices(rows: Sequence[Row]) -> list[object]:
    return [row["device_id"] for row in rows]
