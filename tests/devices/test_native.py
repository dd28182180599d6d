import json
from datetime import UTC, datetime
from typing import Any

import pytest

from devices import codecs, thing_models, values
from devices.messages import Rejected, key_of

NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
ID = "01930000-0000-7000-8000-000000000001"


def decode(kind: str, body: Any) -> Any:
    return codecs.decode(
        f"yl/v1/d/{kind}", body if isinstance(body, bytes) else json.dumps(body).encode(), NOW
    )


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
