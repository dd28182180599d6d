"""Messages over HTTP: web keeps each as a row, a gateway handles it and its answer in one transaction."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from core import log
from core.crypto import Keys
from core.db import Conn, Row
from core.doorbell import listen
from core.ids import new_id
from core.sql import load
from gateway import dead_letters, pipeline
from gateway.dead_letters import Letter
from gateway.heard import Uplink
from gateway.listener import Gateway
from gateway.poison import is_poison

SQL = load(__file__)
RETENTION = timedelta(days=7)
_LOOK_S, _RETRY_S = 2.0, 1.0
_LONGEST = 300
_AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError)


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a message: the protocol's own words, and why it was refused if it was."""

    body: bytes | None
    refusal: str | None


async def take(conn: Conn, keys: Keys, hub: str, below: str, payload: bytes, now: datetime) -> UUID | None:
    """Keep a hub's message; return its id, or None when the hub's credential is no longer good."""
    identity = new_id()
    taken = await conn.fetchval(SQL.take_message, identity, hub, below, keys.seal_raw(payload), now)
    return identity if taken else None


async def find_answer(conn: Conn, message: UUID) -> Answer | None:
    """Return what became of a message, or None while nobody has handled it."""
    row = await conn.fetchrow(SQL.find_answer, message)
    return Answer(row["answer"], row["refusal"]) if row else None


async def run(gateway: Gateway, dsn: str) -> None:
    """Handle what comes for ever."""
    async with listen(dsn, "http_uplink", name="gateway http") as bell:
        while True:
            try:
                while await handle_next(gateway):
                    pass
            except _AWAY as error:
                log.get().warning("http_uplinks.database_away", error=type(error).__name__)
                await asyncio.sleep(_RETRY_S)
            except Exception as error:  # noqa: BLE001 - the lanes of this process must not end with it
                log.get().error("http_uplinks.failed", error=type(error).__name__)
                await asyncio.sleep(_RETRY_S)
            await bell.wait(_LOOK_S)


async def handle_next(gateway: Gateway) -> bool:
    """Handle the oldest message and keep its answer, all in one transaction; say whether there was one."""
    row: Row | None = None
    try:
        with gateway.registry.memory.tentative():
            async with gateway.pool.transaction() as conn:
                row = await conn.fetchrow(SQL.next_message)
                if row is not None:
                    await _handle(conn, gateway, row)
    except Exception as error:
        if row is None or not is_poison(error):
            raise
        log.get().warning("http_uplinks.poison", error=type(error).__name__)
        await _set_aside(gateway, row, type(error).__name__)
    return row is not None


async def _handle(conn: Conn, gateway: Gateway, row: Row) -> None:
    payload = gateway.keys.open_raw(row["payload_sealed"])
    uplink = Uplink(row["topic"], payload, row["received_at"])
    now = gateway.clock()
    said = await pipeline.handle(conn, gateway.registry, gateway.keys, [uplink], now)
    refusal = await conn.fetchval(SQL.find_refusal, row["received_at"], row["topic"][:_LONGEST])
    # Over HTTP an answer has no topic; a protocol that answers on a topic answers in the body all the same.
    bodies = [one.payload for one in said if not one.topic] or [one.payload for one in said]
    await _close(conn, row["id"], now, bodies[0] if bodies else None, refusal)


async def _close(conn: Conn, message: UUID, now: datetime, body: bytes | None, refusal: str | None) -> None:
    await conn.execute(SQL.close_message, message, now, body, refusal)
    await conn.execute(SQL.ring_answer)


async def _set_aside(gateway: Gateway, row: Row, what: str) -> None:
    """Keep what can never be stored as a dead letter, so that the others go on."""
    async with gateway.pool.transaction() as conn:
        if await conn.fetchrow(SQL.lock_message, row["id"]) is None:
            return
        try:
            payload = gateway.keys.open_raw(row["payload_sealed"])
        except Exception:  # noqa: BLE001 - sealed with a key that is gone: nobody can read it
            payload = b""
        letter = Letter(row["topic"], payload, row["received_at"], "poison", what)
        await dead_letters.keep(conn, gateway.keys, [letter])
        await _close(conn, row["id"], gateway.clock(), None, "poison")


async def forget(conn: Conn, now: datetime) -> None:
    """Delete what is past its retention."""
    await conn.execute(SQL.drop_messages, now - RETENTION)
