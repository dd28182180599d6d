"""Gateways that share their work learn what hubs announced before the first of them was there."""

import json
from typing import Any

from core.db import Pool
from gateway import retained
from gateway.known import Registry
from gateway.listener import LANES, Gateway, Listener
from tests.gateway.worlds import World, add_device

CONFIG = {
    "unique_id": "door1",
    "state_topic": "door/state",
    "device_class": "door",
    "device": {"identifiers": ["door1"], "name": "Door"},
}


def test_every_name_of_an_ecosystem_is_asked_for() -> None:
    assert "eco/+/homeassistant_discovery/#" in retained.FILTERS
    assert "eco/+/zigbee2mqtt/bridge/#" in retained.FILTERS


async def test_what_a_hub_announced_before_is_learned_and_what_is_said_meanwhile_is_left_to_the_share(
    world: World, broker: Any, pool_gateway: Pool
) -> None:
    hub = await add_device(world, "hub_v1")
    topic = f"eco/{hub.id}/homeassistant/homeassistant/binary_sensor/door1/config"
    async with broker.client(hub.username, hub.password) as client:
        await client.publish(topic, json.dumps(CONFIG), qos=1, retain=True)
        gateway = Gateway(pool_gateway, Registry(), world.keys, broker.gateway_url, "gateway", 500, "group")
        await retained.recall(gateway, Listener(gateway, LANES[2]))
    rows = await world.rows("SELECT key FROM ingest.hub_memory")
    assert any("door1" in row["key"] for row in rows)
