"""The databases of tests: one server, one copy of the migrated template per test."""

from dataclasses import dataclass

import asyncpg

from deploy import bootstrap

TEMPLATE = "yinling_template"
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


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
