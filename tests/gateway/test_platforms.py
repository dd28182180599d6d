"""Platforms' messages through the whole pipeline: what is learned, stored, answered."""

import json

from devices.codecs import sparkplug_payload
from gateway.known import Registry
from tests.gateway.worlds import World, add_device
from tests.makers import NOW

KINDS = sparkplug_payload._classes()  # noqa: SLF001 - the wire's own encoder
M = KINDS["Metric"]
MS = int(NOW.timestamp() * 1000)


def wire(seq: int, *metrics: object) -> bytes:
    found: bytes = KINDS["Payload"](timestamp=MS, seq=seq, metrics=metrics).SerializeToString()
    return found


async def test_a_sparkplug_birth_explains_the_data_that_another_gateway_hears(world: World) -> None:
    hub = await add_device(world, "hub_v1")
    await add_device(world, "care_bed_v1", hub=hub.id, ecosystem="sparkplug_b", address="G/E/bed")
    base = f"eco/{hub.id}/sparkplug_b/spBv1.0/G"
    birth = wire(1, M(name="Vitals/HeartRate", alias=5, datatype=3, int_value=70))
    await world.hear((f"{base}/DBIRTH/E/bed", birth))
    await world.hear((f"{base}/DDATA/E/bed", wire(2, M(alias=5, int_value=72))), registry=Registry())
    rows = await world.rows(
        "SELECT r.value FROM ingest.reading r JOIN ingest.metric m ON m.id = r.metric"
        " WHERE m.name = 'heart_rate' ORDER BY 1"
    )
    assert [row["value"] for row in rows] == [70, 72]


async def test_an_alink_device_s_sos_is_an_alarm_once_and_answered_twice(world: World) -> None:
    hub = await add_device(world, "hub_v1")
    await add_device(world, "sos_button_v1", hub=hub.id, ecosystem="alink", address="button")
    topic = f"eco/{hub.id}/alink//sys/pk/button/thing/event/SOS/post"
    said = (topic, {"id": "1", "params": {"value": {}, "time": MS}})
    first, again = await world.hear(said), await world.hear(said)
    assert [one["topic"] for one in first + again] == [f"{topic}_reply"] * 2
    assert [one["code"] for one in first + again] == [200, 200]
    assert [row["type"] for row in await world.rows("SELECT type FROM alarm")] == ["sos"]


async def test_a_stranger_hears_an_error_and_waits_to_be_adopted(world: World) -> None:
    hub = await add_device(world, "hub_v1")
    topic = f"eco/{hub.id}/onenet/$sys/p/new/thing/property/post"
    (answer,) = await world.hear((topic, {"id": "1", "params": {"hr": {"value": 60, "time": MS}}}))
    assert (answer["topic"], answer["code"]) == (f"{topic}/reply", 2000)
    (row,) = await world.rows("SELECT address, model FROM ingest.unknown_device")
    assert (row["address"], row["model"]) == ("new", "care_bed_v1")
    assert json.dumps(answer)
