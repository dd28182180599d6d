from datetime import timedelta
from uuid import uuid4

from core.db import Pool
from gateway import alarms, dead_letters, readings, states, unknown_devices, upkeep
from gateway.known import Registry
from tests.gateway.worlds import Device, World, add_device
from tests.makers import NOW


async def test_an_sos_is_stored_once_and_its_repetition_gets_the_same_alarm(
    world: World, mat: Device
) -> None:
    sos = mat.alarms("sos")
    (first,) = await world.hear(sos)
    (second,) = await world.hear(sos)
    assert first["result"] == "accepted"
    assert second["result"] == "duplicate"
    assert first["alarm_id"] == second["alarm_id"]
    (row,) = await world.rows("SELECT type, severity, class, elder_id, care_bed_id FROM alarm")
    assert row == {
        "type": "sos",
        "severity": 1,
        "class": "care",
        "elder_id": world.elder,
        "care_bed_id": world.bed,
    }
    assert [row["kind"] for row in await world.rows("SELECT kind FROM event")] == ["alarm.raised"]


async def test_the_same_sos_twice_in_one_batch_is_one_alarm(world: World, mat: Device) -> None:
    sos = mat.alarms("sos")
    assert [one["result"] for one in await world.hear(sos, sos)] == ["accepted", "duplicate"]


async def test_telemetry_becomes_readings_and_live_state(world: World, mat: Device, pool_web: Pool) -> None:
    said = mat.says(heart_rate=72, in_bed=True, mystery="x", movement=400)
    assert await world.hear(said, said) == []
    async with pool_web.transaction(world.district) as conn:
        rows = await readings.between(conn, [mat.id], NOW - timedelta(hours=1), NOW + timedelta(hours=1))
        extra = await readings.extra_between(
            conn, [mat.id], NOW - timedelta(hours=1), NOW + timedelta(hours=1)
        )
        (state,) = await states.of(conn, [mat.id])
    assert {row["metric"]: row["value"] for row in rows} == {"heart_rate": 72.0, "in_bed": 1.0}
    assert {row["name"]: (row["value"], row["why"]) for row in extra} == {
        "mystery": ("x", "unknown_name"),
        "movement": (400, "out_of_range"),
    }
    assert state["values"]["heart_rate"][0] == 72


async def test_another_district_reads_nothing(world: World, mat: Device, pool_web: Pool) -> None:
    await world.hear(mat.says(heart_rate=72))
    async with pool_web.transaction(uuid4()) as conn:
        assert (
            await readings.between(conn, [mat.id], NOW - timedelta(hours=1), NOW + timedelta(hours=1)) == []
        )
        assert await states.of(conn, [mat.id]) == []


async def test_telemetry_gets_a_receipt_only_if_it_asks(world: World, mat: Device) -> None:
    topic, body = mat.says(heart_rate=70)
    (receipt,) = await world.hear((topic, body | {"ack": True}))
    assert receipt == {"topic": mat.topic("receipt"), "id": body["id"], "result": "accepted"}


async def test_a_wrong_type_is_rejected_with_its_field_and_kept(world: World, mat: Device) -> None:
    topic, body = mat.says(heart_rate="fast")
    (receipt,) = await world.hear((topic, body | {"ack": True}))
    assert receipt["result"] == "rejected"
    assert receipt["reason"] == "wrong_type: values.heart_rate"
    (letter,) = await world.rows("SELECT id, reason, field, district_id FROM ingest.dead_letter")
    assert (letter["reason"], letter["field"], letter["district_id"]) == (
        "wrong_type",
        "values.heart_rate",
        world.district,
    )


async def test_bad_messages_do_not_block_good_ones(world: World, mat: Device) -> None:
    sos = mat.alarms("sos")
    receipts = await world.hear(
        (mat.topic("alarm"), b"\xff\x00 not json"),
        ("foreign/topic", b"{}"),
        (mat.topic("alarm"), {"id": "1"}),
        sos,
    )
    assert [one["result"] for one in receipts] == ["rejected", "rejected", "accepted"]
    letters = await world.rows("SELECT reason FROM ingest.dead_letter ORDER BY id")
    assert sorted(row["reason"] for row in letters) == ["foreign_topic", "missing_field", "not_json"]


async def test_a_dead_letter_can_be_read_by_the_gateway_only_and_says_what_came(
    world: World, mat: Device
) -> None:
    await world.hear((mat.topic(), b"garbage"))
    async with world.pool_gateway.transaction(world.district) as conn:
        (row,) = await dead_letters.list_all(conn)
        _, payload = await dead_letters.read_any(conn, world.keys, row["id"])
    assert payload == b"garbage"


async def test_history_never_overwrites_live_state_and_raises_nothing(world: World, mat: Device) -> None:
    await world.hear(mat.says(heart_rate=72))
    old = NOW - timedelta(days=40)
    topic, body = mat.says(at=old, heart_rate=50)
    await world.hear((topic, body | {"historical": True}), mat.alarms("sos", at=old, historical=True))
    (state,) = await world.rows("SELECT values FROM ingest.device_state")
    assert state["values"]["heart_rate"][0] == 72
    (alarm,) = await world.rows("SELECT historical, observed_at FROM alarm")
    assert alarm == {"historical": True, "observed_at": old}
    assert await world.rows("SELECT kind FROM event") == []


async def test_a_clock_that_is_wrong_by_more_than_a_day_is_flagged_and_not_used(
    world: World, mat: Device
) -> None:
    await world.hear(
        mat.alarms("sos", at=NOW + timedelta(days=60)), mat.says(at=NOW - timedelta(days=9), heart_rate=70)
    )
    (alarm,) = await world.rows("SELECT skewed, observed_at FROM alarm")
    assert alarm == {"skewed": True, "observed_at": NOW}
    (state,) = await world.rows("SELECT skewed_at FROM ingest.device_state")
    assert state["skewed_at"] == NOW


async def test_the_elders_own_cancel_is_kept_beside_the_alarm(world: World, mat: Device) -> None:
    topic, sos = mat.alarms("sos")
    (first,) = await world.hear((topic, sos))
    (second,) = await world.hear(mat.alarms("sos", cancels=sos["id"]))
    assert second["alarm_id"] == first["alarm_id"]
    (row,) = await world.rows("SELECT cancelled_at FROM alarm")
    assert row["cancelled_at"] == NOW


async def test_a_zigbee_press_is_one_alarm_however_often_it_is_published(world: World) -> None:
    hub = await add_device(world, "hub_v1")
    button = await add_device(
        world, "sos_button_v1", hub=hub.id, ecosystem="zigbee2mqtt", address="SOS bedroom"
    )
    base = f"eco/{hub.id}/zigbee2mqtt/SOS bedroom"
    press = {"action": "emergency", "battery": None, "linkquality": 90}
    await world.hear(
        (base, press),
        (base, press | {"linkquality": 80}),
        (base, {"action": "", "battery": 80}),
        (f"{base}/action", b"emergency"),
    )
    rows = await world.rows("SELECT device_id, type FROM alarm")
    assert rows == [{"device_id": button.id, "type": "sos"}]
    assert await world.rows("SELECT reason FROM ingest.dead_letter") == []


async def test_a_stranger_at_a_hub_is_listed_and_heard_again_once_adopted(
    world: World, pool_web: Pool
) -> None:
    hub = await add_device(world, "hub_v1")
    await world.hear((f"eco/{hub.id}/zigbee2mqtt/0xabc", {"action": "emergency", "battery": 80}))
    async with pool_web.transaction(world.district) as conn:
        (found,) = await unknown_devices.list_(conn)
        assert (found["address"], found["model"], found["hub_id"]) == ("0xabc", "sos_button_v1", hub.id)
        await unknown_devices.adopt(
            conn,
            found["id"],
            district=world.district,
            thing_model="sos_button_v1",
            now=NOW,
            care_bed=world.bed,
        )
    assert await upkeep.retry_letters(world.pool_gateway, Registry(), world.keys, NOW) == 1
    assert [row["type"] for row in await world.rows("SELECT type FROM alarm")] == ["sos"]


async def test_an_alarm_page_is_read_under_the_callers_district(
    world: World, mat: Device, pool_web: Pool
) -> None:
    await world.hear(mat.alarms("sos"), mat.alarms("fault"))
    async with pool_web.transaction(world.district) as conn:
        first = await alarms.list_(conn, device_id=mat.id, limit=1)
        rest = await alarms.list_(conn, device_id=mat.id, after=first[0]["id"])
    assert len(rest) == 1
    async with pool_web.transaction(uuid4()) as conn:
        assert await alarms.list_(conn, device_id=mat.id) == []


async def test_a_topic_with_a_null_character_is_a_dead_letter(world: World, mat: Device) -> None:
    await world.hear((f"yl/v1/{mat.id}\0/alarm", b"{}"), (f"eco/{mat.id}\0/zigbee2mqtt/a", b"{}"))
    rows = await world.rows("SELECT reason FROM ingest.dead_letter")
    assert [row["reason"] for row in rows] == ["bad_topic", "bad_topic"]
