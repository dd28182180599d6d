"""ThingsBoard's device and gateway API, long and short topics."""

from typing import Any

import pytest

from tests.devices.platforms import MS, line, line_reason, reason, say


def test_a_gateway_speaks_for_several_devices_at_several_times() -> None:
    found = line("thingsboard", 0)
    assert [one.addresses[0] for one in found] == ["Device A", "Device A", "Device B"]
    assert found[1].values == {"temperature": 43, "humidity": 82}
    assert len({one.id for one in found}) == 3


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_telemetry_with_a_time_and_on_a_short_topic_is_the_same(nth: int) -> None:
    first = line("thingsboard", nth)[0]
    assert {"temperature", "humidity"} == first.values.keys()
    assert first.at is not None


def test_bare_values_of_all_types_are_kept() -> None:
    (message,) = line("thingsboard", 4)
    assert message.values["key1"] == "value1"
    assert message.values["key5.someNestedObject.key"] == "value"
    assert message.addresses == ("me",)


def test_the_platform_s_own_malformed_example_is_refused() -> None:
    assert line_reason("thingsboard", 5) == "not_json"


def test_what_waited_in_a_buffer_is_history() -> None:
    body = {"A": [{"ts": MS - 3_600_000, "values": {"sos": 1}}, {"ts": MS, "values": {"hr": 61}}]}
    old, new = say("thingsboard", "v1/gateway/telemetry", body)
    assert (old.alarm, old.is_historical, new.is_historical) == ("sos", True, False)


def test_devices_come_and_go_with_their_kind() -> None:
    (come,) = say("thingsboard", "v1/gateway/connect", {"device": "A", "type": "smoke"})
    (gone,) = say("thingsboard", "v1/gateway/disconnect", {"device": "A"})
    assert (come.is_online, come.model, gone.is_online) == (True, "smoke_v1", False)


def test_attributes_are_values_and_answers_are_left() -> None:
    (own,) = say("thingsboard", "v1/devices/me/attributes", {"battery": 80})
    (of,) = say("thingsboard", "v1/gateway/attributes", {"A": {"fw": "1.0"}})
    assert (own.values, of.values) == ({"battery": 80}, {"fw": "1.0"})
    assert say("thingsboard", "v1/devices/me/rpc/response/1", b"x")[0].kind == "ignored"


@pytest.mark.parametrize(
    ("topic", "body", "why"),
    [
        ("v9/what", {}, "unknown_topic"),
        ("v1/gateway/telemetry", [], "wrong_type"),
        ("v1/gateway/telemetry", {"A": [1]}, "wrong_type"),
        ("v1/gateway/connect", [], "wrong_type"),
        ("v1/gateway/connect", {"type": "x"}, "missing_field"),
        ("v2/t", 1, "wrong_type"),
    ],
)
def test_what_does_not_fit_is_named(topic: str, body: Any, why: str) -> None:
    assert reason("thingsboard", topic, body) == why
