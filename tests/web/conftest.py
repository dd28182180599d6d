from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI

from core.accounts import Person
from core.db import Conn, Pool
from tests.dashboards.clients import make_app
from tests.dashboards.things import make_everybody, make_things
from tests.dispatch.worlds import World, make_world


class Counted:
    """A connection that counts the statements which pass through it."""

    def __init__(self, conn: Conn, counts: list[str]) -> None:
        self._conn = conn
        self._counts = counts

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._conn, name)
        if name not in ("execute", "fetch", "fetchrow", "fetchval"):
            return found

        async def counted(query: str, *args: object) -> Any:
            self._counts.append(query)
            return await found(query, *args)

        return counted


class CountingPool(Pool):
    """The web's pool; `statements` holds what was asked since it was last cleared."""

    statements: list[str]

    @asynccontextmanager
    async def transaction(self, district: UUID | None = None) -> AsyncIterator[Any]:
        if district is not None:
            self.statements.append("set_config")
        async with super().transaction(district) as conn:
            yield Counted(conn, self.statements)


@pytest.fixture
async def counting(pool_web: Pool) -> CountingPool:
    pool = CountingPool(pool_web._pool)  # noqa: SLF001 - the same connections, counted
    pool.statements = []
    return pool


@pytest.fixture
async def world(
    pool_owner: Pool, counting: CountingPool, pool_worker: Pool, pool_gateway: Pool, keys: Any
) -> World:
    return await make_world(pool_owner, counting, pool_worker, pool_gateway, keys)


@pytest.fixture
def app(world: World) -> FastAPI:
    return make_app(world.web, world.keys)


@pytest.fixture
async def everybody(world: World) -> dict[str, Person]:
    return await make_everybody(world)


@pytest.fixture
async def things(world: World, everybody: dict[str, Person]) -> dict[str, UUID]:
    return await make_things(world, everybody["caregiver"], everybody["assessor"])
