"""Pretend homes on a real broker with a real gateway behind it."""

import asyncio
import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr

from core.errors import Failure
from core.settings import Settings
from devices import simulator, thing_models
from devices.mqtt import Link
from devices.simulator import Pretender
from tests.gateway.worlds import RunningGateway, World, add_device
from tests.waiting import until

NIGHT, DAY = datetime(2026, 11, 21, 18, tzinfo=UTC), datetime(2026, 11, 21, 4, tzinfo=UTC)


def _pretender(device: dict[str, Any], url: str = "mqtt://127.0.0.1:1") -> Pretender:
    return Pretender(url, device, seed=1, every_s=0.05, zone=ZoneInfo("Asia/Shanghai"), presses=1)


async def _kit(world: World) -> list[dict[str, Any]]:
    return [{**asdict(await add_device(world, model)), "thing_model": model} for model in thing_models.all_()]


async def test_every_device_of_a_pretend_home_is_understood(
    world: World, broker: Any, gateway: RunningGateway
) -> None:
    devices = [{**one, "device_id": one["id"]} for one in await _kit(world)]
    stop = asyncio.Event()
    settings = Settings(mqtt_url=SecretStr(broker.device_url))
    speaking = asyncio.create_task(simulator.run(settings, [{"devices": devices}], 200, stop))
    heard = "SELECT count(*) FROM ingest.device_state WHERE last_seen_at IS NOT NULL AND values <> '{}'"
    await gateway.until(lambda found: found == [len(devices)], heard)
    stop.set()
    await speaking
    assert await world.rows("SELECT topic, reason FROM ingest.dead_letter") == []


async def test_a_press_is_said_again_until_its_receipt(
    world: World, broker: Any, gateway: RunningGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulator, "_REPEAT_S", 0.05)
    button = await add_device(world, "sos_button_v1")
    one = _pretender(
        {**asdict(button), "device_id": button.id, "thing_model": "sos_button_v1"}, broker.device_url
    )
    await gateway.stop()
    running = asyncio.create_task(one.run())
    async with Link(broker.gateway_url, "gateway-press") as link:
        identity = one.press(link, datetime.now(UTC))
    await gateway.start()
    await until(lambda: not one._unanswered)  # noqa: SLF001 - what it still waits for
    running.cancel()
    rows = await world.rows("SELECT message_id FROM alarm")
    assert [row["message_id"] for row in rows] == [identity]


@pytest.mark.parametrize("at", [NIGHT, DAY])
@pytest.mark.parametrize("model", sorted(thing_models.all_()))
def test_what_a_pretend_device_measures_fits_its_thing_model(model: str, at: datetime) -> None:
    one = _pretender({"device_id": "d", "thing_model": model, "username": "d", "password": "p"})
    said = [one.values(at) for _ in range(50)]
    metrics = thing_models.get(model).metrics
    assert all(set(found) <= set(metrics) for found in said)
    assert json.dumps(said)


def test_a_bed_is_used_at_night_and_mostly_empty_by_day() -> None:
    one = _pretender({"device_id": "d", "thing_model": "care_bed_v1", "username": "d", "password": "p"})
    assert all(one.values(NIGHT)["in_bed"] for _ in range(20))
    assert sum(one.values(DAY)["in_bed"] for _ in range(50)) < 10


async def test_homes_without_devices_are_refused() -> None:
    with pytest.raises(Failure, match="no home has a device"):
        await simulator.run(
            Settings(mqtt_url=SecretStr("mqtt://127.0.0.1:1")), [{"devices": []}], 1, asyncio.Event()
        )
