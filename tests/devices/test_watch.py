"""Watches: text frames with their bits, and the JSON that clouds make of them."""

from typing import Any

import pytest

from devices.messages import Message
from tests.devices.platforms import MS, line, line_reason, reason, say


def frame(content: str) -> Message:
    return say("watch", "w", f"[3G*1234567890*0010*{content}]".encode())[0]


@pytest.mark.parametrize("nth", [0, 1])
def test_a_heartbeat_names_its_watch_and_its_clock_without_a_zone_is_not_believed(nth: int) -> None:
    (message,) = line("wearable", nth)
    assert message.addresses[0].startswith("86")
    assert (message.at, message.has_bad_clock) == (None, True)
    assert {"battery", "steps"} <= message.values.keys()


@pytest.mark.parametrize("nth", [2, 3, 9])
def test_a_gateway_that_says_it_is_there_is_there(nth: int) -> None:
    (message,) = line("wearable", nth)
    assert (message.kind, message.is_online) == ("status", True)


def test_a_fall_without_a_time_is_an_alarm_with_its_place() -> None:
    (message,) = line("wearable", 4)
    assert (message.alarm, message.at, message.has_bad_clock) == ("fall", None, False)
    assert message.values["lat"] == pytest.approx(22.5678)


def test_json_with_a_comment_is_none() -> None:
    assert line_reason("wearable", 5) == "not_json"


def test_vital_signs_much_older_than_their_envelope_are_history() -> None:
    (message,) = line("wearable", 6)
    assert message.is_historical
    assert message.values["systolic"] == 119
    assert message.values["body_temperature"] == pytest.approx(36.9)


def test_what_a_gateway_heard_is_the_cuff_s_own() -> None:
    cuff = next(one for one in line("wearable", 7) if one.addresses[0] == "d616f9641622")
    assert (cuff.values["systolic"], cuff.values["heart_rate"], cuff.model) == (137, 74, "blood_pressure_v1")
    meter = next(one for one in line("wearable", 8) if one.addresses[0] == "806fb0750c88")
    assert meter.values["blood_glucose"] == pytest.approx(5.99, abs=0.01)


@pytest.mark.parametrize(
    ("nth", "values"),
    [
        (10, {"steps": 0, "battery": 100}),
        (11, {"heart_rate": 72}),
        (12, {"heart_rate": 71}),
        (13, {"systolic": 120, "diastolic": 79, "heart_rate": 73}),
        (14, {"systolic": 109, "diastolic": 68}),
    ],
)
def test_frames_of_traccar_s_tests_are_read(nth: int, values: dict[str, float]) -> None:
    (message,) = line("wearable", nth)
    assert message.values == values
    assert message.model == "watch_v1"


def test_status_bits_are_a_fall_a_removed_watch_and_an_sos() -> None:
    fall, removed, sos = line("wearable", 15)[0], line("wearable", 16)[0], line("wearable", 17)[0]
    assert (fall.alarm, fall.values["battery"]) == ("fall", 44)
    assert (removed.alarm, removed.values["worn"]) == ("tamper", False)
    assert (sos.alarm, "lat" in sos.values) == ("sos", False)
    assert sos.reply is not None
    assert sos.reply.accepted == b"[3G*8809008845*0002*AL]"


def test_south_and_west_are_negative_and_low_battery_is_a_flag() -> None:
    message = frame("UD,211126,080000,A,33.5,S,70.6,W,0,0,0,5,100,12,0,0,00600001")
    assert (message.values["lat"], message.values["lon"]) == (-33.5, -70.6)
    assert (message.values["battery_low"], message.alarm) == (True, "fall")
    assert message.at is not None


def test_a_blind_area_is_history_and_a_cut_frame_says_less() -> None:
    assert frame("UD2,211126,070000,V").is_historical
    cut = frame("AL,,")
    assert (cut.values, cut.has_bad_clock) == ({}, True)
    assert frame("AL,1,2,V,,,,,,,,,,,,,zz").alarm is None


def test_a_heart_rate_of_nothing_is_a_watch_that_is_not_worn() -> None:
    assert frame("heart,0").values == {"worn": False}
    (message,) = say("watch", "x/hb", {"IMEI": "86", "heartRate": 0})
    assert message.values == {"worn": False}


def test_other_commands_are_named_and_voice_is_left() -> None:
    assert frame("VERNO,1.2").values == {"command": "VERNO"}
    assert frame("oxygen,0,x").values == {}
    assert frame("TK,abc").kind == "ignored"


def test_several_frames_in_one_message_are_several_messages() -> None:
    found = say("watch", "w", b"[3G*1*0008*heart,71][3G*2*0008*heart,72]")
    assert [(one.addresses[0], one.values["heart_rate"]) for one in found] == [("1", 71), ("2", 72)]


@pytest.mark.parametrize(
    ("topic", "body", "alarm"),
    [
        ("iMEDE_watch/sosTrigger", {"IMEI": "86", "status": "SOS"}, "sos"),
        ("iMEDE_watch/SOS", {"IMEI": "86"}, "sos"),
        ("x/y", {"imei": "86", "sos": 1, "ts": MS}, "sos"),
    ],
)
def test_an_sos_in_json_is_one(topic: str, body: dict[str, Any], alarm: str) -> None:
    assert say("watch", topic, body)[0].alarm == alarm


def test_a_watch_that_leaves_says_so() -> None:
    (message,) = say("watch", "iMEDE_watch/onlineTrigger", {"IMEI": "86", "status": "offline"})
    assert (message.is_online, message.addresses[0]) == (False, "86")


def test_a_list_of_records_is_read_and_a_flood_of_frames_is_not() -> None:
    assert len(say("watch", "x", [{"IMEI": "1", "hr": 60}, {"IMEI": "2", "hr": 61}])) == 2
    assert reason("watch", "w", b"[3G*1*0002*LK]" * 101) == "too_many_values"
    assert reason("watch", "w", b"[3G*1") == "not_json"
