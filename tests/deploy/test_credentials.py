"""Who may speak: a password is renewed and taken away at once, a hub hears its own, nobody anybody else's."""

import asyncio
import json
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import aiomqtt
import pytest

from core.db import Pool
from core.errors import Failure
from devices import brokers, registry
from devices.registry import Credentials
from tests import makers
from tests.databases import Database

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
REFUSED = r"[Bb]ad user|[Nn]ot authori"


async def _two(pool: Pool, model: str = "care_bed_v1") -> tuple[UUID, Credentials, Credentials]:
    district = await makers.make_district(pool)
    async with pool.transaction(district) as conn:
        made = [await registry.add(conn, district=district, thing_model=model, now=NOW) for _ in range(2)]
    return district, made[0], made[1]


async def _until_cut(broker: Any, made: Credentials, connected: asyncio.Event) -> None:
    async with broker.client(str(made.username), str(made.password)) as client:
        connected.set()
        async for _ in client.messages:
            pass


async def test_a_new_password_ends_the_connection_of_the_old_one(pool_owner: Pool, broker: Any) -> None:
    district, made, _ = await _two(pool_owner)
    connected = asyncio.Event()
    speaking = asyncio.create_task(_until_cut(broker, made, connected))
    await connected.wait()
    async with pool_owner.transaction(district) as conn:
        fresh = await registry.rotate(conn, made.device_id, NOW)
    with pytest.raises(aiomqtt.MqttError):
        await asyncio.wait_for(speaking, 3)
    with pytest.raises(aiomqtt.MqttError, match=REFUSED):
        async with aiomqtt.Client(
            "127.0.0.1", broker.port, username=str(made.username), password=str(made.password)
        ):
            pass
    async with broker.client(str(fresh.username), str(fresh.password)) as client:
        await client.publish(f"yl/v1/{made.device_id}/status", b"{}", qos=1)


async def _trespass(broker: Any, one: Credentials, other: Credentials, heard: list[bytes]) -> None:
    """Try to listen and to speak in another's name; a broker may refuse, or end the connection."""
    with suppress(aiomqtt.MqttError, TimeoutError):
        name = str(other.username)
        async with broker.client(str(one.username), str(one.password), identifier=name) as client:
            for wanted in (f"yl/v1/{name}/receipt", "yl/v1/+/receipt", f"eco/{name}/#", "#"):
                await client.subscribe(wanted, qos=1)
            for topic in (f"yl/v1/{name}/alarm", f"eco/{name}/x"):
                await client.publish(topic, b"a lie", qos=1)
            async with asyncio.timeout(0.5):
                async for message in client.messages:
                    heard.append(message.payload)  # noqa: PERF401 - one by one, until it is cut


def _service(broker: Any) -> aiomqtt.Client:
    port = int(broker.gateway_url.rpartition(":")[2])
    given = {"username": "gateway", "password": broker.password, "identifier": "gateway-test"}
    return aiomqtt.Client("127.0.0.1", port, **given)


async def test_a_foreign_client_neither_speaks_nor_listens_for_another(pool_owner: Pool, broker: Any) -> None:
    _, one, other = await _two(pool_owner)
    heard: list[bytes] = []
    async with (
        broker.client(str(other.username), str(other.password)) as victim,
        _service(broker) as service,
    ):
        await service.subscribe([("yl/v1/+/alarm", 1), ("eco/#", 1)])
        trespassing = asyncio.create_task(_trespass(broker, one, other, heard))
        while not trespassing.done():
            await service.publish(f"yl/v1/{other.device_id}/receipt", b"for the other", qos=1)
            await asyncio.wait({trespassing}, timeout=0.1)
        await trespassing
        await victim.publish(f"yl/v1/{other.device_id}/alarm", b"the truth", qos=1)
        async with asyncio.timeout(3):
            assert (await anext(aiter(service.messages))).payload == b"the truth"
    assert heard == []


async def test_a_hub_hears_what_is_said_to_it_and_to_no_other_hub(pool_owner: Pool, broker: Any) -> None:
    _, hub, other = await _two(pool_owner, "hub_v1")
    async with (
        broker.client(str(hub.username), str(hub.password)) as client,
        _service(broker) as service,
    ):
        for one in (hub, other):
            await client.subscribe(f"eco/{one.device_id}/alink/#", qos=1)
        await service.publish(f"eco/{other.device_id}/alink/post_reply", b"not yours", qos=1)
        await service.publish(f"eco/{hub.device_id}/alink/post_reply", b"yours", qos=1)
        async with asyncio.timeout(3):
            assert (await anext(aiter(client.messages))).payload == b"yours"


async def _emqx(database: Database) -> Pool:
    """Make the role as `deploy/emqx/role.sql` says, and come in as it."""
    text = (Path(__file__).parents[2] / "deploy/emqx/role.sql").read_text(encoding="utf-8")
    owner = database.superuser
    name = f"emqx_{os.getpid()}"
    import asyncpg  # noqa: PLC0415 - only here

    conn = await asyncpg.connect(owner)
    await conn.execute(text.replace("yinling_emqx", name).replace("'change me'", "'pw'"))
    await conn.close()
    return await Pool.open(f"postgresql://{name}:pw@{owner.rpartition('@')[2]}", size=1)


def _queries() -> list[str]:
    """Read the two queries from the very configuration that is documented."""
    text = (Path(__file__).parents[2] / "deploy/emqx/emqx.conf").read_text(encoding="utf-8")
    found = [line.split('"')[1] for line in text.splitlines() if line.strip().startswith("query")]
    return [one.replace("${username}", "$1").replace("${clientid}", "$2") for one in found]


async def test_emqx_finds_in_the_registry_who_may_come_in_and_what_he_may_do(
    pool_owner: Pool, database: Database
) -> None:
    login, acl = _queries()
    district, bed, other = await _two(pool_owner)
    async with pool_owner.transaction(district) as conn:
        hub = await registry.add(conn, district=district, thing_model="hub_v1", now=NOW)
    pool = await _emqx(database)
    try:
        name = str(bed.username)
        async with pool.transaction() as conn:
            row = await conn.fetchrow(login, name, name)
            assert row is not None
            assert not row["is_superuser"]
            assert _emqx_hash(str(bed.password), bytes(row["salt"])) == row["password_hash"]
            assert await conn.fetchrow(login, name, str(other.username)) is None
            assert await conn.fetchrow(login, "nobody", "nobody") is None
            topics = {row["topic"] for row in await conn.fetch(acl, name)}
            assert f"yl/v1/{name}/alarm" in topics
            assert all(topic.startswith(f"yl/v1/{name}/") for topic in topics)
            assert f"eco/{hub.username}/#" in {row["topic"] for row in await conn.fetch(acl, hub.username)}
        async with pool_owner.transaction(district) as conn:
            await registry.revoke(conn, bed.device_id, NOW)
        async with pool.transaction() as conn:
            assert await conn.fetchrow(login, name, name) is None
            assert await conn.fetch(acl, name) == []
        for table in ("device_credential", "device", "elder", "ingest.reading"):
            with pytest.raises(Exception, match="permission denied"):
                async with pool.transaction() as conn:
                    await conn.fetch(f"SELECT 1 FROM {table}")  # noqa: S608 - the names above
    finally:
        await pool.close()


def _emqx_hash(password: str, salt: bytes) -> str:
    """Hash as EMQX does with what its configuration says: pbkdf2, sha512, one round, 64 bytes, in hex."""
    import hashlib  # noqa: PLC0415 - only here

    return hashlib.pbkdf2_hmac("sha512", password.encode(), salt, 1, 64).hex()


async def test_who_registers_waits_until_every_broker_that_keeps_a_copy_has_read_it(
    pool_owner: Pool, pool_gateway: Pool, pool_worker: Pool
) -> None:
    async with pool_gateway.transaction() as conn:
        before = await brokers.what_is_seen(conn)
        await brokers.record_copy(conn, "mosquitto:1", before, NOW)
    district = await makers.make_district(pool_owner)
    async with pool_worker.transaction(district) as conn:
        await registry.add(conn, district=district, thing_model="care_bed_v1", now=NOW)
        change = await brokers.transaction_of(conn)
    with pytest.raises(Failure, match="mosquitto:1 has not read it"):
        await brokers.until_read(pool_worker, change, lambda: NOW, seconds=0.1)
    async with pool_gateway.transaction() as conn:
        await brokers.record_copy(conn, "mosquitto:1", await brokers.what_is_seen(conn), NOW)
    await brokers.until_read(pool_worker, change, lambda: NOW, seconds=0.1)


async def test_a_broker_that_is_gone_for_a_minute_is_waited_for_no_more(
    pool_gateway: Pool, pool_worker: Pool
) -> None:
    async with pool_gateway.transaction() as conn:
        await brokers.record_copy(conn, "gone", await brokers.what_is_seen(conn), NOW - 2 * brokers.ALIVE)
    async with pool_worker.transaction() as conn:
        change = await brokers.transaction_of(conn)
    async with pool_worker.transaction() as conn:
        assert await brokers.behind(conn, change, NOW) == []
    assert json.dumps(change)
