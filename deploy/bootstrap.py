"""What only the superuser does, once: roles, the database and its extension; safe to repeat."""

from collections.abc import Mapping
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from core.sql import load

OWNER, GATEWAY, WORKER, WEB = "yinling_owner", "yinling_gateway", "yinling_worker", "yinling_web"
ROLES = (OWNER, GATEWAY, WORKER, WEB)
DATABASE = "yinling"

SQL = load(__file__)


async def bootstrap(superuser_dsn: str, passwords: Mapping[str, str], database: str = DATABASE) -> None:
    """Create or repair the four roles and the database; `passwords` has one per role of ROLES."""
    conn = await asyncpg.connect(superuser_dsn)
    try:
        for role in ROLES:
            await conn.execute(await conn.fetchval(SQL.role_statement, role, passwords[role]))
        if not await conn.fetchval(SQL.database_exists, database):
            await conn.execute(await conn.fetchval(SQL.database_statement, database, OWNER))
        await conn.execute(await conn.fetchval(SQL.close_statement, database))
        for role in ROLES:
            await conn.execute(await conn.fetchval(SQL.connect_statement, database, role))
    finally:
        await conn.close()
    await _prepare(with_database(superuser_dsn, database))


async def _prepare(dsn: str) -> None:
    conn = await asyncpg.connect(dsn)
    try:
        await conn.execute(SQL.close_public)
        if await conn.fetchval(SQL.timescale_available):
            await conn.execute(SQL.create_timescale)
    finally:
        await conn.close()


def with_database(dsn: str, database: str) -> str:
    """Return the same server's URL for another database."""
    return urlunsplit(urlsplit(dsn)._replace(path=f"/{database}"))


def with_role(dsn: str, role: str, password: str, database: str = DATABASE) -> str:
    """Return the same server's URL for another role and database."""
    parts = urlsplit(dsn)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{role}:{password}@{place}", path=f"/{database}"))
