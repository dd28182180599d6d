"""Every ecosystem on a real broker: what adopted devices say is stored, what is an alarm is raised."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest

from devices.codecs import sparkplug_payload
from tests.gateway.worlds import RunningGateway, World, add_device

_KINDS = sparkplug_payload._classes()  # noqa: SLF001 - the wire's own encoder
_METRIC = _KINDS["Metric"]


def _sparkplug(seq: int, *metrics: Any) -> bytes:
    found: bytes = _KINDS["Payload"](seq=seq, metrics=metrics).SerializeToString()
    return found


@dataclass
class Case:
    """What a hub publishes, whose device it is, and what becomes of it."""

    ecosystem: str
    model: str
    address: str
    said: list[tuple[str, Any]]
    alarm: str
    values: dict[str, float]
    told: list[str] = field(default_factory=list)
    """The topics on which the hub is answered."""


def _alink(name: str, what: str, params: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return f"/sys/pk/{name}/thing/event/{what}/post", {"id": "1", "params": params}


def _lora(**found: Any) -> tuple[str, dict[str, Any]]:
    return "application/a/device/24e1/event/up", {"deviceInfo": {"devEui": "24e1"}, "object": found}


def _shelly(**found: Any) -> tuple[str, dict[str, Any]]:
    return "flood/events/rpc", {"src": "flood", "method": "NotifyStatus", "params": found}


def _tasmota(**found: Any) -> tuple[str, dict[str, Any]]:
    return "tele/zb/SENSOR", {"ZbReceived": {"0x1A2B": {"Device": "0x1A2B", **found}}}


_DISCOVERY = {"state_topic": "bath/state", "device": {"identifiers": ["bath"]}}
_LEAK = {"device_class": "moisture", "unique_id": "l", "value_template": "{{ value_json.w }}"}
_BATTERY = {"device_class": "battery", "unique_id": "b", "value_template": "{{ value_json.b }}"}
CASES = [
    Case(
        "zigbee2mqtt",
        "smoke_v1",
        "kitchen smoke",
        [("kitchen smoke", {"smoke": False, "battery": 90}), ("kitchen smoke", {"smoke": True})],
        "smoke",
        {"battery": 90},
    ),
    Case(
        "home_assistant",
        "water_v1",
        "bath",
        [
            ("homeassistant/binary_sensor/l/config", _DISCOVERY | _LEAK),
            ("homeassistant/sensor/b/config", _DISCOVERY | _BATTERY),
            ("bath/state", {"w": "OFF", "b": 88}),
            ("bath/state", {"w": "ON", "b": 88}),
        ],
        "water_leak",
        {"battery": 88},
    ),
    Case(
        "esphome",
        "fall_detector_v1",
        "bath-radar",
        [
            ("bath-radar/sensor/battery_level/state", b"71"),
            ("bath-radar/binary_sensor/fall_detected/state", b"ON"),
        ],
        "fall",
        {"battery": 71},
    ),
    Case(
        "tasmota",
        "water_v1",
        "0x1A2B",
        [_tasmota(BatteryPercentage=64), _tasmota(Water=1)],
        "water_leak",
        {"battery": 64},
    ),
    Case(
        "shelly",
        "water_v1",
        "flood",
        [_shelly(**{"devicepower:0": {"battery": {"percent": 55}}}), _shelly(**{"flood:0": {"alarm": True}})],
        "water_leak",
        {"battery": 55},
    ),
    Case(
        "sparkplug_b",
        "smoke_v1",
        "G/E/det",
        [
            (
                "spBv1.0/G/DBIRTH/E/det",
                _sparkplug(
                    1,
                    _METRIC(name="Battery", alias=1, datatype=3, int_value=93),
                    _METRIC(name="Smoke", alias=2, datatype=11, boolean_value=False),
                ),
            ),
            ("spBv1.0/G/DDATA/E/det", _sparkplug(2, _METRIC(alias=2, boolean_value=True))),
        ],
        "smoke",
        {"battery": 93},
    ),
    Case(
        "alink",
        "gas_v1",
        "gas",
        [
            _alink("gas", "property", {"GasSensorState": 0, "BatteryPercentage": 81}),
            _alink("gas", "property", {"GasSensorState": 1}),
        ],
        "gas",
        {"battery": 81},
        ["/sys/pk/gas/thing/event/property/post_reply"] * 2,
    ),
    Case(
        "thingsboard",
        "sos_button_v1",
        "SOS-1",
        [
            ("v1/gateway/attributes", {"SOS-1": {"battery": 77}}),
            ("v1/gateway/telemetry", {"SOS-1": [{"values": {"sos": 1}}]}),
        ],
        "sos",
        {"battery": 77},
    ),
    Case(
        "chirpstack",
        "water_v1",
        "24e1",
        [_lora(battery=92, leakage_status="normal"), _lora(battery=92, leakage_status="leak")],
        "water_leak",
        {"battery": 92},
    ),
    Case(
        "onenet",
        "smoke_v1",
        "det",
        [
            ("$sys/p/det/thing/property/post", {"id": "1", "params": {"battery": {"value": 66}}}),
            ("$sys/p/det/thing/event/post", {"id": "2", "params": {"smoke_alarm": {"value": {}}}}),
        ],
        "smoke",
        {"battery": 66},
        ["$sys/p/det/thing/property/post/reply", "$sys/p/det/thing/event/post/reply"],
    ),
    Case(
        "watch",
        "watch_v1",
        "6105117105",
        [
            ("tcp", b"[3G*6105117105*000B*LK,1500,0,67]"),
            (
                "tcp",
                b"[3G*6105117105*0080*ALCUSTOMER1,010100,000000,V,0,N,0,E,0,0,0,0,100,67,0,0,00010000,1]",
            ),
        ],
        "sos",
        {"battery": 67},
        ["tcp/reply"] * 2,
    ),
    Case(
        "rtl_433",
        "water_v1",
        "Govee-Water/6845",
        [
            ("rtl_433/pi/events", {"model": "Govee-Water", "id": 6845, "battery_ok": 0.95}),
            ("rtl_433/pi/events", {"model": "Govee-Water", "id": 6845, "event": "Water Leak"}),
        ],
        "water_leak",
        {"battery": 95},
    ),
    Case(
        "plain",
        "sos_button_v1",
        "btn01",
        [
            ("$thing/up/property/P/btn01", {"method": "report", "params": {"battery": 59}}),
            ("$thing/up/event/P/btn01", {"method": "event_post", "eventId": "sos", "params": {"status": 1}}),
        ],
        "sos",
        {"battery": 59},
    ),
]


def _bytes(body: Any) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()


async def _answers(client: Any, hub: str, wanted: list[str]) -> list[str]:
    found: list[str] = []
    async with asyncio.timeout(10):
        while len(found) < len(wanted):
            message = await anext(client.messages)
            found.append(str(message.topic).removeprefix(hub))
    return found


@pytest.mark.parametrize("case", CASES, ids=[case.ecosystem for case in CASES])
async def test_what_a_hub_s_device_says_is_stored_and_its_alarm_raised(
    case: Case, world: World, broker: Any, gateway: RunningGateway
) -> None:
    hub = await add_device(world, "hub_v1")
    await add_device(world, case.model, hub=hub.id, ecosystem=case.ecosystem, address=case.address)
    base = f"eco/{hub.id}/{case.ecosystem}/"
    async with broker.client(hub.username, hub.password) as client:
        for topic in set(case.told):
            await client.subscribe(base + topic, qos=1)
        for topic, body in case.said:
            await client.publish(base + topic, _bytes(body), qos=1)
        assert sorted(await _answers(client, base, case.told)) == sorted(case.told)
    await gateway.until(lambda found: case.alarm in found, "SELECT type FROM alarm")
    rows = "SELECT r.value FROM ingest.reading r JOIN ingest.metric m ON m.id = r.metric WHERE m.name = '{}'"
    for name, value in case.values.items():
        await gateway.until(lambda found, value=value: value in found, rows.format(name))  # type: ignore[misc]
    assert await world.rows("SELECT reason, topic FROM ingest.dead_letter") == []


async def test_a_hub_that_speaks_for_its_devices_has_been_heard_itself(
    world: World, broker: Any, gateway: RunningGateway
) -> None:
    hub = await add_device(world, "hub_v1")
    await add_device(world, "motion_v1", hub=hub.id, ecosystem="zigbee2mqtt", address="hall")
    async with broker.client(hub.username, hub.password) as client:
        topic = f"eco/{hub.id}/zigbee2mqtt/hall"
        await client.publish(topic, json.dumps({"occupancy": True}), qos=1)
        heard = "SELECT d.id FROM ingest.device_state s JOIN device d ON d.no = s.device_no"
        await gateway.until(lambda found: UUID(str(hub.id)) in found, heard)
