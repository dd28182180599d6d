"""The gateway's housekeeping: partitions ahead, what is past its retention, letters that are tried again."""

from datetime import datetime, timedelta

from core.crypto import Keys
from core.db import Pool
from devices.messages import Rejected
from gateway import (
    dead_letters,
    deafness,
    http_uplinks,
    hub_memory,
    inbox,
    pipeline,
    readings,
    rollups,
    traces,
    unknown_devices,
)
from gateway.heard import Uplink
from gateway.known import Registry
from gateway.poison import is_poison

INBOX_RETENTION = timedelta(days=35)


async def tick(pool: Pool, now: datetime) -> None:
    """Keep the tables in shape."""
    async with pool.transaction() as conn:
        await readings.keep(conn, now)
    async with pool.transaction() as conn:
        await conn.execute(inbox.SQL.drop_inbox, now - INBOX_RETENTION)
        await dead_letters.forget(conn, now)
        await unknown_devices.forget(conn, now)
        await traces.forget(conn, now)
        await rollups.forget(conn, now)
        await hub_memory.forget(conn)
        await deafness.forget(conn, now)
        await http_uplinks.forget(conn, now)


async def retry_letters(pool: Pool, registry: Registry, keys: Keys, now: datetime) -> int:
    """Try again what a person asked for; return how many are understood now."""
    async with pool.transaction() as conn:
        due = [dict(row) for row in await dead_letters.due(conn, now)]
    solved = 0
    for row in due:
        try:
            uplink = Uplink(row["topic"], keys.open_raw(row["payload_sealed"]), row["received_at"])
            with registry.memory.tentative():
                async with pool.transaction() as conn:
                    await pipeline.handle_again(conn, registry, uplink, now)
                    await dead_letters.solve(conn, row["id"], now)
            solved += 1
        except Exception as wrong:
            if not is_poison(wrong):
                raise
            reason = wrong.reason if isinstance(wrong, Rejected) else "poison"
            field = wrong.field if isinstance(wrong, Rejected) else type(wrong).__name__
            async with pool.transaction() as conn:
                await dead_letters.fail(conn, row["id"], reason, field)
    return solved
