"""What is said while the gateway is away waits for it, whatever happens to Mosquitto meanwhile."""

import json
from typing import Any

import aiomqtt
import pytest

from tests.brokers import IS_MOSQUITTO, MosquittoBroker
from tests.gateway.worlds import Device, RunningGateway, World, add_device
from tests.waiting import until_true

pytestmark = pytest.mark.skipif(not IS_MOSQUITTO, reason="needs Debian's Mosquitto (lane of .ci/run)")


async def test_a_device_added_after_a_restart_costs_nothing_of_what_is_said_before_the_gateway_is_back(
    world: World, mat: Device, broker: MosquittoBroker, gateway: RunningGateway
) -> None:
    """Mosquitto 2.0 with rules for all listeners dropped every one of these."""
    await gateway.stop()
    await broker.stop()
    await broker.start()
    button = await add_device(world, "sos_button_v1")
    async with broker.client(str(button.username), str(button.password)):
        pass  # its files have been read again
    async with broker.client(str(mat.username), str(mat.password)) as client:
        for _ in range(5):
            topic, said = mat.says(heart_rate=70)
            await client.publish(topic, json.dumps(said), qos=1)
    await gateway.start()

    async def stored() -> bool:
        return len(await world.rows("SELECT 1 FROM ingest.inbox")) == 5

    await until_true(stored)


async def test_no_device_comes_in_by_the_listener_of_services(mat: Device, broker: MosquittoBroker) -> None:
    given: dict[str, Any] = {"username": str(mat.username), "password": str(mat.password)}
    with pytest.raises(aiomqtt.MqttError, match=r"[Nn]ot authori"):
        async with aiomqtt.Client("127.0.0.1", broker.service_port, **given):
            pass
