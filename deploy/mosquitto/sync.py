"""Keeps Mosquitto's files equal to the registry, and knows when Mosquitto has read them."""

import asyncio
import os
import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from core import log
from core.db import Pool
from core.doorbell import listen
from core.errors import Failure
from core.sql import load
from deploy.mosquitto import files
from deploy.mosquitto.files import Credential
from devices import brokers
from devices.mqtt import LOST, Link

SQL = load(__file__)
_EVERY = 2.0  # seconds between looks when no doorbell rings
_READ_S, _RETRY_S = 5.0, 0.02
_REST = (
    4.0  # Mosquitto hears nobody while it reads: a fifth of its time is what many devices in a row may cost
)
_AWAY = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)


@dataclass
class Keeper:
    """One Mosquitto's files. `place` is mqtt://host:port of its listener of services: there it is asked."""

    folder: Path
    services: Mapping[str, str]
    reload: Callable[[], None]
    place: str | None = None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    took: float = 0.0
    """Seconds that the last reading took."""
    _canary: str = ""
    _is_read: bool = field(default=False)

    async def keep(self, pool: Pool) -> bool:
        """Copy what changed, wait until it is in force, and say so; return whether anything changed."""
        async with pool.transaction() as conn:
            seen = await brokers.what_is_seen(conn)
            rows = await conn.fetch(SQL.list_credentials)
        is_new = self._write(
            [Credential(row["username"], bytes(row["password_hash"]), row["is_hub"]) for row in rows]
        )
        if is_new or not self._is_read:
            self._is_read, began = False, time.monotonic()
            self.reload()
            await self._until_read()
            self.took = time.monotonic() - began
            self._is_read = True
        if self.place is not None:
            async with pool.transaction() as conn:
                await brokers.record_copy(conn, urlsplit(self.place).netloc, seen, self.clock())
        return is_new

    def _write(self, devices: list[Credential]) -> bool:
        """Write what differs from what is there, and then a new canary; say whether anything did."""
        is_new = _replace(self.folder / "acl", files.topics(devices))
        is_new = _replace(self.folder / "passwords", files.passwords(devices)) or is_new
        if is_new or not self._canary:
            self._canary = secrets.token_hex(16)
            is_new = True
            _replace(self.folder / "services", files.service_passwords(self.services, self._canary))
        return is_new

    async def _until_read(self) -> None:
        """Come in as the user that only the new file knows."""
        if self.place is None:
            return
        parts = urlsplit(self.place)
        url = f"{parts.scheme}://{files.CANARY}:{self._canary}@{parts.netloc}"
        async with asyncio.timeout(_READ_S):
            while True:
                with suppress(*LOST, Failure):
                    async with Link(url, files.CANARY):
                        return
                await asyncio.sleep(_RETRY_S)


async def run(
    dsn: str,
    folder: Path,
    services: Mapping[str, str],
    reload: Callable[[], None],
    stop: asyncio.Event,
    place: str | None = None,
) -> None:
    """Write the files whenever the registry changes, and at once when started."""
    keeper = Keeper(folder, services, reload, place)
    pool = await Pool.open(dsn, size=1, name="mosquitto")
    try:
        async with listen(dsn, "registry", "credential_revoked", name="mosquitto") as bell:
            while not stop.is_set():
                try:
                    await keeper.keep(pool)
                except _AWAY as error:
                    log.get().warning("mosquitto.stale", error=type(error).__name__)
                await asyncio.sleep(min(keeper.took * _REST, _EVERY))
                await bell.wait(_EVERY)
    finally:
        await pool.close()


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
