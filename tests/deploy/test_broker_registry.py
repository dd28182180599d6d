"""The embedded broker and the registry: who is added speaks at once, who is revoked is silent at once."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import aiomqtt
import pytest

from core.crypto import Keys
from core.db import Pool
from devices import registry
from tests import makers
from tests.brokers import EmbeddedBroker, embedded_only

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)


async def bed(pool: Pool) -> tuple[UUID, registry.Credentials]:
    district = await makers.make_district(pool)
    async with pool.transaction(district) as conn:
        return district, await registry.add(conn, district=district, thing_model="care_bed_v1", now=NOW)


async def test_a_credential_works_the_moment_it_is_added(pool_owner: Pool, broker: EmbeddedBroker) -> None:
    _, made = await bed(pool_owner)
    async with broker.client(str(made.username), str(made.password)) as client:
        await client.publish(f"yl/v1/{made.device_id}/status", b"{}", qos=1)


async def test_a_revoked_device_loses_its_connection_at_once(
    pool_owner: Pool, broker: EmbeddedBroker
) -> None:
    district, made = await bed(pool_owner)

    async def speak_until_cut() -> None:
        async with broker.client(str(made.username), str(made.password)) as client:
            async with pool_owner.transaction(district) as conn:
                await registry.revoke(conn, made.device_id, NOW)
            async with asyncio.timeout(2):
                async for _ in client.messages:
                    pass

    with pytest.raises(aiomqtt.MqttError):
        await speak_until_cut()
    with pytest.raises(aiomqtt.MqttError, match=r"[Bb]ad user|[Nn]ot authori"):
        async with broker.client(str(made.username), str(made.password)):
            pass


@embedded_only
async def test_a_foreign_topic_becomes_a_dead_letter_that_names_the_speaker(
    pool_owner: Pool, pool_gateway: Pool, broker: EmbeddedBroker, keys: Keys
) -> None:
    district, made = await bed(pool_owner)
    topic = f"yl/v1/{UUID(int=1)}/alarm"
    async with broker.client(str(made.username), str(made.password)) as client:
        await client.publish(topic, b"a lie", qos=1)
    await broker.stop()
    async with pool_gateway.transaction() as conn:
        row = await conn.fetchrow("SELECT * FROM ingest.dead_letter")
    assert row is not None
    assert (row["reason"], row["topic"], row["sender"]) == ("foreign_topic", topic, str(made.device_id))
    assert (row["device_id"], row["district_id"], row["size"]) == (made.device_id, district, 5)
    assert keys.open_raw(row["payload_sealed"]) == b"a lie"
