"""One PostgreSQL for the whole run, one copy of a migrated template per test, sockets to loopback only."""

import os
import secrets
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from argon2 import PasswordHasher

from core import accounts
from core.crypto import Keys
from core.db import Pool
from deploy import bootstrap
from deploy.embedded.postgres import EmbeddedPostgres
from deploy.migrate import migrate
from tests.brokers import IS_MOSQUITTO, EmbeddedBroker, MosquittoBroker
from tests.databases import FAST, TEMPLATE, Database, Server, copy, fast_folder
from tests.demonstration import Demonstration

hypothesis.settings.register_profile(
    "steady", derandomize=True, deadline=None
)  # `make fuzz` is the random one
hypothesis.settings.load_profile("steady")
LOOPBACK = ("127.", "::1", "localhost")


@pytest.fixture(scope="session", autouse=True)
def _loopback_only() -> Iterator[None]:
    """Refuse every connection that would leave this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not str(address[0]).startswith(LOOPBACK):
            raise RuntimeError(f"a test tried to reach {address[0]}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    """Hash passwords with argon2's smallest parameters: a test makes dozens of accounts."""
    with pytest.MonkeyPatch.context() as patch:
        hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(accounts, "_HASHER", hasher)
        patch.setattr(accounts, "_NOBODY", hasher.hash("nobody"))
        yield


@pytest.fixture(scope="session")
async def server() -> AsyncIterator[Server]:
    """Start PostgreSQL, or use the superuser's URL in YINLING_TEST_POSTGRES_URL (the TimescaleDB lane)."""
    passwords = {role: secrets.token_hex(12) for role in bootstrap.ROLES}
    outside = os.environ.get("YINLING_TEST_POSTGRES_URL")
    if outside:
        yield await _prepared(Server(outside, passwords))
        return
    with fast_folder() as folder:
        async with EmbeddedPostgres(
            folder / "postgres", password=secrets.token_hex(12), tuning=FAST
        ) as postgres:
            yield await _prepared(Server(postgres.dsn(), passwords))


async def _prepared(server: Server) -> Server:
    await server.run(f"DROP DATABASE IF EXISTS {TEMPLATE} WITH (FORCE)")
    await bootstrap.bootstrap(server.superuser, server.passwords, TEMPLATE)
    await migrate(server.dsn(bootstrap.OWNER, TEMPLATE))
    return server


@pytest.fixture
async def database(server: Server) -> AsyncIterator[Database]:
    """Copy the migrated template; dropped afterwards."""
    name = f"t_{secrets.token_hex(6)}"
    await server.run(copy(TEMPLATE, name))
    yield Database(name, server)
    await server.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def pool_gateway(database: Database) -> AsyncIterator[Pool]:
    async for pool in _pool(database.gateway):
        yield pool


@pytest.fixture
async def pool_worker(database: Database) -> AsyncIterator[Pool]:
    async for pool in _pool(database.worker):
        yield pool


@pytest.fixture
async def pool_web(database: Database) -> AsyncIterator[Pool]:
    async for pool in _pool(database.web):
        yield pool


@pytest.fixture
async def pool_owner(database: Database) -> AsyncIterator[Pool]:
    async for pool in _pool(database.owner):
        yield pool


async def _pool(dsn: str) -> AsyncIterator[Pool]:
    pool = await Pool.open(dsn, size=4)
    yield pool
    await pool.close()


@pytest.fixture
async def broker(
    database: Database, keys: Keys, tmp_path: Path
) -> AsyncIterator[EmbeddedBroker | MosquittoBroker]:
    """Start a broker that knows the test's registry; `client(username, password)` is a device of it."""
    broker: EmbeddedBroker | MosquittoBroker = EmbeddedBroker(database.gateway, keys)
    if IS_MOSQUITTO:
        broker = MosquittoBroker(database.gateway, tmp_path)
    await broker.start()
    yield broker
    await broker.stop()


@pytest.fixture
def keys() -> Keys:
    """Make fresh keys, as a new installation has."""
    return Keys.generate()


@pytest.fixture(scope="session")
async def demonstration(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Demonstration:
    """Load the demo districts once per run, into a template of their own."""
    return await Demonstration.load(server, tmp_path_factory.mktemp("demo"))


@pytest.fixture
async def demo(demonstration: Demonstration) -> AsyncIterator[Database]:
    """Copy the loaded demonstration; dropped afterwards."""
    server, name = demonstration.server, f"t_{secrets.token_hex(6)}"
    await server.run(copy(demonstration.template, name))
    yield Database(name, server)
    await server.run(f"DROP DATABASE {name} WITH (FORCE)")
