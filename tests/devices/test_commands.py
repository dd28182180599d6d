"""Commands, decided: states, parameters, words of each ecosystem, manners of a pretend device."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from devices import codecs, downlinks, obedience
from devices import command_states as states
from devices.codecs import native_v1
from devices.downlinks import Wanted
from devices.messages import ANSWER, IGNORED, Rejected

NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
COMMAND, DEVICE, HUB = UUID(int=1 << 100), UUID(int=2), UUID(int=3)
KNOWN = ("set_interval", "ring", "reboot", "two_way_voice")


def wanted(name: str, **params: Any) -> Wanted:
    return Wanted(COMMAND, name, params, NOW + timedelta(hours=1))


@pytest.mark.parametrize(
    ("state", "result", "after"),
    [
        ("queued", "done", "done"),
        ("sent", "accepted", "accepted"),
        ("sent", "refused", "refused"),
        ("accepted", "failed", "failed"),
        ("accepted", "accepted", None),
        ("done", "refused", None),
        ("expired", "done", None),
    ],
)
def test_an_answer_moves_an_open_command_on_and_no_other(state: str, result: str, after: str | None) -> None:
    assert states.after(state, result) == after


def test_a_command_is_said_again_later_each_time_and_never_after_its_end() -> None:
    end = NOW + timedelta(hours=1)
    waits = [(states.again_at(tries, NOW, end) - NOW).total_seconds() for tries in (1, 2, 3, 20)]
    assert waits == [5, 10, 20, 300]
    assert states.again_at(20, NOW, NOW + timedelta(seconds=7)) == NOW + timedelta(seconds=7)


@pytest.mark.parametrize(
    ("name", "params", "wrong"),
    [
        ("set_interval", {"seconds": 60}, []),
        ("set_interval", {}, [("seconds", "missing")]),
        ("set_interval", {"seconds": 4}, [("seconds", "invalid")]),
        ("set_interval", {"seconds": True}, [("seconds", "invalid")]),
        ("ring", {"loud": 1}, [("loud", "unknown")]),
        ("ring", {}, []),
    ],
)
def test_parameters_are_checked_by_field(
    name: str, params: dict[str, object], wrong: list[tuple[str, str]]
) -> None:
    assert [(one["field"], one["code"]) for one in states.wrong_params(name, params)] == wrong


@pytest.mark.parametrize(
    ("ecosystem", "command", "topic", "payload"),
    [
        ("zigbee2mqtt", wanted("ring"), "siren/set", None),
        ("tasmota", wanted("reboot"), "cmnd/siren/Restart", b"1"),
        ("tasmota", wanted("set_interval", seconds=60), "cmnd/siren/TelePeriod", b"60"),
        ("shelly", wanted("reboot"), "siren/rpc", None),
        ("thingsboard", wanted("reboot"), "v1/gateway/rpc", None),
    ],
)
def test_a_hub_is_told_in_the_words_of_its_ecosystem(
    ecosystem: str, command: Wanted, topic: str, payload: bytes | None
) -> None:
    found = downlinks.encode(DEVICE, HUB, ecosystem, "siren", command)
    assert found is not None
    assert (found.topic, found.is_answered) == (f"eco/{HUB}/{ecosystem}/{topic}", False)
    assert payload is None or found.payload == payload


@pytest.mark.parametrize(
    ("ecosystem", "name"),
    [(hub, name) for hub in codecs.ECOSYSTEMS for name in KNOWN if downlinks.can(hub, name)],
)
def test_what_a_hub_is_told_says_nothing_when_the_gateway_hears_it_itself(ecosystem: str, name: str) -> None:
    told = downlinks.encode(DEVICE, HUB, ecosystem, "siren", wanted(name, seconds=60))
    assert told is not None
    assert {one.kind for one in codecs.decode(told.topic, told.payload, NOW)} == {IGNORED}


def test_a_native_device_is_told_with_the_id_that_it_answers() -> None:
    found = downlinks.encode(DEVICE, None, "native", None, wanted("set_interval", seconds=30))
    assert found is not None
    assert (found.topic, found.is_answered) == (f"yl/v1/{DEVICE}/command", True)
    assert json.loads(found.payload) == {
        "id": str(COMMAND),
        "name": "set_interval",
        "params": {"seconds": 30},
        "expires_at": "2026-11-21T09:30:00+00:00",
    }


@pytest.mark.parametrize(("hub", "address"), [(HUB, None), (None, "a")])
def test_who_has_no_address_at_a_hub_cannot_be_told(hub: UUID | None, address: str | None) -> None:
    assert downlinks.encode(DEVICE, hub, "tasmota", address, wanted("reboot")) is None
    assert downlinks.encode(DEVICE, HUB, "chirpstack", "a", wanted("reboot")) is None
    assert not downlinks.can("chirpstack", "reboot")


@pytest.mark.parametrize("address", ["a/#", "+", "a\0b", "\ud800", "x" * 65_500])
def test_a_name_that_makes_no_topic_is_never_published_as_it_would_end_the_gateway_s_connection(
    address: str,
) -> None:
    assert downlinks.encode(DEVICE, HUB, "tasmota", address, wanted("reboot")) is None


def test_an_answer_is_read_and_a_word_that_is_none_is_refused() -> None:
    body = {"id": str(COMMAND), "result": "refused", "reason": "busy"}
    found = native_v1.decode("d", "command/result", json.dumps(body).encode())
    assert (found.kind, found.id, found.answer) == (ANSWER, str(COMMAND), ("refused", "busy"))
    with pytest.raises(Rejected, match="unknown_result"):
        native_v1.decode("d", "command/result", b'{"id": "1", "result": "perhaps"}')


@pytest.mark.parametrize(
    ("manner", "command", "results"),
    [
        ("obeys", {"id": "1", "name": "ring"}, [(0.0, "done", None)]),
        ("obeys", {"id": "1", "name": "reboot"}, [(0.0, "accepted", None), (0.5, "done", None)]),
        ("obeys", {"id": "1", "name": "dance"}, [(0.0, "refused", "not_supported")]),
        (
            "obeys",
            {"id": "1", "name": "ring", "expires_at": "2026-11-21T08:30:00Z"},
            [(0.0, "refused", "expired")],
        ),
        ("obeys", {"id": "1", "name": "ring", "expires_at": "2026-11-21T08:30"}, [(0.0, "done", None)]),
        ("obeys", {"name": "ring"}, []),
        ("refuses", {"id": "1", "name": "ring"}, [(0.0, "refused", "busy")]),
        ("late", {"id": "1", "name": "ring"}, [(3.0, "done", None)]),
        ("silent", {"id": "1", "name": "ring"}, []),
    ],
)
def test_a_pretend_device_answers_in_its_manner(
    manner: str, command: dict[str, Any], results: list[tuple[float, str, str | None]]
) -> None:
    found = obedience.answers(command, manner, KNOWN, NOW, 3.0)
    assert [(one.after_s, one.body["result"], one.body.get("reason")) for one in found] == results
