"""Backup and restore of an embedded installation: one file, and a digest that both sides print.

The keys are not in it: whoever has the backup alone cannot read a name's address or an ID number.
"""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from core.errors import Failure
from core.sql import load
from deploy import bootstrap
from deploy.embedded import child
from deploy.embedded.postgres import EmbeddedPostgres, binaries
from deploy.home import SUPERUSER, Home

SQL = load(__file__)


async def backup(home: Home, target: Path) -> str:
    """Write the whole database into one file while everything runs; return its digest."""
    async with _server(home) as url:
        conn = await asyncpg.connect(url)
        try:
            async with conn.transaction(isolation="repeatable_read", readonly=True):
                snapshot = await conn.fetchval(SQL.export_snapshot)
                draft = target.with_name(target.name + ".part")
                os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
                await _tool("pg_dump", "-Fc", f"--snapshot={snapshot}", f"--file={draft}", url)
                found = await digest(conn)
        finally:
            await conn.close()
        draft.replace(target)
    return found


async def restore(home: Home, source: Path) -> str:
    """Fill an empty installation from a backup; return the digest of what is there now."""
    home.create()
    with home.lock():
        async with _server(home) as url:
            await bootstrap.bootstrap(bootstrap.with_database(url, "postgres"), home.passwords())
            conn = await asyncpg.connect(url)
            try:
                if await conn.fetchval(SQL.has_tables):
                    raise Failure(f"{home.path} is not empty: restore into a new --home")
                await _tool(
                    "pg_restore", "--exit-on-error", "--single-transaction", f"--dbname={url}", str(source)
                )
                return await digest(conn)
            finally:
                await conn.close()


async def digest(conn: asyncpg.Connection) -> str:
    """Return a digest of every row of every table, whatever order they lie in."""
    total = hashlib.sha256()
    for table in await conn.fetch(SQL.list_tables):
        row = await conn.fetchrow(await conn.fetchval(SQL.digest_statement, table["schema"], table["name"]))
        total.update(f"{table['schema']}.{table['name']} {row['count']} {row['sum']}\n".encode())
    return total.hexdigest()


@asynccontextmanager
async def _server(home: Home) -> AsyncIterator[str]:
    """Use the running database of an installation, or start it for the while."""
    password, port = home.secret(SUPERUSER), home.ports().get("postgres", 0)
    server = EmbeddedPostgres(home.postgres, port, password=password, log=home.logs / "postgres.log")
    try:
        conn = await asyncpg.connect(server.dsn(), timeout=5) if port else None
    except (OSError, TimeoutError, asyncpg.PostgresError):
        conn = None
    if conn is not None:
        await conn.close()
        yield server.dsn(bootstrap.DATABASE)
        return
    async with server:
        yield server.dsn(bootstrap.DATABASE)


async def _tool(program: str, *arguments: str) -> None:
    """Run a program of PostgreSQL; raise Failure with its first complaint."""
    process = await asyncio.create_subprocess_exec(
        str(binaries() / program),
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        preexec_fn=lambda: child.die_with_parent(15),
    )
    _, complaint = await process.communicate()
    if process.returncode != 0:
        words = complaint.decode(errors="replace").strip().splitlines() or ["no reason given"]
        raise Failure(f"{program}: {words[0]}")
