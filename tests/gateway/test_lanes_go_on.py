"""A lane whose part dies comes back; a message that cannot be stored has its alarm raised all the same."""

import json
from typing import Any

import pytest

from devices.mqtt import Link
from gateway import pipeline, quick
from gateway.listener import Listener
from gateway.rules import engine
from tests.gateway.worlds import Device, RunningGateway, World, add_device
from tests.waiting import until

_ALARMS = "SELECT count(*) FROM alarm"
_LETTERS = "SELECT reason FROM ingest.dead_letter"


@pytest.fixture
async def hub(world: World) -> Device:
    """Make a hub with a button at the bed."""
    made = await add_device(world, "hub_v1")
    await add_device(world, "sos_button_v1", hub=made.id, ecosystem="zigbee2mqtt", address="button")
    return made


def _eco(gateway: RunningGateway) -> Listener:
    return next(one for one in gateway.listeners if one.lane.is_mixed)


async def test_a_lane_whose_urgent_half_has_died_connects_again_and_hears_the_sos(
    hub: Device, broker: Any, gateway: RunningGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    deaths = iter([True])
    take = Link.take_urgent

    async def dies(self: Link, most: int) -> Any:
        found = await take(self, most)
        if next(deaths, False):
            raise RuntimeError("the urgent half has died")
        return found

    monkeypatch.setattr(Link, "take_urgent", dies)
    await gateway.stop()
    await gateway.start()
    async with broker.client(hub.username, hub.password) as client:
        await client.publish(f"eco/{hub.id}/zigbee2mqtt/button", json.dumps({"action": "emergency"}), qos=1)
        await gateway.until(lambda found: found == [1], _ALARMS)
    await until(lambda: _eco(gateway).handled == 1)


async def test_a_receipt_that_is_no_topic_holds_up_nobody(
    mat: Device, broker: Any, gateway: RunningGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusals = iter([True])
    send = Link.send

    def picky(self: Link, topic: str, payload: bytes, qos: int = 1, *, retain: bool = False) -> None:
        send(self, "a/+/topic" if next(refusals, False) else topic, payload, qos, retain=retain)

    monkeypatch.setattr(Link, "send", picky)
    async with broker.client(mat.username, mat.password) as client:
        for _ in range(2):
            topic, sos = mat.alarms()
            await client.publish(topic, json.dumps(sos), qos=1)
        await gateway.until(lambda found: found == [2], _ALARMS)
    await until(lambda: gateway.listeners[0].handled == 2)


@pytest.mark.parametrize("is_urgent", [True, False])
async def test_of_a_message_that_cannot_be_stored_the_alarm_is_raised_and_the_rest_kept_as_a_letter(
    hub: Device,
    mat: Device,
    broker: Any,
    gateway: RunningGateway,
    monkeypatch: pytest.MonkeyPatch,
    is_urgent: bool,  # noqa: FBT001 - a table's column
) -> None:
    async def breaks(*_: object) -> None:
        raise KeyError("a mistake of our own")

    monkeypatch.setattr(pipeline, "store_readings", breaks)
    if not is_urgent:
        monkeypatch.setattr(quick, "raise_ahead", breaks)
    async with broker.client(hub.username, hub.password) as client:
        await client.publish(f"eco/{hub.id}/zigbee2mqtt/button", json.dumps({"action": "emergency"}), qos=1)
        await gateway.until(lambda found: found == [1], _ALARMS)
    topic, sos = mat.alarms(values={"heart_rate": 70})
    async with broker.client(mat.username, mat.password) as client:
        await client.subscribe(mat.topic("receipt"), qos=1)
        await client.publish(topic, json.dumps(sos), qos=1)
        receipt = json.loads((await anext(client.messages)).payload)
    assert receipt["result"] == "accepted"
    await gateway.until(lambda found: found == ["poison", "poison"], _LETTERS)


async def test_rules_that_fail_over_a_home_lose_nothing_of_what_it_says(
    world: World, mat: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(engine, "hear", fails)
    (receipt,) = await world.hear(mat.alarms(values={"heart_rate": 70}))
    assert receipt["result"] == "accepted"
    assert len(await world.rows("SELECT 1 FROM ingest.reading")) == 1
