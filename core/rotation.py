"""Rotation of keys: a new master key, every sealed value sealed again, the old master forgotten.

Can be killed at any instant and started again: the file holds both masters until the last value is renewed.
Running processes read the key file again when they meet a value of a master they do not know.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID

from core import districts
from core.crypto import Keys
from core.db import Pool, Row
from core.sql import load

SQL = load(__file__)
BATCH = 500


async def rotate(pool_owner: Pool, path: Path, said: Callable[[str], None]) -> int:
    """Make a new master key and renew every sealed value with it; return how many.

    Raises Failure when the key file is wrong or a value cannot be opened; what is renewed stays renewed.
    """
    keys = Keys.load(path).with_new_master()
    keys.save(path)
    async with pool_owner.transaction() as conn:
        places: list[UUID | None] = [*await districts.ids(conn), None]
        columns = await conn.fetch(SQL.list_sealed_columns)
    count = await _pass(pool_owner, keys, places, columns)
    while renewed := await _pass(pool_owner, keys, places, columns):
        count += renewed  # written meanwhile by a process that had not yet read the new key file
    for column in columns:
        said(f"{column['target']}.{column['col']}: renewed")
    keys.with_newest_only().save(path)
    return count


async def _pass(pool: Pool, keys: Keys, places: Sequence[UUID | None], columns: Sequence[Row]) -> int:
    return sum(
        [
            await _renew(pool, keys, district, column["target"], column["col"])
            for column in columns
            for district in places
            if column["has_district"] == (district is not None)
        ]
    )


async def _renew(pool: Pool, keys: Keys, district: UUID | None, target: str, column: str) -> int:
    count = 0
    while True:
        async with pool.transaction(district) as conn:
            stale = await conn.fetch(SQL.list_stale, target, column, keys.newest, BATCH)
            for row in stale:
                new = _resealed(keys, district, row["value"])
                await conn.execute(SQL.reseal_value, target, column, row["value"], new)
        count += len(stale)
        if len(stale) < BATCH:
            return count


def _resealed(keys: Keys, district: UUID | None, value: bytes) -> bytes:
    if district is None:
        return keys.seal_raw(keys.open_raw(value))
    return keys.seal(district, keys.open(district, value))
