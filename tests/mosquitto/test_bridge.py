"""A home's own Mosquitto, bridged to ours: what it says arrives under its prefix, and waits if it must."""

import json
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiomqtt
import pytest

from deploy.embedded import child
from deploy.embedded.postgres import HOST, free_port, is_free
from deploy.mosquitto import bridge
from deploy.mosquitto.bridge import Far
from devices import registry
from tests.bench.stage import mosquitto
from tests.brokers import IS_MOSQUITTO, MosquittoBroker
from tests.gateway.worlds import Device, RunningGateway, World, add_device
from tests.makers import NOW
from tests.waiting import until, until_true

pytestmark = pytest.mark.skipif(not IS_MOSQUITTO, reason="needs Debian's Mosquitto (lane of .ci/run)")
_PRESS = json.dumps({"action": "emergency", "battery": 90}).encode()
_ALARMS = "SELECT type FROM alarm"


@asynccontextmanager
async def home(folder: Path, hub: Device, port: int) -> AsyncIterator[int]:
    """Run the Mosquitto of a home with the file that `yinling hub bridge` writes."""
    near = free_port()
    (folder / "home").mkdir(exist_ok=True)
    text = bridge.text(str(hub.id), str(hub.password), Far(f"{HOST}:{port}"), ["zigbee2mqtt"])
    own = f"user root\nlistener {near} {HOST}\nallow_anonymous true\npersistence_location {folder}/home/\n"
    (folder / "home.conf").write_text(own + text)
    with (folder / "home.log").open("ab") as log:
        process: subprocess.Popen[bytes] = child.start(
            [mosquitto(), "-c", str(folder / "home.conf")], log=log
        )
    try:
        await until(lambda: not is_free(near))
        yield near
    finally:
        await child.stop(process, signal.SIGTERM, 5)


async def _button(world: World) -> tuple[Device, Device]:
    hub = await add_device(world, "hub_v1")
    given = {"hub": hub.id, "ecosystem": "zigbee2mqtt", "address": "button"}
    return hub, await add_device(world, "sos_button_v1", **given)


async def _raised(world: World, count: int) -> bool:
    return len(await world.rows(_ALARMS)) == count


async def _connected(folder: Path, times: int) -> None:
    log = folder / "mosquitto.log"
    await until(lambda: log.read_text(errors="replace").count("(p2, c0, k30") >= times, seconds=20)


def _refusals(folder: Path) -> int:
    """Count how often the home was turned away (the broker's own log also has the canary's refusals)."""
    return (folder / "home.log").read_text(errors="replace").count("Connection Refused: not authorised")


async def _refused_again(folder: Path, before: int) -> int:
    await until(lambda: _refusals(folder) > before, seconds=60)
    return _refusals(folder)


async def test_a_press_at_home_is_an_alarm_and_a_command_reaches_the_home(
    world: World, broker: MosquittoBroker, gateway: RunningGateway, tmp_path: Path
) -> None:
    assert gateway.listeners
    hub, button = await _button(world)
    async with home(tmp_path, hub, broker.port) as port:
        await _connected(tmp_path, 1)
        async with aiomqtt.Client(HOST, port) as client:
            await client.publish("zigbee2mqtt/button", _PRESS, qos=1)
            await until_true(lambda: _raised(world, 1))
            await client.subscribe("zigbee2mqtt/siren/set", qos=1)
            service = aiomqtt.Client(HOST, broker.service_port, username="gateway", password=broker.password)
            async with service:
                await service.publish(f"eco/{hub.id}/zigbee2mqtt/siren/set", b'{"alarm": true}', qos=1)
            message: Any = await anext(aiter(client.messages))
            assert (str(message.topic), message.payload) == ("zigbee2mqtt/siren/set", b'{"alarm": true}')
    assert [row["type"] for row in await world.rows("SELECT type FROM alarm WHERE device_id = $1", button.id)]


async def test_a_press_while_we_cannot_be_reached_waits_at_home_through_its_restart(
    world: World, broker: MosquittoBroker, gateway: RunningGateway, tmp_path: Path
) -> None:
    assert gateway.listeners
    hub, _ = await _button(world)
    async with home(tmp_path, hub, broker.port):
        await _connected(tmp_path, 1)
    await broker.stop()
    async with home(tmp_path, hub, broker.port) as port, aiomqtt.Client(HOST, port) as client:
        await client.publish("zigbee2mqtt/button", _PRESS, qos=1)
    async with home(tmp_path, hub, broker.port):
        await broker.start()
        await until_true(lambda: _raised(world, 1), seconds=40)


async def test_a_hub_that_is_revoked_passes_nothing_on(
    world: World, broker: MosquittoBroker, gateway: RunningGateway, tmp_path: Path
) -> None:
    assert gateway.listeners
    hub, _ = await _button(world)
    async with home(tmp_path, hub, broker.port) as port:
        await _connected(tmp_path, 1)
        before = _refusals(tmp_path)  # one or none: it may have knocked before the broker knew it
        async with world.pool_owner.transaction(world.district) as conn:
            await registry.revoke(conn, hub.id, NOW)
        seen = await _refused_again(tmp_path, before)
        async with aiomqtt.Client(HOST, port) as client:
            await client.publish("zigbee2mqtt/button", _PRESS, qos=1)
        await _refused_again(tmp_path, seen)
    assert await world.rows(_ALARMS) == []
