"""The databases of tests: one server, one copy of the migrated template per test."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from deploy import bootstrap

TEMPLATE = "yinling_template"
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "128MB",
}
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
ENOUGH = 3 << 30
"""Bytes that must be free: a copied database is hundreds of files, for which a busy disk takes seconds."""
PREFIX = "yinling-test-"


@contextmanager
def fast_folder() -> Iterator[Path]:
    """Make a folder for a server, in memory if there is room; what killed runs left there is removed."""
    where = None
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH:
        where = MEMORY
        for left in MEMORY.glob(f"{PREFIX}*"):
            if not _is_used(left):
                shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(
        prefix=f"{PREFIX}{os.getpid()}-", dir=where, ignore_cleanup_errors=True
    ) as folder:
        yield Path(folder)


def _is_used(folder: Path) -> bool:
    owner = folder.name.removeprefix(PREFIX).split("-")[0]
    return not owner.isdigit() or Path(f"/proc/{owner}").exists()


def copy(template: str, name: str) -> str:
    """Return the statement that copies a database; as files: without fsync that is the fastest."""
    return f"CREATE DATABASE {name} TEMPLATE {template} OWNER {bootstrap.OWNER} STRATEGY file_copy"


@dataclass(frozen=True)
class Server:
    """A running PostgreSQL with the four roles."""

    superuser: str
    passwords: dict[str, str]

    def dsn(self, role: str, database: str) -> str:
        return bootstrap.with_role(self.superuser, role, self.passwords[role], database)

    async def run(self, statement: str) -> None:
        """Run one statement of the superuser that admits no parameters."""
        conn = await asyncpg.connect(self.superuser)
        try:
            await conn.execute(statement)
        finally:
            await conn.close()


@dataclass(frozen=True)
class Database:
    """A test's own database: one DSN per role."""

    name: str
    server: Server

    @property
    def superuser(self) -> str:
        return bootstrap.with_database(self.server.superuser, self.name)

    @property
    def owner(self) -> str:
        return self.server.dsn(bootstrap.OWNER, self.name)

    @property
    def gateway(self) -> str:
        return self.server.dsn(bootstrap.GATEWAY, self.name)

    @property
    def worker(self) -> str:
        return self.server.dsn(bootstrap.WORKER, self.name)

    @property
    def web(self) -> str:
        return self.server.dsn(bootstrap.WEB, self.name)
