"""Nobody speaks in another's name: neither by an address that is another's id, nor through another hub."""

from uuid import UUID, uuid4

import pytest

from core.errors import Invalid
from gateway.known import Registry
from tests.gateway.worlds import World, add_device
from tests.makers import NOW, make_district

FORGED = """
INSERT INTO device (id, district_id, thing_model, name, ecosystem, address, created_at)
VALUES ($1, $2, 'sos_button_v1', 'forged', 'native', $3, $4)"""
SPEAKERS = "SELECT DISTINCT device_id FROM alarm"


async def speakers(world: World) -> set[UUID]:
    return {row["device_id"] for row in await world.rows(SPEAKERS)}


async def test_who_speaks_for_itself_is_of_no_ecosystem(world: World) -> None:
    with pytest.raises(Invalid):
        await add_device(world, "sos_button_v1", ecosystem="zigbee2mqtt")


async def test_a_device_named_as_another_districts_device_does_not_get_its_alarms(world: World) -> None:
    button = await add_device(world, "sos_button_v1")
    other = await make_district(world.pool_owner, "341302")
    async with world.pool_owner.transaction(other) as conn:
        await conn.execute(FORGED, uuid4(), other, str(button.id), NOW)
    copied = Registry()
    await copied.refresh(world.pool_gateway, NOW)
    await world.hear(button.alarms(), registry=copied)
    await world.hear(button.alarms(), registry=Registry())
    assert await speakers(world) == {button.id}
    assert len(await world.rows("SELECT id FROM alarm")) == 2


async def test_a_hub_does_not_speak_for_the_devices_of_another(world: World) -> None:
    ours = await add_device(world, "hub_v1")
    theirs = await add_device(world, "hub_v1")
    child = {"hub": ours.id, "ecosystem": "zigbee2mqtt", "address": "button"}
    await add_device(world, "sos_button_v1", **child)
    for name in ("button", str(ours.id), f"{ours.id}/zigbee2mqtt/button", "../button"):
        await world.hear((f"eco/{theirs.id}/zigbee2mqtt/{name}", {"action": "emergency"}))
    assert await speakers(world) == set()
    await world.hear((f"eco/{ours.id}/zigbee2mqtt/button", {"action": "emergency"}))
    assert len(await speakers(world)) == 1
