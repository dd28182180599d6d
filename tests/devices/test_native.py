import json
from datetime import UTC, datetime
from typing import Any

import pytest

from devices import codecs, thing_models, values
from devices.codecs import native_v1
from devices.messages import Rejected, key_of

NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
ID = "01930000-0000-7000-8000-000000000001"


def decode(kind: str, body: Any) -> Any:
    return codecs.decode(
        f"yl/v1/d/{kind}", body if isinstance(body, bytes) else json.dumps(body).encode(), NOW
    )[0]


def test_telemetry_is_read() -> None:
    message = decode(
        "telemetry", {"id": ID, "at": "2026-11-21T08:30:00.250Z", "values": {"heart_rate": 72}, "ack": True}
    )
    assert message.at == NOW.replace(microsecond=250_000)
    assert message.values == {"heart_rate": 72}
    assert message.wants_receipt


@pytest.mark.parametrize(
    ("kind", "body", "reason", "field"),
    [
        ("telemetry", b"nonsense", "not_json", None),
        ("telemetry", {"at": "2026-11-21T08:30:00Z", "values": {}}, "missing_field", "id"),
        ("telemetry", {"id": 5, "values": {}}, "wrong_type", "id"),
        ("telemetry", {"id": ID, "at": "yesterday", "values": {}}, "wrong_type", "at"),
        ("telemetry", {"id": ID, "at": "2026-11-21T08:30:00", "values": {}}, "wrong_type", "at"),
        ("telemetry", {"id": ID, "values": [1]}, "wrong_type", "values"),
        ("telemetry", {"id": "", "values": {}}, "missing_field", "id"),
        ("alarm", {"id": ID}, "missing_field", "type"),
        ("alarm", {"id": ID, "type": "earthquake"}, "unknown_alarm_type", "type"),
        ("status", {"online": "perhaps"}, "wrong_type", "online"),
        ("status", b"asleep", "not_json", None),
        ("receipt", {}, "unknown_topic", "receipt"),
    ],
)
def test_what_is_wrong_is_named(kind: str, body: Any, reason: str, field: str | None) -> None:
    with pytest.raises(Rejected) as wrong:
        decode(kind, body)
    assert (wrong.value.reason, wrong.value.field) == (reason, field)


def test_a_clock_that_cannot_be_read_never_loses_an_alarm() -> None:
    message = decode("alarm", {"id": ID, "type": "sos", "at": "2 o'clock"})
    assert (message.at, message.has_bad_clock, message.alarm) == (None, True, "sos")


@pytest.mark.parametrize(
    ("body", "is_online"),
    [(b"online", True), (b'"offline"', False), ({"online": True}, True), ({"state": "offline"}, False)],
)
def test_a_status_may_be_a_word_or_an_object(body: Any, is_online: bool) -> None:  # noqa: FBT001 - a table's column
    assert decode("status", body).is_online is is_online


def test_values_are_checked_against_the_model() -> None:
    metrics = thing_models.get("care_bed_v1").metrics
    readings, extras, good = values.check(
        {"in_bed": True, "heart_rate": 72, "battery": None, "movement": 101, "new": [1]}, metrics
    )
    assert readings == [(1, 1.0), (2, 72.0)]
    assert extras == [("movement", "101", "out_of_range"), ("new", "[1]", "unknown_name")]
    assert good == {"in_bed": True, "heart_rate": 72}


@pytest.mark.parametrize(
    "wrong", [{"in_bed": 1}, {"heart_rate": True}, {"heart_rate": "72"}, {"heart_rate": [72]}]
)
def test_a_wrong_type_is_rejected(wrong: dict[str, Any]) -> None:
    with pytest.raises(Rejected, match="wrong_type values"):
        values.check(wrong, thing_models.get("care_bed_v1").metrics)


def test_an_id_that_is_no_uuid_has_a_stable_key() -> None:
    assert key_of("boot7-41") == key_of("boot7-41") != key_of("boot7-42")
    assert str(key_of(ID)) == ID


def test_every_thing_model_names_metrics_and_alarms_that_exist() -> None:
    for model in thing_models.all_().values():
        assert set(model.alarms) <= set(thing_models.alarm_types())
        assert model.silent_after_s > 0


def test_every_alarm_type_of_the_domain_is_there() -> None:
    kinds = thing_models.alarm_types()
    never = {
        "sos",
        "fall",
        "heart_rate",
        "respiration_rate",
        "apnoea",
        "smoke",
        "gas",
        "co",
        "heat",
        "water_leak",
    }
    assert not any(kinds[name].is_lowered_by_visit for name in never)
    assert all(kinds[name].is_lowered_by_visit for name in ("bed_exit", "no_motion", "door_open", "enuresis"))


@pytest.mark.parametrize(
    ("topic", "reason"),
    [
        ("yl/v1/d\0/telemetry", "bad_topic"),
        ("eco/hub/knx/lamp", "unknown_ecosystem"),
        ("eco/hub", "foreign_topic"),
        ("elsewhere", "foreign_topic"),
    ],
)
def test_a_topic_that_is_nobody_s_is_refused(topic: str, reason: str) -> None:
    with pytest.raises(Rejected, match=reason):
        codecs.decode(topic, b"{}", NOW)


@pytest.mark.parametrize("topic", ["yl/v1/d/telemetry", "eco/hub/zigbee2mqtt/lamp"])
def test_a_message_nested_too_deep_is_refused(topic: str) -> None:
    deep = b'{"id":"1","values":' + b'{"a":' * 100_000
    with pytest.raises(Rejected, match="too_large"):
        codecs.decode(topic, deep, NOW)


def test_the_answer_to_a_command_is_read() -> None:
    message = decode("command/result", {"id": ID, "result": "done"})
    assert (message.kind, message.id, message.answer) == ("answer", ID, ("done", None))
    refused = decode("command/result", {"id": ID, "result": "refused", "reason": "busy"})
    assert refused.answer == ("refused", "busy")


def test_an_answer_that_is_none_is_refused() -> None:
    with pytest.raises(Rejected, match="not_json"):
        decode("command/result", b"whatever")
    with pytest.raises(Rejected, match="unknown_result result"):
        decode("command/result", {"id": ID, "result": "perhaps"})


@pytest.mark.parametrize("body", [{"online": None}, {"state": "asleep"}, {}])
def test_a_status_that_says_neither_is_refused(body: dict[str, Any]) -> None:
    with pytest.raises(Rejected, match="unknown_status online"):
        decode("status", body)


@pytest.mark.parametrize(
    ("body", "identity"),
    [
        (b'{"id": "boot7-41", "type": 5}', "boot7-41"),
        (b'{"type": 5}', None),
        (b'{"id": 7, "type": 5}', None),
        (b"[]", None),
        (b'{"type": 5, "id": "\xff"}', None),
        (b'{"type": 5, "id": "' + b"x" * 300 + b'"}', "x" * 200),
    ],
)
def test_an_alarm_that_is_wrong_is_answered_by_its_id_if_that_can_be_read(
    body: bytes, identity: str | None
) -> None:
    with pytest.raises(Rejected) as wrong:
        decode("alarm", body)
    assert wrong.value.message_id == identity


@pytest.mark.parametrize(
    ("payload", "asks"),
    [
        (b'{"ack": true}', True),
        (b'{"ack": 1}', False),
        (b"{}", False),
        (b"nonsense", False),
        (b'{"ack": "\xff"}', False),
        (b'{"ack": ' + b"[" * 100_000, False),
    ],
)
def test_who_is_not_understood_may_still_ask_for_a_receipt(payload: bytes, *, asks: bool) -> None:
    assert native_v1.asks(payload) is asks
