"""Registers that are fetched: where from, with which secret, when next; what comes goes the way of a file."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from core import audit, districts, log
from core.accounts import Person
from core.crypto import Keys
from core.db import Conn, Pool, Row
from core.errors import Conflict, Invalid, NotFound
from core.settings import Settings
from core.sql import load
from services.registers import fetching, imports, shapes
from services.registers.fetching import AUTHS, FetchFailed, Source

SQL = load(__file__)
LEASE = timedelta(minutes=15)
FIRST_PAUSE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(days=1)
_SHORTEST_SECRET = 16


async def sources(conn: Conn) -> list[Row]:
    """Return the registers' sources {register, url, auth, every_days, next_try_at, attempts, failed, …}."""
    return await conn.fetch(SQL.list_sources)


async def set_source(
    conn: Conn,
    keys: Keys,
    register: str,
    *,
    url: str,
    auth: str,
    secret: str,
    every_days: int,
    outgoing: frozenset[str],
    by: Person,
    now: datetime,
) -> None:
    """Say where a register is fetched from, from now on; the secret is sealed. Raises Invalid by field."""
    wrong: list[dict[str, object]] = []
    if register not in shapes.REGISTERS:
        wrong.append({"field": "register", "code": "unknown", "message": "no such register"})
    if auth not in AUTHS:
        wrong.append({"field": "auth", "code": "unknown", "message": f"one of {', '.join(AUTHS)}"})
    if len(secret) < _SHORTEST_SECRET:
        words = f"at least {_SHORTEST_SECRET} characters"
        wrong.append({"field": "secret", "code": "too_short", "message": words})
    if wrong:
        raise Invalid(", ".join(str(one["field"]) for one in wrong), wrong)
    fetching.check_url(url, outgoing)
    sealed = keys.seal(by.district_id, secret)
    values = (url, auth, sealed, every_days, now, by.account_id, now)
    await conn.execute(SQL.set_source, by.district_id, register, *values)
    await _note(conn, by.district_id, by.account_id, now, "register.source", register)


async def clear_source(conn: Conn, register: str, by: Person, now: datetime) -> None:
    """Fetch a register no longer; raise NotFound when it is not fetched."""
    if await conn.fetchval(SQL.clear_source, register, by.account_id, now) is None:
        raise NotFound(f"register {register} is not fetched")
    await _note(conn, by.district_id, by.account_id, now, "register.source_cleared", register)


async def tick(pool: Pool, keys: Callable[[], Keys], settings: Settings, now: datetime) -> int:
    """Fetch every register that is due; return how many came. `keys` is asked only when one is."""
    async with pool.transaction() as conn:
        every = await districts.ids(conn)
    count = 0
    for district in every:
        while (came := await _one(pool, keys, settings, district, now)) is not None:
            count += came
    return count


async def _one(
    pool: Pool, opened: Callable[[], Keys], settings: Settings, district: UUID, now: datetime
) -> bool | None:
    async with pool.transaction(district) as conn:
        row = await conn.fetchrow(SQL.take_source, now, now + LEASE)
    if row is None:
        return None
    keys = opened()
    source = Source(row["register"], row["url"], row["auth"], keys.open(district, row["secret_sealed"]))
    try:
        brought = await fetching.fetch(source, now, settings.outgoing)
    except FetchFailed as failed:
        log.get().warning("register.failed", register=row["register"], error=str(failed))
        async with pool.transaction(district) as conn:
            await conn.execute(SQL.note_failed, row["register"], str(failed), now + pause(row["attempts"]))
        return False
    async with pool.transaction(district) as conn:
        await _keep(conn, keys, district, brought, now)
        await conn.execute(SQL.note_fetched, row["register"], now, now + timedelta(days=row["every_days"]))
    return True


async def _keep(conn: Conn, keys: Keys, district: UUID, brought: imports.Brought, now: datetime) -> None:
    """Keep what came, at once when nothing is wrong with it; else it waits for a clerk.

    So does a list by which more than a tenth of its persons would lose something: half an answer looks so.
    """
    try:
        identity = await imports.bring(conn, keys, district, brought, None, now)
    except Conflict:
        return  # the same rows of the same day were imported before
    row = await imports.find(conn, identity)
    if row["state"] == "ready" and row["counts"]["ends"] * 10 <= row["counts"]["matched"]:
        await imports.apply(conn, keys, identity, None, now)


def pause(attempts: int) -> timedelta:
    """Return how long to wait after so many failures before: 5 minutes, doubled each time, a day at most."""
    return min(timedelta(seconds=FIRST_PAUSE.total_seconds() * (1 << min(attempts, 20))), LONGEST_PAUSE)


async def _note(
    conn: Conn, district: UUID, by: UUID | None, now: datetime, action: str, register: str
) -> None:
    await audit.record(
        conn,
        district=district,
        at=now,
        account=by,
        action=action,
        subject_kind="register",
        subject=None,
        detail={"register": register},
    )
