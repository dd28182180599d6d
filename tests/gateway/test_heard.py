"""One message whose device is known: its clock, its values, its answer; pure."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices import codecs, thing_models
from devices.messages import SKEW, Message, Rejected
from gateway import receipts
from gateway.heard import OLDEST, Heard, Uplink, clock, understand
from gateway.known import Known
from gateway.rules.memory import Device

NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
ALARM = UUID(int=7)
SECOND = timedelta(seconds=1)


def known(model: str) -> Known:
    one, thing = UUID(int=1), thing_models.get(model)
    device = Device(str(one), thing, "bedroom")
    return Known(one, str(one), 1, UUID(int=2), None, None, thing, None, "native", None, one, device)


def heard(topic: str, body: dict[str, Any], model: str = "care_bed_v1") -> Heard:
    uplink = Uplink(topic, json.dumps(body).encode(), NOW)
    return understand(uplink, codecs.decode(topic, uplink.payload, NOW)[0], known(model))


def said(at: datetime | None, **given: Any) -> Message:
    return Message("telemetry", None, "native", ("d",), "1", at, **given)


CLOCKS = [
    ("no clock", said(None), (NOW, False)),
    ("a clock that cannot be read", said(None, has_bad_clock=True), (NOW, True)),
    ("a little late", said(NOW - SKEW), (NOW - SKEW, False)),
    ("a day and a second late", said(NOW - SKEW - SECOND), (NOW, True)),
    ("a day and a second early", said(NOW + SKEW + SECOND), (NOW, True)),
    ("history", said(NOW - OLDEST, is_historical=True), (NOW - OLDEST, False)),
    ("history of the future", said(NOW + SKEW + SECOND, is_historical=True), (NOW, True)),
]


@pytest.mark.parametrize(("message", "believed"), [row[1:] for row in CLOCKS], ids=[row[0] for row in CLOCKS])
def test_a_clock_is_believed_or_ours_counts(message: Message, believed: tuple[datetime, bool]) -> None:
    assert clock(message, NOW) == believed


def test_history_older_than_is_kept_is_refused() -> None:
    with pytest.raises(Rejected, match="too_old at"):
        clock(said(NOW - OLDEST - SECOND, is_historical=True), NOW)


@given(lag=st.timedeltas(-10 * OLDEST, OLDEST), is_historical=st.booleans())
def test_what_is_observed_never_lies_far_in_the_future(lag: timedelta, *, is_historical: bool) -> None:
    at, is_skewed = clock(said(NOW - lag, is_historical=is_historical), NOW)
    assert at <= NOW + SKEW
    assert is_skewed is (at != NOW - lag)


def test_values_are_read_judged_and_strangers_kept() -> None:
    found = heard("yl/v1/d/telemetry", {"id": "1", "values": {"heart_rate": 72, "mood": "good"}})
    assert (found.judged, found.extras) == ({"heart_rate": 72}, [("mood", '"good"', "unknown_name")])
    assert (found.observed_at, found.is_skewed, found.alarm) == (NOW, False, None)


@pytest.mark.parametrize(("model", "alarm"), [("sos_button_v1", "sos"), ("motion_v1", None)])
def test_a_press_is_an_sos_only_on_an_sos_button(model: str, alarm: str | None) -> None:
    assert heard("eco/hub/zigbee2mqtt/x", {"action": "single"}, model).alarm == alarm


def test_a_wrong_value_is_refused_with_the_message_s_id() -> None:
    for kind, more in (("telemetry", {}), ("alarm", {"type": "sos"})):
        with pytest.raises(Rejected, match=r"wrong_type values\.heart_rate") as wrong:
            heard(f"yl/v1/d/{kind}", {"id": "41", "values": {"heart_rate": "fast"}, **more})
        assert wrong.value.message_id == "41"


def test_a_hub_s_alarm_counts_although_one_of_its_values_is_wrong() -> None:
    found = heard("eco/hub/zigbee2mqtt/x", {"action": "sos", "battery": [5]}, "sos_button_v1")
    assert (found.alarm, found.readings, found.judged) == ("sos", [], {})


def answer(found: Heard) -> dict[str, Any] | None:
    receipt = receipts.of(found)
    if receipt is None:
        return None
    assert receipt.topic == "yl/v1/d/receipt"
    body: dict[str, Any] = json.loads(receipt.payload)
    return body


def test_who_asks_is_answered_once_it_is_stored_and_who_repeats_is_told_so() -> None:
    found = heard("yl/v1/d/alarm", {"id": "41", "type": "sos"})
    found.alarm_id = ALARM
    assert answer(found) == {"id": "41", "result": "accepted", "alarm_id": str(ALARM)}
    found.is_fresh = False
    assert answer(found) == {"id": "41", "result": "duplicate", "alarm_id": str(ALARM)}
    asked = heard("yl/v1/d/telemetry", {"id": "42", "ack": True})
    assert answer(asked) == {"id": "42", "result": "accepted"}


def test_who_does_not_ask_is_not_answered() -> None:
    assert answer(heard("yl/v1/d/telemetry", {"id": "42"})) is None
    assert answer(heard("eco/hub/zigbee2mqtt/x", {"action": "sos"})) is None
    behind = heard("yl/v1/d/alarm", {"id": "41", "type": "sos"})
    behind.message.hub = "hub"
    assert answer(behind) is None


REFUSALS = [
    ("an alarm", "yl/v1/d/alarm", b"nonsense", True),
    ("telemetry that asks", "yl/v1/d/telemetry", b'{"ack": true}', True),
    ("telemetry that does not", "yl/v1/d/telemetry", b"{}", False),
    ("a status", "yl/v1/d/status", b'{"ack": true}', False),
    ("nobody", "yl/v1//alarm", b"", False),
    ("a hub", "eco/hub/zigbee2mqtt/x", b'{"ack": true}', False),
    ("too many levels", "yl/v1/d/alarm/x", b"", False),
]


@pytest.mark.parametrize(
    ("topic", "payload", "is_told"), [row[1:] for row in REFUSALS], ids=[row[0] for row in REFUSALS]
)
def test_a_refusal_is_told_to_whom_waits_for_it(topic: str, payload: bytes, *, is_told: bool) -> None:
    told = receipts.refusal(Uplink(topic, payload, NOW), Rejected("wrong_type", "at", "41"))
    assert (told is not None) is is_told
    if told is not None:
        assert told.topic == "yl/v1/d/receipt"
        assert json.loads(told.payload) == {"id": "41", "result": "rejected", "reason": "wrong_type: at"}


def test_a_refusal_without_a_field_or_an_id_says_what_it_knows() -> None:
    told = receipts.refusal(Uplink("yl/v1/d/alarm", b"", NOW), Rejected("not_json"))
    assert told is not None
    assert json.loads(told.payload) == {"id": None, "result": "rejected", "reason": "not_json"}


def test_a_press_counts_whatever_is_wrong_with_the_values_beside_it() -> None:
    message = Message("telemetry", "h", "plain", ("b",), "1", values={"battery": "low"}, is_press=True)
    found = understand(Uplink("eco/h/plain/b", b"", NOW), message, known("sos_button_v1"))
    assert (found.alarm, found.readings) == ("sos", [])
