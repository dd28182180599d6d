"""Forward-only migrations: files `NNNN_pre_name.sql` or `NNNN_post_name.sql`, hash-checked, under one lock.

`pre` may run while the old code still runs, `post` only when it does not any more.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from core.errors import Failure

LOCK = 7_419_001
_NAME = re.compile(r"^(?P<number>\d{4})_(?P<phase>pre|post)_(?P<name>[a-z0-9_]+)\.sql$")
_TABLE = """CREATE TABLE IF NOT EXISTS schema_migration (
  number int PRIMARY KEY, name text NOT NULL, phase text NOT NULL, sha256 text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now());
COMMENT ON TABLE schema_migration IS 'owner: core; retention: forever';
GRANT SELECT ON schema_migration TO PUBLIC"""


@dataclass(frozen=True)
class Migration:
    """One file."""

    number: int
    phase: str
    name: str
    text: str

    @property
    def sha256(self) -> str:
        """The hash that must not change once it has been applied."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def collect(folders: Iterable[Path]) -> list[Migration]:
    """Read the migrations of all packages in number order; raise Failure on a bad or double one."""
    found: dict[int, Migration] = {}
    for path in sorted(p for folder in folders for p in folder.glob("*.sql")):
        match = _NAME.match(path.name)
        if match is None:
            raise Failure(f"migration {path.name}: the name must be NNNN_pre_name.sql or NNNN_post_name.sql")
        one = Migration(int(match["number"]), match["phase"], match["name"], path.read_text(encoding="utf-8"))
        if one.number in found:
            raise Failure(f"migration {one.number} stands twice: {found[one.number].name}, {one.name}")
        found[one.number] = one
    return [found[number] for number in sorted(found)]


async def run(dsn: str, folders: Iterable[Path], phase: str | None = None) -> list[Migration]:
    """Apply what is missing, each file in its own transaction; return what was applied.

    Raises Failure when an applied file has changed since, or when a file fails (naming it).
    """
    migrations = [m for m in collect(folders) if phase in (None, m.phase)]
    conn = await asyncpg.connect(dsn, server_settings={"lock_timeout": "10s", "timezone": "UTC"})
    try:
        await conn.execute("SELECT pg_advisory_lock($1)", LOCK)
        await conn.execute(_TABLE)
        rows = await conn.fetch("SELECT number, sha256 FROM schema_migration")
        applied = {row["number"]: row["sha256"] for row in rows}
        return [m for m in migrations if await _apply(conn, m, applied.get(m.number))]
    finally:
        await conn.close()


async def _apply(conn: asyncpg.Connection, migration: Migration, applied: str | None) -> bool:
    if applied is not None:
        if applied != migration.sha256:
            raise Failure(f"migration {migration.number} ({migration.name}) was changed after it was applied")
        return False
    try:
        async with conn.transaction():
            await conn.execute(migration.text)
            await conn.execute(
                "INSERT INTO schema_migration (number, name, phase, sha256) VALUES ($1, $2, $3, $4)",
                migration.number,
                migration.name,
                migration.phase,
                migration.sha256,
            )
    except asyncpg.PostgresError as error:
        raise Failure(f"migration {migration.number} ({migration.name}): {error}") from error
    return True
