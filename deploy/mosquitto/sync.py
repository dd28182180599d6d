"""Keeps Mosquitto's files equal to the registry and tells it when they have changed."""

import asyncio
import os
from collections.abc import Callable, Mapping
from pathlib import Path

import asyncpg

from core import log
from core.db import Pool
from core.doorbell import listen
from core.sql import load
from deploy.mosquitto import files
from deploy.mosquitto.files import Credential

SQL = load(__file__)
_EVERY = 2.0  # seconds between looks when no doorbell rings


async def run(
    dsn: str, folder: Path, services: Mapping[str, str], reload: Callable[[], None], stop: asyncio.Event
) -> None:
    """Write the files whenever the registry changes, and at once when started."""
    pool = await Pool.open(dsn, size=1, name="mosquitto")
    try:
        async with listen(dsn, "registry", "credential_revoked", name="mosquitto") as bell:
            while not stop.is_set():
                try:
                    if await write(pool, folder, services):
                        reload()
                except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                    log.get().warning("mosquitto.stale", error=type(error).__name__)
                await bell.wait(_EVERY)
    finally:
        await pool.close()


async def write(pool: Pool, folder: Path, services: Mapping[str, str]) -> bool:
    """Write both files if they differ from what is there; say whether they did."""
    async with pool.transaction() as conn:
        rows = await conn.fetch(SQL.list_credentials)
    devices = [Credential(row["username"], bytes(row["password_hash"]), row["is_hub"]) for row in rows]
    changed = _replace(folder / "acl", files.topics(services, devices))
    return _replace(folder / "passwords", files.passwords(services, devices)) or changed


def _replace(path: Path, text: str) -> bool:
    """Write a file whole or not at all, readable by its owner and group only."""
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    draft = path.with_suffix(".new")
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o640), "w", encoding="utf-8"
    ) as file:
        file.write(text)
    draft.replace(path)
    return True
