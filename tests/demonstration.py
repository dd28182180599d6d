"""The demo districts as tests see them: loaded once at a fixed time, with their keys and logins."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from core.crypto import Keys
from deploy import bootstrap, demo
from tests.databases import TEMPLATE, Server, copy

NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
"""Saturday, 16:30 in Shanghai."""
DEMO = "yinling_demo_template"


@dataclass(frozen=True)
class Demonstration:
    """A template database with the demo districts, and what is needed to enter them."""

    server: Server
    template: str
    home: Path
    keys: Keys
    accounts: list[dict[str, str]]

    @classmethod
    async def load(cls, server: Server, home: Path) -> Self:
        """Make the template."""
        await server.run(f"DROP DATABASE IF EXISTS {DEMO} WITH (FORCE)")
        await server.run(copy(TEMPLATE, DEMO))
        keys = Keys.generate()
        accounts = await demo.load(server.dsn(bootstrap.OWNER, DEMO), keys, home, NOW)
        return cls(server, DEMO, home, keys, accounts)

    def login(self, role: str, district: str = "370503", nth: int = 0) -> dict[str, str]:
        """Return the nth account of a role."""
        return [one for one in self.accounts if (one["role"], one["district"]) == (role, district)][nth]

    def roles(self, district: str = "370503") -> list[str]:
        """Return the roles of a district, in the order of the list."""
        return list(dict.fromkeys(one["role"] for one in self.accounts if one["district"] == district))
