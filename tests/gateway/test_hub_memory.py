"""What a hub teaches: kept with the message, known to every process, and never more than its share."""

import json
from typing import Any

import pytest

from core.db import Pool
from devices import registry as devices
from devices.messages import Message, Reply
from gateway import hub_memory, receipts, unknown_devices, upkeep
from gateway.heard import Uplink
from gateway.known import Registry
from tests.gateway.worlds import Device, World, add_device
from tests.makers import NOW

CONFIG = {"state_topic": "k/leak", "device_class": "moisture", "device": {"identifiers": ["leak1"]}}


@pytest.fixture
async def hub(world: World) -> Device:
    return await add_device(world, "hub_v1")


@pytest.fixture
async def leak(world: World, hub: Device) -> Device:
    return await add_device(world, "water_v1", hub=hub.id, ecosystem="home_assistant", address="leak1")


def config(hub: Device, body: Any = CONFIG) -> tuple[str, Any]:
    return f"eco/{hub.id}/home_assistant/homeassistant/binary_sensor/leak1/config", body


def state(hub: Device, word: bytes = b"ON") -> tuple[str, Any]:
    return f"eco/{hub.id}/home_assistant/k/leak", word


async def reasons(world: World) -> list[str]:
    rows = await world.rows("SELECT reason, field FROM ingest.dead_letter ORDER BY id")
    return [f"{row['reason']} {row['field']}" for row in rows]


async def keys(world: World) -> list[str]:
    return [row["key"] for row in await world.rows("SELECT key FROM ingest.hub_memory ORDER BY key")]


async def alarms(world: World) -> list[str]:
    return [row["type"] for row in await world.rows("SELECT type FROM alarm")]


async def test_a_retained_configuration_is_learned_and_a_retained_state_is_not_new(
    world: World, hub: Device, leak: Device
) -> None:
    await world.hear(config(hub), state(hub), retained=True)
    assert str(leak.id)
    assert len(await keys(world)) == 3
    assert await alarms(world) == []


async def test_another_process_knows_what_the_first_has_learned(
    world: World, hub: Device, leak: Device
) -> None:
    await world.hear(config(hub), registry=Registry())
    await world.hear(state(hub), registry=Registry())
    assert str(leak.id)
    assert await alarms(world) == ["water_leak"]


async def test_a_process_with_an_old_copy_looks_again_before_it_refuses(
    world: World, hub: Device, leak: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_memory, "_PATIENCE", -1.0)
    old = Registry()
    await world.hear(state(hub), registry=old)
    await world.hear(config(hub), registry=Registry())
    await world.hear(state(hub), registry=old)
    assert str(leak.id)
    assert await reasons(world) == ["not_discovered k/leak"]
    assert await alarms(world) == ["water_leak"]


async def test_what_a_failed_transaction_has_learned_is_not_believed(world: World, hub: Device) -> None:
    registry = Registry()

    async def fail_afterwards() -> None:
        with registry.memory.tentative():
            await world.hear(config(hub), registry=registry)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_afterwards()
    assert registry.memory.recall(str(hub.id), "home_assistant") == {}


async def test_an_empty_configuration_is_forgotten(world: World, hub: Device) -> None:
    await world.hear(config(hub), config(hub, b""))
    assert await keys(world) == []


async def test_one_hub_never_reads_what_another_has_said(world: World, hub: Device) -> None:
    other = await add_device(world, "hub_v1")
    await world.hear(config(hub), state(other))
    assert await reasons(world) == ["not_discovered k/leak"]


async def test_who_is_no_hub_teaches_nothing(world: World, hub: Device) -> None:
    topic, body = config(hub)
    stranger = "01930000-0000-7000-8000-000000000009"
    await world.hear((topic.replace(str(hub.id), stranger), body), (topic.replace(str(hub.id), "me"), body))
    assert await reasons(world) == ["unknown_device hub", "unknown_device hub"]
    assert await keys(world) == []


BAD = [
    ({"unit_of_measurement": "a\0", "device_class": "x"}, "bad_text memory"),
    ({"payload_on": "x" * 300_000}, "too_large memory"),
]


@pytest.mark.parametrize(("more", "reason"), BAD)
async def test_what_the_database_cannot_hold_is_refused(
    world: World, hub: Device, more: dict[str, Any], reason: str
) -> None:
    await world.hear(config(hub, CONFIG | more))
    assert await reasons(world) == [reason]


async def test_a_hostile_hub_fills_its_share_of_memory_and_no_more(world: World, hub: Device) -> None:
    crowd = [{"ieee_address": f"0x{nth}", "friendly_name": f"n{nth}"} for nth in range(2_600)]
    topic = f"eco/{hub.id}/zigbee2mqtt/bridge/devices"
    registry = Registry()
    await world.hear((topic, crowd), registry=registry)
    assert await reasons(world) == ["too_much_to_remember memory"]
    await world.hear((topic, crowd[:2_000]), registry=registry)
    assert len(await keys(world)) == 4_000


async def test_a_hostile_hub_fills_its_share_of_strangers_and_no_more(
    world: World, hub: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unknown_devices, "MOST_OF_A_HUB", 5)
    said = [(f"eco/{hub.id}/zigbee2mqtt/made-up-{nth}", {"battery": nth}) for nth in range(8)]
    await world.hear(*said)
    await world.hear(*said[:2])
    assert len(await world.rows("SELECT id FROM ingest.unknown_device")) == 5
    found = await reasons(world)
    assert (found.count("unknown_device None"), found.count("too_many_unknown None")) == (7, 3)


async def test_what_is_remembered_goes_with_the_hub(world: World, hub: Device, pool_owner: Pool) -> None:
    await world.hear(config(hub))
    await upkeep.tick(world.pool_gateway, NOW)
    assert len(await keys(world)) == 3
    async with pool_owner.transaction(world.district) as conn:
        await devices.retire(conn, hub.id, NOW)
    await upkeep.tick(world.pool_gateway, NOW)
    assert await keys(world) == []


async def test_one_message_of_several_devices_waits_for_the_stranger_among_them(
    world: World, hub: Device
) -> None:
    await add_device(world, "door_v1", hub=hub.id, ecosystem="tasmota", address="0x1")
    said = {"ZbReceived": {"0x1": {"Contact": 1}, "0x2": {"Water": 1}}}
    await world.hear((f"eco/{hub.id}/tasmota/tele/br/SENSOR", said))
    assert await reasons(world) == ["unknown_device None"]
    (count,) = await world.rows("SELECT count(*) AS n FROM ingest.reading")
    assert count["n"] == 1
    await add_device(world, "water_v1", hub=hub.id, ecosystem="tasmota", address="0x2")
    async with world.pool_gateway.transaction() as conn:
        await conn.execute("UPDATE ingest.dead_letter SET retry_at = $1", NOW)
    assert await upkeep.retry_letters(world.pool_gateway, Registry(), world.keys, NOW) == 1
    assert await alarms(world) == ["water_leak"]


async def test_a_zones_alarm_means_what_the_registered_model_says(world: World, hub: Device) -> None:
    for nth, model in enumerate(("water_v1", "sos_button_v1", "climate_v1")):
        await add_device(world, model, hub=hub.id, ecosystem="tasmota", address=f"0x{nth}")
    said = {"ZbReceived": {f"0x{nth}": {"ZoneStatusChange": 1} for nth in range(3)}}
    await world.hear((f"eco/{hub.id}/tasmota/tele/br/SENSOR", said))
    assert sorted(await alarms(world)) == ["sos", "water_leak"]


REPLIES = [
    ("eco/h/alink/sys/a/thing/post", "sys/a/thing/post_reply", "eco/h/alink/sys/a/thing/post_reply"),
    ("eco/h/scaip/x", "", ""),
    ("eco/h/alink/x", "a/+/b", None),
    ("eco/h/alink/x", "a/\ud800", None),
    ("eco/h/alink/x", "a" * 65_536, None),
    ("yl/v1/d/telemetry", "x", None),
]


@pytest.mark.parametrize(("heard_on", "topic", "answered_on"), REPLIES)
def test_an_answer_goes_beneath_the_prefix_of_the_hub_that_asked(
    heard_on: str, topic: str, answered_on: str | None
) -> None:
    message = Message("telemetry", "h", "alink", ("d",), "1", reply=Reply(topic, b"yes", b"no"))
    answer = receipts.reply(Uplink(heard_on, b"", NOW), message)
    assert (answer.topic if answer else None) == answered_on
    assert answer is None or json.loads(json.dumps(answer.payload.decode())) == "yes"
    assert receipts.reply(Uplink(heard_on, b"", NOW), Message("ignored", "h", "alink", ("d",), "")) is None
