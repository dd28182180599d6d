"""A gateway speaks for many at once: what is wrong with one costs the others nothing."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from devices import codecs
from devices.messages import IGNORED, Rejected
from gateway import pipeline
from gateway.heard import Uplink
from gateway.known import Registry
from tests.gateway.worlds import World, add_device

NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
MS = int(NOW.timestamp() * 1000)
HUB = "01a5e3a4-0000-7000-8000-000000000001"
SOS = {"value": {}, "time": MS}


def alink_part(name: str, **more: Any) -> dict[str, Any]:
    return {"identity": {"productKey": "p", "deviceName": name}, **more}


def onenet_part(name: str, **more: Any) -> dict[str, Any]:
    return {"identity": {"productID": "p", "deviceName": name}, **more}


_ALINK = "alink/sys/p/d/thing/event/property/pack/post"
_ONENET = "onenet/$sys/p/d/thing/pack/post"
_TB = "thingsboard/v1/gateway/telemetry"
PACKS = [
    (_ALINK, {"subDevices": [alink_part("a", properties="oops"), alink_part("b", events={"SosAlarm": SOS})]}),
    (_ALINK, {"subDevices": ["a", alink_part("b", events={"SosAlarm": SOS})]}),
    (_ALINK, {"subDevices": [{"identity": 1}, alink_part("b", events={"SosAlarm": SOS})]}),
    (_ALINK, {"properties": 1, "subDevices": [alink_part("b", events={"SosAlarm": SOS})]}),
    (_ALINK, {"subDevices": [alink_part("b", properties=1, events={"SosAlarm": SOS})]}),
    (_TB, {"a": "oops", "b": [{"ts": MS, "values": {"sos": True}}]}),
    (_TB, {"": [], "a": [1], "b": [2, {"ts": MS, "values": {"sos": True}}]}),
]


@pytest.mark.parametrize(("topic", "body"), PACKS)
def test_one_bad_part_costs_the_others_nothing(topic: str, body: dict[str, Any]) -> None:
    payload = json.dumps(body if topic == _TB else {"id": "1", "params": body}).encode()
    said = codecs.decode(f"eco/{HUB}/{topic}", payload, NOW)
    assert [one.addresses[0] for one in said if one.alarm == "sos"] == ["b"]
    assert {one.kind for one in said if one.wrong is not None} == {IGNORED}
    assert all(one.reply is None for one in said if one.wrong is not None)


def test_a_bad_part_of_onenets_pack_costs_the_others_nothing() -> None:
    parts = [onenet_part("a", properties=1), onenet_part("b", properties={"battery": {"value": 50}})]
    payload = json.dumps({"id": "1", "params": parts}).encode()
    said = codecs.decode(f"eco/{HUB}/{_ONENET}", payload, NOW)
    assert [one.addresses[0] for one in said if one.wrong is None] == ["b"]


def test_a_pack_of_which_nothing_is_understood_is_refused() -> None:
    payload = json.dumps({"id": "1", "params": {"subDevices": ["a"]}}).encode()
    with pytest.raises(Rejected, match="wrong_type subDevices"):
        codecs.decode(f"eco/{HUB}/{_ALINK}", payload, NOW)


async def test_the_bad_part_is_a_dead_letter_and_the_sos_beside_it_an_alarm(world: World) -> None:
    hub = await add_device(world, "hub_v1")
    button = await add_device(world, "sos_button_v1", hub=hub.id, ecosystem="alink", address="b")
    body = {"id": "1", "params": PACKS[0][1]}
    (reply,) = await world.hear((f"eco/{hub.id}/{_ALINK}", body), now=NOW)
    assert reply["code"] == 200
    assert [row["device_id"] for row in await world.rows("SELECT device_id FROM alarm")] == [button.id]
    (letter,) = await world.rows("SELECT reason, field FROM ingest.dead_letter")
    assert letter == {"reason": "wrong_type", "field": "properties"}


async def test_a_hub_whose_share_of_memory_is_full_still_calls_for_help(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.hub_memory.MOST_KEYS", 0)
    hub = await add_device(world, "hub_v1")
    said = (
        b"<mrq><ver>01.00</ver><mty>ME</mty><ref>7</ref><cid>c</cid><dty>0001</dty><did>1</did>"
        b"<stc>0010</stc><pri>0</pri></mrq>"
    )
    uplink = Uplink(f"eco/{hub.id}/scaip/message", said, NOW)
    async with world.pool_gateway.transaction() as conn:
        assert await pipeline.handle(conn, Registry(), world.keys, [uplink], NOW)
    assert len(await world.rows("SELECT 1 FROM alarm")) == 1
    (letter,) = await world.rows("SELECT reason FROM ingest.dead_letter")
    assert letter == {"reason": "too_much_to_remember"}
