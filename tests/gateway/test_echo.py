"""A sender that numbers nothing: what is the same press said again, and what is a new call for help."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from gateway import alarms
from gateway.alarms import Signal
from gateway.known import Known, Registry
from tests.gateway.worlds import World, add_device
from tests.makers import NOW

SECOND = timedelta(seconds=1)


@pytest.fixture
async def button(world: World) -> Known:
    """Make a button at a hub."""
    hub = await add_device(world, "hub_v1")
    await add_device(world, "sos_button_v1", hub=hub.id, ecosystem="zigbee2mqtt", address="button")
    registry = Registry()
    await registry.refresh(world.pool_gateway, NOW)
    return next(one for one in registry._by_name.values() if one.address == "button")  # noqa: SLF001 - a look


async def press(
    world: World, button: Known, at: datetime, *, historical: bool = False, name: str = ""
) -> bool:
    """Press; return whether that is a new alarm."""
    said = Signal(button, name or at.isoformat(), "sos", at, at, is_historical=historical, is_id_derived=True)
    ((_, is_new),) = await alarms.raise_at_once(world.pool_gateway, [said])
    return is_new


async def test_a_press_said_twice_is_one_alarm_and_a_later_press_another(world: World, button: Known) -> None:
    found = [await press(world, button, NOW + n * SECOND) for n in (0, 10, 29, 31)]
    assert found == [True, False, False, True]


async def test_a_press_after_a_cancel_is_a_new_call(world: World, button: Known) -> None:
    assert await press(world, button, NOW, name="first")
    async with world.pool_gateway.transaction() as conn:
        await alarms.cancel(conn, button, "no", "first", NOW + SECOND)
    assert await press(world, button, NOW + 5 * SECOND)


async def test_a_press_after_old_ones_were_told_is_a_new_call(world: World, button: Known) -> None:
    assert await press(world, button, NOW, historical=True)
    assert await press(world, button, NOW + SECOND)


async def test_a_press_after_the_servers_clock_was_put_back_is_a_new_call(
    world: World, button: Known
) -> None:
    assert await press(world, button, NOW + timedelta(hours=1))
    assert await press(world, button, NOW)


async def test_an_alarm_that_finds_no_row_is_never_called_stored(world: World, button: Known) -> None:

    nobody = replace(button, id=uuid4())
    with pytest.raises(LookupError):
        await press(world, nobody, NOW)
